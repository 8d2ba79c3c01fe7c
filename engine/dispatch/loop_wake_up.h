// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <utility>

namespace lab {

class EventDemultiplexer;

/// Ends the wait of an event loop from outside: a descriptor that the loop watches beside its handles, without a key.
///
/// Role: part of the Initiation Dispatcher. A loop without it could not be stopped, so there is none without it.
/// Threads: ring() by any, take() by the one that waits. Owner: the dispatcher.
class LoopWakeUp {
public:
    /// Error: there is no descriptor to be had, or `demultiplexer` cannot watch it.
    static Result<LoopWakeUp> watchedBy(EventDemultiplexer& demultiplexer);

    /// The present wait ends, or the next one does not begin.
    void ring() const;
    /// After a wait that it has ended: the next one waits again.
    void take() const;

private:
    explicit LoopWakeUp(FileDescriptor descriptor)
        : m_descriptor(std::move(descriptor)) {}

    FileDescriptor m_descriptor;
};

} // namespace lab
