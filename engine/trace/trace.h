// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"
#include "engine/trace/event.h"
#include "engine/trace/gate.h"
#include "engine/trace/recording.h"
#include "engine/trace/site.h"
#include "engine/trace/trace_ring.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lab {

/// A thread that records, as the operating system knows it.
struct TracedThread {
    std::uint16_t actor = 0;
    int systemId = 0; ///< gettid()
};

/// Drains all rings into a recording, merged in causal order.
///
/// Role: recorder. Decides: when rings are drained, the order of events, who gets which ring.
/// Threads: attach() and detach() by any thread for itself; a collector thread of its own drains.
/// Owner: one run. Borrows the recording, which must outlive it.
///
/// Order: a mark stands before the act that others can see (a push, an initiation) and after the act that
/// sees others (a pop, an accept). The collector notes the time, then looks at every ring once, then releases
/// what is older than that time: so an event's causes are always released before it.
class Trace final : public RingHome {
public:
    struct Options {
        std::size_t ringCapacity = 1 << 16; ///< events a thread; a power of two
        unsigned drainMilliseconds = 10;    ///< longest time between two drains
    };

    explicit Trace(Recording& recording)
        : Trace(recording, Options()) {}
    Trace(Recording& recording, Options options);
    ~Trace() override; ///< stops

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

    // For servers of several processes. Their rings lie in memory that the processes share with the lab.

    /// A ring for another process to write to, one after the other; null: no more actors. `place` stays until
    /// detachForeign().
    TraceRing* attachForeign(RingPlace place);
    /// The process that wrote to `ring` has ended, and everything that it wrote was flushed: the calling thread makes
    /// the marks of `tell` in its place, not held by the gate. The ring is free for the next process once
    /// RingShare::ended is false again.
    void endForeign(TraceRing& ring, const std::function<void()>& tell);
    /// Takes what is left out of the rings, and lets go of their memory. No process writes to it any more.
    void detachForeign(std::span<TraceRing* const> rings);

    std::uint16_t idOf(Site& site) override;
    void wakeCollector() override;
    Passage pass(const Event& pending, bool isClient, const OnlyWhile* condition) override;
    void published(const Event& event, bool isClient) override { m_gate.published(event, isClient); }
    void endTurn(std::uint16_t actor) override { m_gate.endTurn(actor); }
    void awaitTraffic(std::uint16_t actor) override { m_gate.awaitTraffic(actor); }
    std::optional<PlannedEvent> planned(std::uint16_t actor, std::size_t ahead) override;
    std::size_t choose(std::span<const Event> alternatives) override { return m_gate.choose(alternatives); }

private:
    friend class TraceThread;

    TraceRing* attach();
    TraceRing* freeRing(); // with m_mutex held
    void detach(TraceRing& ring);
    void collect(const std::stop_token& stop);
    bool drain(bool everything);
    bool chooseCuts(std::uint64_t until);
    void merge();
    void makeRoom(TraceRing& ring);
    void recycleEnded();
    static void recycle(TraceRing& ring);
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
    Trace* m_trace;
    TraceRing* m_ring = nullptr;
    TraceRing* m_former = nullptr;
};

/// The event that the schedule that is followed wants of the calling thread, `ahead` of them after the next. Nothing
/// where none is followed: then the kernel decides.
inline std::optional<PlannedEvent> plannedEvent(std::size_t ahead = 0) {
    auto* ring = currentRing;
    return ring != nullptr && ring->engaged() ? ring->home().planned(ring->actor(), ahead) : std::nullopt;
}

/// The calling thread could make any of these events next: which one it is to be. Held, it waits until that is chosen;
/// the first where nobody chooses.
inline std::size_t chooseAmong(std::span<const PlannedEvent> alternatives) {
    auto* ring = currentRing;
    return ring != nullptr && ring->engaged() ? ring->choose(alternatives) : 0;
}

/// The calling thread is about to wait for something without an event that says so: others may have their turn.
inline void endTurn() {
    if (auto* ring = currentRing; ring != nullptr && ring->engaged()) {
        ring->home().endTurn(ring->actor());
    }
}

/// The calling thread waits for what the traffic is to bring, as the schedule that is followed says: others of the
/// server have no turn meanwhile, so that it finds everything else as it was.
inline void awaitTraffic() {
    if (auto* ring = currentRing; ring != nullptr && ring->engaged()) {
        ring->home().awaitTraffic(ring->actor());
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
