// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"
#include "engine/trace/event.h"
#include "engine/trace/gate.h"
#include "engine/trace/recording.h"
#include "engine/trace/site.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

namespace lab {

/// What an event says beside its type and place. Use designated initialisers.
struct Mark {
    /// Any of the vocabulary's kinds.
    struct Kind {
        std::uint8_t value = 0;
        constexpr Kind() = default;
        constexpr Kind(std::uint8_t number)
            : value(number) {}
        template <typename Enum>
        requires std::is_enum_v<Enum>
        constexpr Kind(Enum kind)
            : value(static_cast<std::uint8_t>(kind)) {}
    };
    std::uint32_t connection = 0;
    std::uint32_t operation = 0;
    Kind kind = {};
    std::int64_t value = 0;
};

class Trace;

/// A thread that records, as the operating system knows it.
struct TracedThread {
    std::uint16_t actor = 0;
    int systemId = 0; ///< gettid()
};

/// Lets the calling thread's next mark be made only while `holds()`: what it has come for can be taken by another
/// thread while it is held. `holds` is called by any thread, with the gate's lock held; on the thread's own stack.
class OnlyWhile {
public:
    explicit OnlyWhile(std::function<bool()> holds);
    ~OnlyWhile();
    OnlyWhile(const OnlyWhile&) = delete;
    OnlyWhile& operator=(const OnlyWhile&) = delete;

    /// The mark was not made, since it no longer held.
    bool withdrawn() const { return m_withdrawn; }

private:
    friend class TraceRing;
    std::function<bool()> m_holds;
    bool m_withdrawn = false;
};

/// One thread's events on their way to the collector: one writer, one reader, no lock.
///
/// When full, the newest event is dropped and counted; the count is written as an EventsLost event as soon as
/// there is room. While the gate is engaged, and for the thread's first and last event, the writer waits for room
/// instead.
class TraceRing {
public:
    TraceRing(Trace& trace, std::uint16_t actor, std::size_t capacity);

    /// When an event happens: now, or in the same moment as the thread's event before.
    enum class Moment : bool { Now, Same };

    /// Records an event of this ring's thread. Called through LAB_MARK only, with no lock held.
    void mark(Site& site, const Mark& mark, Moment moment = Moment::Now) {
        record(site, std::uint64_t{mark.operation} << 32 | mark.connection, Event::pack(mark.kind.value, mark.value),
               moment);
    }

    std::uint16_t actor() const { return m_actor; }
    Trace& trace() { return m_trace; }

private:
    friend class Trace;
    friend class TraceThread;
    friend class OnlyWhile;

    /// Not inline, and its arguments in registers: the places that record stay small, which counts for more than a
    /// call, with tracing off as well as on.
    void record(Site& site, std::uint64_t operationAndConnection, std::uint64_t kindAndValue, Moment moment);

    /// As mark(), but waits for room: nobody would tell of a thread that has come or gone, nor of its last losses.
    void markSurely(Site& site, const Mark& mark);

    void write(const Event& event, Moment moment);
    Event describe(EventType type, std::uint16_t site, std::uint64_t operationAndConnection,
                   std::uint64_t kindAndValue) const {
        return {.time = 0,
                .kindAndValue = kindAndValue,
                .connection = static_cast<std::uint32_t>(operationAndConnection),
                .operation = static_cast<std::uint32_t>(operationAndConnection >> 32),
                .typeAndSequence = static_cast<std::uint32_t>(type) | m_sequence << 8,
                .actor = m_actor,
                .site = site};
    }
    void recordThroughGate(Event event);
    bool findRoom();
    void awaitRoom(std::uint64_t needed);
    void reportLost();
    void wakeCollector();

    // The writer's own.
    Trace& m_trace;
    Gate& m_gate;
    std::unique_ptr<Event[]> m_slots;
    std::size_t m_capacity; ///< a power of two
    std::uint64_t m_head = 0;
    std::uint64_t m_knownTail = 0;
    std::uint32_t m_sequence = 0;
    std::uint64_t m_lastTime = 0; ///< ticks
    std::uint64_t m_unreported = 0;
    std::uint16_t m_actor;
    Gated m_gated = Gated::Yes;
    OnlyWhile* m_onlyWhile = nullptr; ///< of the next mark

    // Shared: each written by one side.
    std::atomic<int> m_systemId{0}; ///< of the thread whose ring this is; 0: none
    std::atomic<NameId> m_name{0};  ///< of the thread whose ring this is, or was last
    alignas(64) std::atomic<std::uint64_t> m_published{0};
    std::atomic<std::uint64_t> m_lost{0}; ///< over the actor's life
    std::atomic<bool> m_ended{false};     ///< the thread has gone; when drained, the ring is free
    alignas(64) std::atomic<std::uint64_t> m_tail{0};

    // The collector's own.
    std::uint64_t m_drained = 0;
    std::uint64_t m_cut = 0;
    std::uint64_t m_earlier = 0; ///< events of the ring's former lives
    std::uint64_t m_reports = 0; ///< EventsLost events that the collector wrote for this actor
    std::uint64_t m_stored = 0;  ///< that the recording took
    std::uint64_t m_refused = 0; ///< that the recording had no room for
    std::uint64_t m_unreportedRefusals = 0;
    bool m_free = false; ///< guarded by the trace's mutex
};

/// The calling thread's ring; null when it records nothing. Set by TraceThread.
extern constinit thread_local TraceRing* currentRing;

/// Drains all rings into a recording, merged in causal order.
///
/// Role: recorder. Decides: when rings are drained, the order of events, who gets which ring.
/// Threads: attach() and detach() by any thread for itself; a collector thread of its own drains.
/// Owner: one run. Borrows the recording, which must outlive it.
///
/// Order: a mark stands before the act that others can see (a push, an initiation) and after the act that
/// sees others (a pop, an accept). The collector notes the time, then looks at every ring once, then releases
/// what is older than that time: so an event's causes are always released before it.
class Trace {
public:
    struct Options {
        std::size_t ringCapacity = 1 << 16; ///< events a thread; a power of two
        unsigned drainMilliseconds = 10;    ///< longest time between two drains
    };

