// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/demultiplexer.h"
#include "engine/dispatch/event_handler.h"
#include "engine/dispatch/loop_wake_up.h"
#include "engine/dispatch/turn_token.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace lab {

struct ServerContext;

/// One handle set for a pool of threads that take turns at it: the leader waits, deactivates the handle that is ready,
/// promotes a follower, and only then calls the handler; afterwards it reactivates the handle and follows.
///
/// Role: Initiation Dispatcher shared by threads (Leader/Followers). Decides: who leads (through its token), which
/// ready handle goes to which thread. Threads: work() by each of the pool; registerHandler(), changeInterest() and
/// pause() by the thread that is in a hook; wake() by any. Owner: the model.
class LeaderFollowers final : public HandlerRegistry {
public:
    /// Error: as LoopWakeUp::watchedBy().
    static Result<std::unique_ptr<LeaderFollowers>> create(ServerContext& context,
                                                           std::unique_ptr<EventDemultiplexer> demultiplexer);
    ~LeaderFollowers() override;

    /// What a thread of the pool does. Returns when the server is stopping, or draining and the last connection gone.
    void work();

    bool registerHandler(std::unique_ptr<EventHandler> handler, Interest interest) override;
    void changeInterest(EventHandler& handler, Interest interest) override { handler.m_interest = interest; }
    void pause(EventHandler& handler, std::int64_t until) override;
    std::int64_t now() const override;

    /// Interrupts the leader's wait.
    void wake() { m_wakeUp.ring(); }

private:
    LeaderFollowers(ServerContext& context, std::unique_ptr<EventDemultiplexer> demultiplexer, LoopWakeUp wakeUp);

    struct Turn {
        EventHandler* handler = nullptr;
        Hook hook = Hook::None;
    };
    struct Change {
        enum class What : std::uint8_t { Add, Change, Remove };
        What what;
        int handle;
        EventHandler* handler;
        Interest interest;
    };

    // By the leader.
    std::optional<Turn> lead();
    std::int64_t handlers();
    void takeArrivals();
    bool isOver();
    void waitForHandles();
    void waitOnce(bool block);
    int patience() const;                      // with m_mutex held
    std::vector<EventHandler*> applyChanges(); // with m_mutex held; those for which there is no place
    void tellReady();
    void lookAtTimeLimits();
    void drain();

    // By whoever works on the handler.
    void process(const Turn& turn);
    bool callHook(EventHandler& handler, Hook hook);
    void reactivate(EventHandler& handler);
    void remove(EventHandler& handler);

    bool changeSoon(const Change& change, int& failure); // with m_mutex held
    int apply(const Change& change);                     // with m_mutex held

    ServerContext& m_context;
    std::unique_ptr<EventDemultiplexer> m_demultiplexer;
    LoopWakeUp m_wakeUp;
    TurnToken m_leadership;
    std::atomic<unsigned> m_atWork;

    // The leader's own: passed on with the leadership.
    std::vector<ReadyHandle> m_ready;
    std::deque<Turn> m_turns; ///< reported ready and not taken yet
    std::int64_t m_period;
    std::int64_t m_nextLook;

    std::mutex m_mutex; ///< for what follows, and for changing the demultiplexer
    boost::unordered_flat_map<int, std::unique_ptr<EventHandler>> m_handlers;
    EventHandler* m_acceptor = nullptr;
    std::vector<Change> m_changes; ///< for a demultiplexer that takes none while it is waited at
    bool m_isWaitedAt = false;
    bool m_waitsForEver = false;
    EventHandler* m_paused = nullptr;
    std::int64_t m_pausedUntil = 0;
};

} // namespace lab
