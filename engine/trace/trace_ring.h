// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"
#include "engine/trace/gate.h"
#include "engine/trace/ring_share.h"
#include "engine/trace/site.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>

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

/// Lets the calling thread's next mark be made only while `holds()`: what it has come for can be taken by another
/// thread while it is held. `holds` is called by any thread, with the gate's lock held; on the thread's own stack.
class OnlyWhile {
public:
    /// `readable`: where it holds as long as this descriptor is readable, that one, for a process that cannot have
    /// `holds` called by the gate.
    explicit OnlyWhile(std::function<bool()> holds, int readable = -1);
    ~OnlyWhile();
    OnlyWhile(const OnlyWhile&) = delete;
    OnlyWhile& operator=(const OnlyWhile&) = delete;

    /// The mark was not made, since it no longer held.
    bool withdrawn() const { return m_withdrawn; }

    const std::function<bool()>& holds() const { return m_holds; }
    int readable() const { return m_readable; }

private:
    friend class TraceRing;
    std::function<bool()> m_holds;
    int m_readable;
    bool m_withdrawn = false;
};

/// What a ring's writer needs of others: who drains it and who may hold it. In the lab's own process the Trace; in a
/// process of a server's the way to it.
class RingHome {
public:
    virtual ~RingHome() = default;
    virtual std::uint16_t idOf(Site& site) = 0;
    virtual void wakeCollector() = 0;
    /// As Gate::pass(), published(), endTurn() and awaitTraffic(); called while the gate is engaged. `condition` may be
    /// null.
    virtual Passage pass(const Event& pending, bool isClient, const OnlyWhile* condition) = 0;
    virtual void published(const Event& event, bool isClient) = 0;
    virtual void endTurn(std::uint16_t actor) = 0;
    virtual void awaitTraffic(std::uint16_t actor) = 0;
    virtual std::optional<PlannedEvent> planned(std::uint16_t actor, std::size_t ahead) = 0;
    /// As Gate::choose(); the first where nobody can choose.
    virtual std::size_t choose(std::span<const Event> alternatives) {
        (void)alternatives;
        return 0;
    }
};

/// One thread's events on their way to the collector: one writer, one reader, no lock.
///
/// When full, the newest event is dropped and counted; the count is written as an EventsLost event as soon as
/// there is room. While the gate is engaged, and for the thread's first and last event, the writer waits for room
/// instead. Writer and reader may be of different processes; then each has an object of its own over the same place.
class TraceRing {
public:
    /// `engaged`: the gate's flag.
    TraceRing(RingHome& home, const std::atomic<bool>& engaged, std::uint16_t actor, RingPlace place);

    /// When an event happens: now, or in the same moment as the thread's event before.
    enum class Moment : bool { Now, Same };

    /// Records an event of this ring's thread. Called through LAB_MARK only, with no lock held.
    void mark(Site& site, const Mark& mark, Moment moment = Moment::Now) {
        record(site, std::uint64_t{mark.operation} << 32 | mark.connection, Event::pack(mark.kind.value, mark.value),
               moment);
    }

    /// As mark(), but waits for room: nobody would tell of a thread that has come or gone, nor of its last losses.
    void markSurely(Site& site, const Mark& mark);

    /// As Gate::choose(), of events of this ring's thread.
    std::size_t choose(std::span<const PlannedEvent> alternatives) const;

    std::uint16_t actor() const { return m_actor; }
    RingHome& home() { return m_home; }
    RingShare& share() { return *m_place.share; }
    bool engaged() const {
#ifdef LAB_NO_GATE
        return false;
#else
        return m_engaged.load(std::memory_order_relaxed);
#endif
    }

private:
    friend class Trace;
    friend class TraceThread;
    friend class OnlyWhile;

    /// Not inline, and its arguments in registers: the places that record stay small, which counts for more than a
    /// call, with tracing off as well as on.
    void record(Site& site, std::uint64_t operationAndConnection, std::uint64_t kindAndValue, Moment moment);
    /// Where the site has no number yet, the gate may hold the thread, or there may be no room.
    [[gnu::noinline]] void recordWithCare(Site& site, std::uint64_t operationAndConnection, std::uint64_t kindAndValue,
                                          Moment moment);
    void write(const Event& event, Moment moment);
    Event describe(EventType type, std::uint16_t site, std::uint64_t operationAndConnection,
                   std::uint64_t kindAndValue) const;
    void recordThroughGate(Event event);
    bool findRoom();
    void awaitRoom(std::uint64_t needed);
    void reportLost();
    void takeOver(); ///< the lab's thread writes on where a process has ended

    // The writer's own.
    RingHome& m_home;
    const std::atomic<bool>& m_engaged;
    RingPlace m_place;
    std::uint64_t m_head = 0;
    std::uint64_t m_knownTail = 0;
    std::uint32_t m_sequence = 0;
    std::uint64_t m_lastTime = 0; ///< ticks
    std::uint64_t m_unreported = 0;
    std::uint16_t m_actor;
    Gated m_gated = Gated::Yes;
    OnlyWhile* m_onlyWhile = nullptr; ///< of the next mark

    // The collector's own.
    alignas(64) std::unique_ptr<RingShare> m_ownShare; ///< null while another process writes
    std::unique_ptr<Event[]> m_ownSlots;
    std::uint64_t m_drained = 0;
    std::uint64_t m_cut = 0;
    std::uint64_t m_earlier = 0;     ///< events of the ring's former lives
    std::uint64_t m_earlierLost = 0; ///< lost in lives before the present memory's
    std::uint64_t m_toldLost = 0;    ///< of another process's losses, by its own EventsLost events
    std::uint64_t m_reports = 0;     ///< EventsLost events that the collector wrote for this actor
    std::uint64_t m_stored = 0;      ///< that the recording took
    std::uint64_t m_refused = 0;     ///< that the recording had no room for
    std::uint64_t m_unreportedRefusals = 0;
    bool m_isForeign = false; ///< guarded by the trace's mutex, as the next one
    bool m_free = false;
};

/// The calling thread's ring; null when it records nothing. Set by TraceThread.
extern constinit thread_local TraceRing* currentRing;

/// Told by the collector of a loss, as by a ring itself.
extern constinit Site eventsLostSite;

} // namespace lab