    explicit Trace(Recording& recording)
        : Trace(recording, Options()) {}
    Trace(Recording& recording, Options options);
    ~Trace(); ///< stops

    /// Drains what is left and ends the collector. All traced threads have ended or detached by then: what one
    /// marks later is not recorded.
    void stop();

    Recording& recording() { return m_recording; }
    Gate& gate() { return m_gate; }
    const TickClock& clock() const { return m_clock; }

    /// Those that are attached now. Any thread.
    std::vector<TracedThread> threads();

    /// The name of the thread that has this actor, or had it last; empty: none.
    std::string threadName(std::uint16_t actor);

    /// How many events were marked so far, by all threads: the number of the next one, when nobody marks meanwhile.
    std::uint64_t marked();

    /// Waits until everything marked before the call is in the recording. Returns at once after stop().
    void flush();

private:
    friend class TraceRing;
    friend class TraceThread;

    TraceRing* attach();
    void detach(TraceRing& ring);
    void wakeCollector();
    void collect(const std::stop_token& stop);
    bool drain(bool everything);
    bool chooseCuts(std::uint64_t until);
    void merge();
    void recycleEnded();
    void reportCounts();
    void release(TraceRing& ring, std::uint64_t to);
    void flushBatch();
    bool reportRefusals();

    Recording& m_recording;
    const Options m_options;
    TickClock m_clock;
    Gate m_gate;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_drainedOnce;
    // Guarded by m_mutex.
    std::vector<std::unique_ptr<TraceRing>> m_rings;
    std::vector<TraceRing*> m_freeRings;
    std::uint64_t m_flushesWanted = 0;
    std::uint64_t m_flushesDone = 0;
    bool m_wakeWanted = false;

    std::atomic<bool> m_collectorEnded{false};

    // The collector's own.
    std::vector<TraceRing*> m_active;
    std::vector<TraceRing*> m_merging;
    std::vector<TraceRing*> m_ended;
    std::array<Event, 512> m_batch; ///< few enough to stay in the nearest cache on their way to the recording
    std::size_t m_batched = 0;
    std::uint64_t m_lastTime = 0;
    std::size_t m_refusing = 0; ///< actors with refusals that were not reported yet

    std::jthread m_collector;
};

/// Makes the calling thread a traced one for its lifetime: its marks go to `trace`, first of all ThreadStarted.
/// With a null trace nothing is recorded. On the thread's own stack.
class TraceThread {
public:
    TraceThread(Trace* trace, std::string_view name, Gated gated = Gated::Yes);
    ~TraceThread();
    TraceThread(const TraceThread&) = delete;
    TraceThread& operator=(const TraceThread&) = delete;

private:
    TraceRing* m_ring = nullptr;
    TraceRing* m_former = nullptr;
};

/// The event that the schedule that is followed wants of the calling thread, `ahead` of them after the next. Nothing
/// where none is followed: then the kernel decides.
inline std::optional<PlannedEvent> plannedEvent(std::size_t ahead = 0) {
    auto* ring = currentRing;
    return ring != nullptr && ring->trace().gate().follows() ? ring->trace().gate().planned(ring->actor(), ahead)
                                                             : std::nullopt;
}

/// The calling thread is about to wait for something without an event that says so: others may have their turn.
inline void endTurn() {
    if (auto* ring = currentRing; ring != nullptr && ring->trace().gate().engaged()) {
        ring->trace().gate().endTurn(ring->actor());
    }
}

} // namespace lab

/// Records an event of the calling thread: LAB_MARK(HookEntered, HttpHandler, "handle_input", .connection = 12).
/// Holds the thread while the gate is engaged, so: never with a lock held.
#define LAB_MARK(eventType, siteRole, siteName, ...)                                                                   \
    LAB_MARK_AT(Now, eventType, siteRole, siteName __VA_OPT__(, ) __VA_ARGS__)

/// The same for an event right after another one of this thread, with nothing of other threads seen in between: it
/// takes over that one's time, which saves reading the clock. Held at the gate it has a time of its own.
#define LAB_MARK_WITH(eventType, siteRole, siteName, ...)                                                              \
    LAB_MARK_AT(Same, eventType, siteRole, siteName __VA_OPT__(, ) __VA_ARGS__)

#ifdef LAB_NO_TRACING
#define LAB_MARK_AT(moment, eventType, siteRole, siteName, ...)                                                        \
    do {                                                                                                               \
        if (false) {                                                                                                   \
            [[maybe_unused]] const ::lab::Mark labMark{__VA_ARGS__};                                                   \
        }                                                                                                              \
    } while (false)
#else
#define LAB_MARK_AT(moment, eventType, siteRole, siteName, ...)                                                        \
    do {                                                                                                               \
        if (::lab::TraceRing* labRing = ::lab::currentRing) {                                                          \
            static constinit ::lab::Site labSite{                                                                      \
                ::lab::EventType::eventType, ::lab::Role::siteRole, siteName, __FILE__, __LINE__, __func__, {}};       \
            labRing->mark(labSite, ::lab::Mark{__VA_ARGS__}, ::lab::TraceRing::Moment::moment);                        \
        }                                                                                                              \
    } while (false)
#endif
