// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_ring.h"

#include "engine/base/clock.h"
#include "engine/base/futex.h"

#include <utility>
#include <vector>

namespace lab {

constinit thread_local TraceRing* currentRing = nullptr;
constinit Site eventsLostSite{EventType::EventsLost, Role::Thread, "events lost", __FILE__, __LINE__, "findRoom", {}};

OnlyWhile::OnlyWhile(std::function<bool()> holds, int readable)
    : m_holds(std::move(holds))
    , m_readable(readable) {
    if (currentRing != nullptr) {
        currentRing->m_onlyWhile = this;
    }
}

OnlyWhile::~OnlyWhile() {
    if (currentRing != nullptr) {
        currentRing->m_onlyWhile = nullptr;
    }
}

TraceRing::TraceRing(RingHome& home, const std::atomic<bool>& engaged, std::uint16_t actor, RingPlace place)
    : m_home(home)
    , m_engaged(engaged)
    , m_place(place)
    , m_actor(actor) {
    if (m_place.share != nullptr) {
        m_sequence = m_place.share->firstSequence.load(std::memory_order_relaxed);
    }
}

inline Event TraceRing::describe(EventType type, std::uint16_t site, std::uint64_t operationAndConnection,
                                 std::uint64_t kindAndValue) const {
    return {.time = 0,
            .kindAndValue = kindAndValue,
            .connection = static_cast<std::uint32_t>(operationAndConnection),
            .operation = static_cast<std::uint32_t>(operationAndConnection >> 32),
            .typeAndSequence = static_cast<std::uint32_t>(type) | m_sequence << 8,
            .actor = m_actor,
            .site = site};
}

inline void TraceRing::write(const Event& event, Moment moment) {
    if (moment == Moment::Now) {
        m_lastTime = TickClock::now();
    }
    const auto capacity = m_place.capacity;
    Event& slot = m_place.events[m_head & (capacity - 1)];
    slot = event;
    slot.time = m_lastTime;
    ++m_sequence;
    m_place.share->published.store(++m_head, std::memory_order_release);
    // The collector's processor has read the slots of the last lap: getting them back takes a while, so ask early.
    constexpr std::uint64_t ahead = 16;
    __builtin_prefetch(&m_place.events[(m_head + ahead) & (capacity - 1)], 1);
    if ((m_head & (capacity / 2 - 1)) == 0) [[unlikely]] {
        m_home.wakeCollector();
    }
}

/// The common case makes no calls, so that it has no registers to save: it is half as long for that.
void TraceRing::record(Site& site, std::uint64_t operationAndConnection, std::uint64_t kindAndValue, Moment moment) {
    const auto siteId = site.id.load(std::memory_order_relaxed);
    const bool isFull = m_head - m_knownTail >= m_place.capacity - 1;
    if (siteId == 0 || engaged() || isFull) [[unlikely]] {
        return recordWithCare(site, operationAndConnection, kindAndValue, moment);
    }
    write(describe(site.type, siteId, operationAndConnection, kindAndValue), moment);
}

void TraceRing::recordWithCare(Site& site, std::uint64_t operationAndConnection, std::uint64_t kindAndValue,
                               Moment moment) {
    auto siteId = site.id.load(std::memory_order_relaxed);
    if (siteId == 0) {
        siteId = m_home.idOf(site);
    }
    if (engaged() && m_gated != Gated::No) {
        recordThroughGate(describe(site.type, siteId, operationAndConnection, kindAndValue));
    } else if (m_head - m_knownTail < m_place.capacity - 1 || findRoom()) {
        write(describe(site.type, siteId, operationAndConnection, kindAndValue), moment);
    }
}

void TraceRing::recordThroughGate(Event event) {
    const bool isClient = m_gated == Gated::AsClient;
    auto* condition = std::exchange(m_onlyWhile, nullptr);
    const auto passage = m_home.pass(event, isClient, condition);
    if (passage == Passage::Withdrawn) {
        if (condition != nullptr) {
            condition->m_withdrawn = true;
        }
        return;
    }
    if (findRoom()) {
        event.typeAndSequence = (event.typeAndSequence & 0xff) | m_sequence << 8; // losses told of may stand before
        write(event, Moment::Now);
        event.time = m_lastTime;
    }
    if (passage == Passage::InTurn) {
        m_home.published(event, isClient);
    }
}

std::size_t TraceRing::choose(std::span<const PlannedEvent> alternatives) const {
    if (!engaged() || m_gated == Gated::No) {
        return 0;
    }
    std::vector<Event> events;
    events.reserve(alternatives.size());
    for (const auto& each : alternatives) {
        events.push_back(
            describe(each.type, 0, std::uint64_t{each.operation} << 32 | each.connection, Event::pack(each.kind, 0)));
    }
    return m_home.choose(events);
}

/// Waits until the collector has made room for `needed` events; not when it has ended.
void TraceRing::awaitRoom(std::uint64_t needed) {
    auto& share = *m_place.share;
    m_knownTail = share.tail.load(std::memory_order_acquire);
    while (m_head - m_knownTail > m_place.capacity - needed && !share.readerEnded.load(std::memory_order_acquire)) {
        m_home.wakeCollector();
        const auto releases = share.releases.load(std::memory_order_seq_cst);
        share.writerWaits.store(1, std::memory_order_seq_cst);
        // In this order on both sides: either the new tail is seen here, or the wish to be woken is seen there.
        if (share.tail.load(std::memory_order_seq_cst) == m_knownTail &&
            !share.readerEnded.load(std::memory_order_seq_cst)) {
            waitForChange(share.releases, releases);
        }
        m_knownTail = share.tail.load(std::memory_order_acquire);
    }
}

/// Room for one event and, where events were lost, for the one that says so.
bool TraceRing::findRoom() {
    auto& share = *m_place.share;
    const std::uint64_t needed = m_unreported > 0 ? 2 : 1;
    m_knownTail = share.tail.load(std::memory_order_acquire);
    if (engaged()) {
        awaitRoom(needed);
    }
    if (m_head - m_knownTail > m_place.capacity - needed) {
        ++m_unreported;
        ++m_sequence;
        share.lost.store(share.lost.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        return false;
    }
    reportLost();
    return true;
}

void TraceRing::reportLost() {
    if (m_unreported > 0) {
        const auto lost = std::exchange(m_unreported, 0);
        write(describe(EventType::EventsLost, m_home.idOf(eventsLostSite), 0,
                       Event::pack(0, static_cast<std::int64_t>(lost))),
              Moment::Now);
    }
}

void TraceRing::markSurely(Site& site, const Mark& mark) {
    awaitRoom(2);
    if (m_head - m_knownTail <= m_place.capacity - 2) {
        reportLost();
    }
    this->mark(site, mark);
}

/// What the former writer knew of itself can be told from what it has published.
void TraceRing::takeOver() {
    const auto& share = *m_place.share;
    const auto lost = share.lost.load(std::memory_order_acquire);
    m_head = share.published.load(std::memory_order_acquire);
    m_knownTail = share.tail.load(std::memory_order_acquire);
    m_sequence = share.firstSequence.load(std::memory_order_relaxed) + static_cast<std::uint32_t>(m_head + lost);
    m_unreported = lost - m_toldLost;
    m_gated = Gated::No;
    m_onlyWhile = nullptr;
}

} // namespace lab
