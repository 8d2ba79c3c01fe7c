// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"
#include "engine/trace/gate_face.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace lab {

/// Whether the gate holds a thread: all do that take part in what the lab shows; the lab's own sampler does not.
/// The traffic's clients are held, but take no turns.
enum class Gated : std::uint8_t { No, Yes, AsClient };

/// A thread that waits at the gate, and the event that it is about to make (its time is 0).
struct GateWaiter {
    Event event{};
    bool isClient = false;
    bool isOffer = false; ///< one of several that the thread could make: see Gate::choose()
};

/// How held threads are let go on. Its functions are called with the gate's lock held: short, and without marks.
struct GateRun {
    /// Who may go; empty: everybody.
    std::function<bool(const GateWaiter& waiter)> mayGo;
    /// After which event everybody is held again; empty: after none.
    std::function<bool(const Event& happened)> stopAfter;
    /// Picks among those who wait and may go, longest waiting first: an index, nobody for now, or that everybody is
    /// to be held. Empty: the first.
    std::function<std::size_t(std::span<const GateWaiter> waiting)> choose;
    double pace = 0; ///< events a second at most; 0: as fast as it goes
    /// One thread of the server at a time: the next one goes only when the one before is back at the gate, in a
    /// blocking call, or gone. Clients go whenever they may.
    bool inTurns = false;

    static constexpr std::size_t nobody = ~std::size_t{0};
    static constexpr std::size_t holdAll = nobody - 1;
};

/// What a schedule that is followed wants of a thread next, or what the thread could do.
struct PlannedEvent {
    EventType type = EventType::Count;
    std::uint8_t kind = 0;
    std::uint32_t connection = 0;
    std::uint32_t operation = 0;
};

/// Tells threads what they are wanted to do, so that what the kernel would decide comes out as it did before.
class TurnPlan {
public:
    virtual ~TurnPlan() = default;
    /// The event that thread `actor` is to make, `ahead` of them after the next. Nothing: no plan. With the gate's
    /// lock held.
    virtual std::optional<PlannedEvent> planned(std::uint16_t actor, std::size_t ahead) const = 0;
};

/// How a thread came through the gate.
enum class Passage : std::uint8_t {
    Free,     ///< the gate was open
    InTurn,   ///< published() must be called when the event stands in the ring
    Withdrawn ///< what it had come for is no longer there: no event
};

/// Holds threads at the places where they record events: the only way from the views back into the engine.
///
/// Decides: which thread's event happens next, and when. Open, it costs one relaxed load an event. Engaged, events
/// happen strictly one after the other: the next one only when the one before stands in its ring.
/// Threads: pass(), published() and endTurn() by every traced thread; the rest by whoever steers. Owner: the Trace.
/// A thread is held only at LAB_MARK, where no lock is held, so holding never deadlocks.
class Gate {
public:
    Gate() = default;
    /// In a process of a server's: only shows, and tells the time of, the lab's gate.
    explicit Gate(const GateFace& elsewhere)
        : m_elsewhere(&elsewhere) {}

    /// Whether threads have to ask. The fast path of every event.
    bool engaged() const {
#ifdef LAB_NO_GATE
        return false;
#else
        return m_elsewhere != nullptr ? m_elsewhere->engaged() : m_engaged.load(std::memory_order_relaxed);
#endif
    }
    const std::atomic<bool>& engagedFlag() const { return m_engaged; }

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

    /// Who waits, longest waiting first.
    std::vector<GateWaiter> waiting() const;

    /// Called by a traced thread before its event is recorded; returns when it may happen, or when `onlyWhile` is
    /// given and no longer holds. `onlyWhile` is called by any thread, with the gate's lock held.
    Passage pass(const Event& pending, bool isClient = false, const std::function<bool()>* onlyWhile = nullptr);
    void published(const Event& event, bool isClient = false);

    /// Called by a traced thread that could make each of these events next: returns which it is to make, once that is
    /// chosen; the first where the gate is open. The choice is no event: that follows, before anybody else's of the
    /// server.
    std::size_t choose(std::span<const Event> alternatives);

    /// The calling thread, whose turn it may be, is about to wait for something without an event that says so.
    void endTurn(std::uint16_t actor);
    /// The calling thread, whose turn it may be, waits in the middle of it for what only the traffic can bring, because
    /// the schedule says that it came: lab time passes, but nobody else of the server goes.
    void awaitTraffic(std::uint16_t actor);

    /// True while a plan is followed; then threads ask planned() before they do what the kernel would decide.
    bool follows() const { return engaged() && m_follows.load(std::memory_order_relaxed); }
    std::optional<PlannedEvent> planned(std::uint16_t actor, std::size_t ahead) const;

    /// The lab's own time in nanoseconds: CLOCK_MONOTONIC less the time in which threads were held.
    /// All deadlines and think times count in it, so that nobody times out while held. In turns, it stands while
    /// somebody goes or could go, and passes while all who may go are in blocking calls.
    std::int64_t now() const;

