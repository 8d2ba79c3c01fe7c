// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

namespace lab {

/// Whether the gate holds a thread: all do that take part in what the lab shows; the lab's own sampler does not.
enum class Gated : bool { No, Yes };

/// How held threads are let go on. Its functions are called with the gate's lock held: short, and without marks.
struct GateRun {
    /// Who may go; empty: everybody.
    std::function<bool(const Event& pending)> mayGo;
    /// After which event everybody is held again; empty: after none.
    std::function<bool(const Event& happened)> stopAfter;
    /// Picks among those who wait and may go, longest waiting first: an index, or nobody for now. Empty: the first.
    std::function<std::size_t(std::span<const Event> pending)> choose;
    double pace = 0; ///< events a second at most; 0: as fast as it goes

    static constexpr std::size_t nobody = ~std::size_t{0};
};

/// Holds threads at the places where they record events: the only way from the views back into the engine.
///
/// Decides: which thread's event happens next, and when. Open, it costs one relaxed load an event. Engaged, events
/// happen strictly one after the other: the next one only when the one before stands in its ring.
/// Threads: pass() and published() by every traced thread; the rest by whoever steers. Owner: the Trace.
/// A thread is held only at LAB_MARK, where no lock is held, so holding never deadlocks.
class Gate {
public:
    /// Whether threads have to ask. The fast path of every event.
    bool engaged() const { return m_engaged.load(std::memory_order_relaxed); }

    /// Lets at most `eventsPerSecond` events happen, over all threads; 0 or less opens the gate.
    void setPace(double eventsPerSecond);

    /// Holds everybody from their next event on.
    void hold();

    /// Lets threads go on as `run` says; replaces what was said before.
    void run(GateRun run);

    /// Opens the gate for good: who is held goes on, nobody is held again. For the end of a run.
    void open();

    /// Events a second in force; 0: no limit.
    double pace() const { return m_pace.load(std::memory_order_relaxed); }

    /// Everybody is held, and nothing was asked for that has not happened yet.
    bool holding() const;

    /// True once the gate was ever engaged: such a run is no measurement.
    bool wasEngaged() const { return m_wasEngaged.load(std::memory_order_relaxed); }

    /// The events that the held threads are about to make, longest waiting first. Their time is 0.
    std::vector<Event> waiting() const;

    /// Called by a traced thread before its event is recorded; returns when it may happen. True: published() must
    /// be called when it stands in the ring.
    bool pass(const Event& pending);
    void published(const Event& event);

    /// The lab's own time in nanoseconds: CLOCK_MONOTONIC less the time in which threads were held.
    /// All deadlines and think times count in it, so that nobody times out while held.
    std::int64_t now() const;

private:
    enum class Mode : std::uint8_t { Open, Holding, Running };
    struct Waiter {
        Event event;
        bool granted = false;
    };
    void change(Mode mode); // all of these with m_mutex held
    void grant();
    bool grantNow(const Waiter& waiter);
    bool paceAllows();
    void accountTime();

    std::atomic<bool> m_engaged{false};
    std::atomic<bool> m_wasEngaged{false};
    std::atomic<double> m_pace{0};
    std::atomic<bool> m_timeEverStood{false};

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    // Guarded by m_mutex.
    Mode m_mode = Mode::Open;
    bool m_openForGood = false;
    GateRun m_run;
    std::vector<Waiter*> m_waiters;
    bool m_underWay = false; ///< somebody was let go and has not published yet
    std::int64_t m_nextTurn = 0;
    bool m_timeStands = false;
    std::int64_t m_standsSince = 0;
    std::int64_t m_stoodInAll = 0;
};

} // namespace lab
