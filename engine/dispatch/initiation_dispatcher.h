// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/demultiplexer.h"
#include "engine/dispatch/event_handler.h"
#include "engine/dispatch/loop_guest.h"
#include "engine/dispatch/loop_wake_up.h"
#include "engine/trace/event.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace lab {

struct ServerContext;

/// Waits on the handle set and calls the handlers of what is ready: one thread, one loop. A server may have several.
///
/// Role: Initiation Dispatcher, or Reactor (B). Decides: in which order ready handles are served (as the
/// demultiplexer reports them), when time limits are looked at. Threads: run() and everything that handlers call by
/// one thread; wake() and isStopping() by any. Owner: the concurrency model.
class InitiationDispatcher final : public HandlerRegistry {
public:
    /// Error: as LoopWakeUp::watchedBy().
    static Result<std::unique_ptr<InitiationDispatcher>> create(ServerContext& context,
                                                                std::unique_ptr<EventDemultiplexer> demultiplexer);
    ~InitiationDispatcher() override;

    /// Takes part in each turn of the loop, from before run() on; null: nobody.
    void invite(LoopGuest* guest) { m_guest = guest; }

    bool registerHandler(std::unique_ptr<EventHandler> handler, Interest interest) override;

    /// Watches again a handler that is away.
    void changeInterest(EventHandler& handler, Interest interest) override;

    void pause(EventHandler& handler, std::int64_t until) override;
    bool isPaused(const EventHandler& handler) const { return m_paused == &handler; }

    /// Takes a handler out of the handle set, to be registered here or elsewhere later. Not within its own hook.
    std::unique_ptr<EventHandler> release(EventHandler& handler);

    /// Calls the handler's hook before all others of this turn, if its handle is ready. For the guest.
    void dispatchFirst(EventHandler& handler);

    /// Another thread works on the handler: it stays registered, but is neither watched nor called until
    /// changeInterest() or remove(). run() does not return before.
    void sendAway(EventHandler& handler);

    /// Takes the handler out of the handle set and destroys it.
    void remove(EventHandler& handler);

    std::size_t handlers() const { return m_handlers.size(); }

    /// The event loop. Returns when the server is stopping, or draining and the last connection has gone.
    void run();

    /// At the last wait's end.
    std::int64_t now() const override { return m_now; }

    /// Interrupts the wait, so that the server's state is looked at.
    void wake() { m_wakeUp.ring(); }
    bool isStopping() const;

private:
    InitiationDispatcher(ServerContext& context, std::unique_ptr<EventDemultiplexer> demultiplexer, LoopWakeUp wakeUp);
    void waitForHandles();
    void tellReady() const;
    void dispatch(const ReadyHandle& ready);
    void callHook(EventHandler& handler, Hook hook, EventHandler::Outcome (EventHandler::*call)());
    std::unique_ptr<EventHandler> takeOut(EventHandler& handler);
    void lookAtTimeLimits();
    void drain();
    bool isOver();
    int patience() const;

    ServerContext& m_context;
    std::unique_ptr<EventDemultiplexer> m_demultiplexer;
    LoopWakeUp m_wakeUp;
    LoopGuest* m_guest = nullptr;
    boost::unordered_flat_map<int, std::unique_ptr<EventHandler>> m_handlers;
    std::vector<ReadyHandle> m_ready;
    std::int64_t m_now = 0;
    std::int64_t m_period; ///< between two looks at the time limits, ns
    std::int64_t m_nextLook = 0;
    EventHandler* m_acceptor = nullptr; ///< the one without a connection, while it is registered
    std::size_t m_away = 0;             ///< handlers that another thread works on
    EventHandler* m_paused = nullptr;
    Interest m_pausedInterest = Interest::None;
    std::int64_t m_pausedUntil = 0;
};

} // namespace lab