    // For servers of several processes.
    /// Keeps `face` up to date until endMirror(); it is another process's view of this gate.
    void mirrorTo(GateFace& face);
    void endMirror(GateFace& face);
    /// A thread, or process, has gone without a word: it waits no longer, and its turn is over.
    void gone(std::uint16_t actor);

    // For the Stepper, which shares the gate's lock: `Lock` is what lock() gave.
    using Lock = std::unique_lock<std::mutex>;
    enum class Mode : std::uint8_t { Open, Holding, Running };
    Lock lock() const { return Lock(m_mutex); }
    void hold(const Lock&) { change(Mode::Holding); }
    void run(GateRun run, const Lock&);
    Mode mode(const Lock&) const { return m_mode; }
    std::vector<GateWaiter> waiting(const Lock&) const;
    /// Nobody's event is under way, and nobody's turn is out.
    bool isQuiet(const Lock&) const;
    /// Opens the gate until somebody steers again.
    void release(const Lock&);
    void lookNow(const Lock&) { grant(); }
    // Called back by the gate, so that the lock is held: CLOCK_MONOTONIC when something was last granted or recorded;
    // asks GateRun::choose again at `moment`, if somebody waits then.
    std::int64_t lastMovedLocked() const { return m_lastMoved; }
    void lookAgainAtLocked(std::int64_t moment) { m_lookAgain = moment; }
    /// Called with every event that went through the engaged gate, before GateRun::stopAfter; and whenever the gate
    /// opens, with null. `plan` may be null.
    void setObserver(std::function<void(const Event* event, bool isClient)> observer, const TurnPlan* plan);
    void setFollows(bool follows) { m_follows.store(follows, std::memory_order_relaxed); }
    /// Waits until the gate is open, or holds and is quiet; not longer than until `moment` of CLOCK_MONOTONIC.
    bool waitUntilStill(std::int64_t moment) const;

private:
    enum class Fate : std::uint8_t { Waits, Granted, Withdrawn };
    struct Waiter {
        GateWaiter what;
        const std::function<bool()>* onlyWhile = nullptr;
        std::span<const Event> alternatives{}; ///< empty: `what` only
        std::size_t chosen = 0;
        Fate fate = Fate::Waits;
        std::condition_variable wake{};

        std::size_t ways() const { return std::max<std::size_t>(alternatives.size(), 1); }
        GateWaiter way(std::size_t index) const {
            return alternatives.empty() ? what : GateWaiter{alternatives[index], what.isClient, true};
        }
    };
    /// What somebody who waits could do.
    struct Way {
        Waiter* waiter = nullptr;
        std::size_t index = 0;
    };
    static constexpr std::uint32_t nobodysTurn = ~std::uint32_t{0};

    void change(Mode mode); // all of these with m_mutex held
    void grant();
    void letGo(Waiter& waiter, Fate fate);
    void withdraw();
    Way chooseNext();
    void take(const Way& way);
    void waitForFate(Lock& lock, Waiter& self);
    bool turnIsOut(std::int64_t now) const;
    void beginTurn(std::uint16_t actor);
    void turnIsOver();
    bool paceAllows() const;
    void usePace();
    void waitAtGate(Lock& lock, Waiter& self);
    std::int64_t nextLook() const;
    void remindClock();
    void accountTime();
    void changeTime(bool stands);
    GateFace::Time time() const;

    const GateFace* m_elsewhere = nullptr;
    std::atomic<bool> m_engaged{false};
    std::atomic<bool> m_wasEngaged{false};
    std::atomic<bool> m_follows{false};
    std::atomic<double> m_pace{0};
    std::atomic<bool> m_timeEverStood{false};

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_still; ///< somebody may have come to a standstill
    // Guarded by m_mutex.
    Mode m_mode = Mode::Open;
    bool m_openForGood = false;
    GateRun m_run;
    std::function<void(const Event*, bool)> m_observer;
    const TurnPlan* m_plan = nullptr;
    std::vector<Waiter*> m_waiters;
    bool m_underWay = false; ///< somebody was let go and has not published yet
    std::uint16_t m_underWayActor = 0;
    std::uint32_t m_turnOf = nobodysTurn;
    std::uint32_t m_promised = nobodysTurn; ///< who has chosen what to do, and does it before anybody else
    std::int64_t m_turnUntil = 0;           ///< when the turn counts as over at the latest; 0: not published yet
    bool m_awaitsTraffic = false;           ///< whose turn it is
    std::int64_t m_nextEvent = 0;           ///< by the pace
    std::int64_t m_lookAgain = 0;
    std::int64_t m_lookedAt = 0;
    std::int64_t m_lastMoved = 0;
    const Waiter* m_minder = nullptr; ///< sleeps with a time limit, for all
    std::int64_t m_minderUntil = 0;
    bool m_somebodyCould = false; ///< at the last look
    bool m_timeStands = false;
    bool m_standsForTurn = false; ///< and for no other reason
    std::int64_t m_standsSince = 0;
    std::int64_t m_stoodInAll = 0;
    std::vector<GateFace*> m_faces;
};

} // namespace lab
