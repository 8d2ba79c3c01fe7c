// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/dispatch/demultiplexer.h"
#include "engine/trace/event.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace lab {

struct ServerContext;

/// Whom the Initiation Dispatcher calls when a handle is ready; it then does the I/O itself, without blocking.
///
/// Role: Event Handler (B). Threads: the dispatcher's. Owner: the dispatcher it is registered with.
class EventHandler {
public:
    enum class Outcome : std::uint8_t {
        Stay,  ///< registered
        Remove ///< done: the dispatcher removes and destroys the handler
    };

    virtual ~EventHandler() = default;
    virtual int handle() const = 0;
    virtual std::uint32_t connection() const { return 0; } ///< 0: the acceptor

    virtual Outcome handleInput() = 0;
    virtual Outcome handleOutput() = 0;
    /// Its time limit has passed.
    virtual Outcome handleTimeout() = 0;
    /// The dispatcher cannot take it: destroyed next.
    virtual void handleRefusal() {}
    /// The server does not run any more: what is idle should go.
    virtual Outcome handleDraining() = 0;

    Interest interest() const { return m_interest; }

protected:
    /// Lab time, ns; 0: no limit. Looked at every now and then, not to the millisecond.
    void setTimeLimit(std::int64_t until) { m_until = until; }

private:
    friend class InitiationDispatcher;
    Interest m_interest = Interest::None;
    std::int64_t m_until = 0;
};

/// Waits on the handle set and calls the handlers of what is ready: one thread, one loop.
///
/// Role: Initiation Dispatcher, or Reactor (B). Decides: in which order ready handles are served (as the
/// demultiplexer reports them), when time limits are looked at. Threads: run() and everything that handlers call by
/// one thread; wake() by any. Owner: the concurrency model.
class InitiationDispatcher {
public:
    InitiationDispatcher(ServerContext& context, std::unique_ptr<EventDemultiplexer> demultiplexer);
    ~InitiationDispatcher();

    /// Takes the handler and watches its handle. False when the demultiplexer has no place for it (select and
    /// handles from FD_SETSIZE on); the handler is destroyed then.
    bool registerHandler(std::unique_ptr<EventHandler> handler, Interest interest);

    void changeInterest(EventHandler& handler, Interest interest);

    /// Stops watching `handler` until the lab time `until`: accept has no descriptors to give out.
    void pause(EventHandler& handler, std::int64_t until);

    /// The event loop. Returns when the server is stopping, or draining and the last connection has gone.
    void run();

    /// Lab time at the last wait's end, ns: near enough for time limits.
    std::int64_t now() const { return m_now; }

    /// Interrupts the wait, so that the server's state is looked at.
    void wake();

private:
    void waitForHandles();
    bool putInPlannedOrder();
    void dispatch(const ReadyHandle& ready);
    void callHook(EventHandler& handler, Hook hook, EventHandler::Outcome (EventHandler::*call)());
    void remove(EventHandler& handler);
    void lookAtTimeLimits();
    void drain();
    int patience() const;

    ServerContext& m_context;
    std::unique_ptr<EventDemultiplexer> m_demultiplexer;
    FileDescriptor m_wakeup;
    boost::unordered_flat_map<int, std::unique_ptr<EventHandler>> m_handlers;
    std::vector<ReadyHandle> m_ready;
    std::int64_t m_now = 0;
    std::int64_t m_period; ///< between two looks at the time limits, ns
    std::int64_t m_nextLook = 0;
    EventHandler* m_paused = nullptr;
    Interest m_pausedInterest = Interest::None;
    std::int64_t m_pausedUntil = 0;
};

} // namespace lab
