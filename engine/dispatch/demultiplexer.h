// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/server/server_options.h"
#include "engine/trace/event.h"

#include <memory>
#include <vector>

namespace lab {

constexpr Interest operator|(Interest a, Interest b) {
    return static_cast<Interest>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool contains(Interest set, Interest part) {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(part)) != 0;
}

/// A handle that a wait has found ready.
struct ReadyHandle {
    void* key; ///< as given to add()
    Interest ready;
};

/// Waits for many handles at once: select(), poll() or epoll.
///
/// Role: synchronous event demultiplexer beneath the Initiation Dispatcher. Threads: one, but see
/// changesWhileWaiting(). Owner: the dispatcher.
class EventDemultiplexer {
public:
    virtual ~EventDemultiplexer() = default;

    /// Whether the mechanism can watch `handle`, whatever else it watches. Error: why not, for a person (select:
    /// FD_SETSIZE).
    virtual Result<void> takes(int handle) const;

    /// Watches `handle`. Error number of the operating system: EBADF where it is none, EMFILE where takes() says no;
    /// 0: done.
    virtual int add(int handle, void* key, Interest interest) = 0;
    virtual void change(int handle, void* key, Interest interest) = 0;
    virtual void remove(int handle) = 0;

    /// Blocks until a handle is ready, or `milliseconds` have passed (-1: for ever), and replaces `ready`.
    /// A handle that the peer has closed or reset is ready for what it is watched for.
    virtual void wait(int milliseconds, std::vector<ReadyHandle>& ready) = 0;

    /// From now on a handle with a key that was reported is not reported again before change(). Before the first add().
    virtual void reportOnce() = 0;

    /// Whether add(), change() and remove() may be called by other threads, and count, while one is in wait().
    virtual bool changesWhileWaiting() const { return false; }

    virtual SystemCall call() const = 0;

    static Result<std::unique_ptr<EventDemultiplexer>> create(Demultiplexer kind);
};

/// The three ways, each in a file of its own.
std::unique_ptr<EventDemultiplexer> makeSelectDemultiplexer();
std::unique_ptr<EventDemultiplexer> makePollDemultiplexer();
Result<std::unique_ptr<EventDemultiplexer>> makeEpollDemultiplexer();

} // namespace lab
