// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lab {

/// What a concurrency model with several event loops adds to each of them.
///
/// Role: where loops meet: who watches the listening socket, what is handed over. Threads: all functions by the
/// loop's thread. Owner: the model; outlives the loop's run().
class LoopGuest {
public:
    virtual ~LoopGuest() = default;

    /// Before the loop waits. May block, register and release handlers.
    virtual void beforeWait() {}

    /// The ready handles are known and told of, and none of their hooks was called yet.
    virtual void beforeHooks() {}

    /// The hooks of all ready handles were called.
    virtual void afterHooks() {}

    /// Something is there for the loop that no handle tells of: it must not wait.
    virtual bool hasMore() const { return false; }

    /// While draining: nothing more will be handed over to the loop.
    virtual bool isDone() const { return true; }
};

} // namespace lab
