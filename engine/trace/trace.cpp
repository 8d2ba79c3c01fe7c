// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace.h"

#include "engine/base/futex.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace lab {

namespace {

constinit Site threadStarted{
    EventType::ThreadStarted, Role::Thread, "thread starts", __FILE__, __LINE__, "TraceThread", {}};
constinit Site threadEnded{EventType::ThreadEnded, Role::Thread, "thread ends", __FILE__, __LINE__, "~TraceThread", {}};

} // namespace

Trace::Trace(Recording& recording, Options options)
    : m_recording(recording)
    , m_options{std::bit_ceil(options.ringCapacity), options.drainMilliseconds} {
    m_collector = std::jthread([this](const std::stop_token& stop) {
        pthread_setname_np(pthread_self(), "collector");
        collect(stop);
    });
}

Trace::~Trace() { stop(); }

void Trace::stop() {
    m_gate.open();
    if (m_collector.joinable()) {
        m_collector.request_stop();
        wakeCollector();
        m_collector.join();
    }
}

TraceRing* Trace::freeRing() {
    if (!m_freeRings.empty()) {
        auto* ring = m_freeRings.back();
        m_freeRings.pop_back();
        return ring;
    }
    if (m_rings.size() > 0xffff) {
        return nullptr; // more threads at once than an event can tell apart: this one is not recorded
    }
    m_rings.push_back(std::make_unique<TraceRing>(*this, m_gate.engagedFlag(),
                                                  static_cast<std::uint16_t>(m_rings.size()), RingPlace{}));
    auto& ring = *m_rings.back();
    ring.m_ownShare = std::make_unique<RingShare>();
    ring.m_place.share = ring.m_ownShare.get();
    return &ring;
}

TraceRing* Trace::attach() {
    const std::lock_guard lock(m_mutex);
    auto* ring = freeRing();
    if (ring == nullptr) {
        return nullptr;
    }
    if (!ring->m_ownSlots) {
        ring->m_ownSlots = std::make_unique_for_overwrite<Event[]>(m_options.ringCapacity);
        ring->m_place = {ring->m_ownShare.get(), ring->m_ownSlots.get(), m_options.ringCapacity};
    }
    ring->m_place.share->readerEnded.store(m_collectorEnded.load());
    ring->m_free = false;
    return ring;
}

void Trace::detach(TraceRing& ring) { ring.share().ended.store(true, std::memory_order_release); }

std::uint16_t Trace::idOf(Site& site) { return registerSite(site); }

Passage Trace::pass(const Event& pending, bool isClient, const OnlyWhile* condition) {
    return m_gate.pass(pending, isClient, condition != nullptr ? &condition->holds() : nullptr);
}

std::optional<PlannedEvent> Trace::planned(std::uint16_t actor, std::size_t ahead) {
    return m_gate.follows() ? m_gate.planned(actor, ahead) : std::nullopt;
}

/// With the mutex, so that the collector cannot miss it between looking and going to sleep.
void Trace::wakeCollector() {
    const std::lock_guard lock(m_mutex);
    m_wakeWanted = true;
    m_wake.notify_one();
}

std::vector<TracedThread> Trace::threads() {
    std::vector<TracedThread> attached;
    const std::lock_guard lock(m_mutex);
    for (const auto& ring : m_rings) {
        if (const auto systemId = ring->share().systemId.load(std::memory_order_relaxed); systemId != 0) {
            attached.push_back({ring->m_actor, systemId});
        }
    }
    return attached;
}

std::string Trace::threadName(std::uint16_t actor) {
    NameId name = 0;
    {
        const std::lock_guard lock(m_mutex);
        name = actor < m_rings.size() ? m_rings[actor]->share().name.load(std::memory_order_relaxed) : 0;
    }
    return m_recording.name(name);
}

std::uint64_t Trace::marked() {
    std::uint64_t sum = 0;
    const std::lock_guard lock(m_mutex);
    for (const auto& ring : m_rings) {
        sum += ring->m_earlier + ring->share().published.load(std::memory_order_acquire);
    }
    return sum;
}

void Trace::flush() {
    std::unique_lock lock(m_mutex);
    const auto wanted = ++m_flushesWanted;
    m_wakeWanted = true;
    m_wake.notify_one();
    m_drainedOnce.wait(lock, [&] { return m_flushesDone >= wanted || m_collectorEnded.load(); });
}

void Trace::collect(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (true) {
        const auto flushes = m_flushesWanted;
        m_wakeWanted = false;
        lock.unlock();
        const bool stopping = stop.stop_requested();
        const bool filling = drain(stopping);
        reportCounts();
        lock.lock();
        m_flushesDone = flushes;
        m_drainedOnce.notify_all();
        if (stopping) {
            break;
        }
        // At once again where a ring was filling fast.
        if (!filling) {
            m_wake.wait_for(lock, std::chrono::milliseconds(m_options.drainMilliseconds),
                            [&] { return m_wakeWanted || stop.stop_requested(); });
        }
    }
    m_collectorEnded.store(true, std::memory_order_release);
    for (const auto& ring : m_rings) {
        auto& share = ring->share();
        share.readerEnded.store(true, std::memory_order_seq_cst);
        share.releases.fetch_add(1, std::memory_order_seq_cst);
        wakeAll(share.releases);
    }
    m_drainedOnce.notify_all();
}

/// One pass over all rings. True when it should be followed by another at once.
bool Trace::drain(bool everything) {
    const auto until = everything ? ~std::uint64_t{0} : TickClock::nowBeforeReading();
    {
        const std::lock_guard lock(m_mutex);
        m_active.clear();
        for (const auto& ring : m_rings) {
            if (!ring->m_free) {
                m_active.push_back(ring.get());
            }
        }
    }
    const bool filling = chooseCuts(until);
    merge();
    flushBatch();
    recycleEnded();
    return filling;
}

/// Looks at each ring once: how far it may be released now, and whether its thread has gone.
bool Trace::chooseCuts(std::uint64_t until) {
    bool filling = false;
    m_merging.clear();
    m_ended.clear();
    for (auto* ring : m_active) {
        const bool hasEnded = ring->share().ended.load(std::memory_order_acquire);
        const auto published = ring->share().published.load(std::memory_order_acquire);
        const auto [share, slots, capacity] = ring->m_place;
        filling = filling || published - ring->m_drained > capacity / 4;
        auto cut = published;
        // Younger than the moment noted: their causes may not have been seen in this pass.
        while (cut > ring->m_drained && slots[(cut - 1) & (capacity - 1)].time >= until) {
            --cut;
        }
        ring->m_cut = cut;
        if (cut > ring->m_drained) {
            m_merging.push_back(ring);
        }
        if (hasEnded && cut == published) {
            m_ended.push_back(ring);
        }
    }
    return filling;
}

/// Releases what was cut, the oldest of all rings first.
void Trace::merge() {
    const auto timeOf = [](const TraceRing* ring) {
        return ring->m_place.events[ring->m_drained & (ring->m_place.capacity - 1)].time;
    };
    const auto later = [&](const TraceRing* a, const TraceRing* b) { return timeOf(a) > timeOf(b); };
    std::make_heap(m_merging.begin(), m_merging.end(), later);
    while (!m_merging.empty()) {
        std::pop_heap(m_merging.begin(), m_merging.end(), later);
        auto& ring = *m_merging.back();
        const auto mask = ring.m_place.capacity - 1;
        // As long a stretch of one ring as is older than everything in the others.
        auto to = ring.m_cut;
        if (m_merging.size() > 1) {
            const auto other = timeOf(m_merging.front());
            to = ring.m_drained + 1;
            while (to < ring.m_cut && ring.m_place.events[to & mask].time <= other) {
                ++to;
            }
        }
        release(ring, to);
        if (to == ring.m_cut) {
            m_merging.pop_back();
            makeRoom(ring);
        } else {
            std::push_heap(m_merging.begin(), m_merging.end(), later);
        }
    }
}

/// Converts a ring's events up to `to` and gathers them.
void Trace::release(TraceRing& ring, std::uint64_t to) {
    const auto mask = ring.m_place.capacity - 1;
    const Event* const slots = ring.m_place.events;
    auto lastTime = m_lastTime;
    for (auto index = ring.m_drained; index < to; ++index) {
        auto& event = m_batch[m_batched];
        event = slots[index & mask];
        // A thread that lost its processor between reading the clock and publishing comes late: it happened now.
        lastTime = std::max(lastTime, static_cast<std::uint64_t>(m_clock.sinceStart(event.time)));
        event.time = lastTime;
        if (++m_batched == m_batch.size()) {
            m_lastTime = lastTime;
            flushBatch();
        }
    }
    m_lastTime = lastTime;
    if (ring.m_isForeign) {
        for (auto index = ring.m_drained; index < to; ++index) {
            const auto& event = slots[index & mask];
            ring.m_toldLost +=
                event.type() == EventType::EventsLost ? static_cast<std::uint64_t>(event.value()) : std::uint64_t{0};
        }
    }
    ring.m_stored += to - ring.m_drained;
    ring.m_drained = to;
}

/// All up to m_drained has been taken out of the ring.
void Trace::makeRoom(TraceRing& ring) {
    auto& share = ring.share();
    share.tail.store(ring.m_drained, std::memory_order_seq_cst);
    if (share.writerWaits.load(std::memory_order_seq_cst) != 0) {
        share.writerWaits.store(0, std::memory_order_relaxed);
        share.releases.fetch_add(1, std::memory_order_seq_cst);
        wakeAll(share.releases);
    }
}

/// Hands what was gathered to the recording. What finds no room there is lost, and told of as soon as there is.
void Trace::flushBatch() {
    const bool told = m_refusing == 0 || reportRefusals();
    const auto taken = told ? m_recording.append({m_batch.data(), m_batched}) : 0;
    if (taken < m_batched) {
        const std::lock_guard lock(m_mutex);
        for (auto index = taken; index < m_batched; ++index) {
            const auto& event = m_batch[index];
            auto& ring = *m_rings[event.actor];
            // release() has counted them, or is about to, as stored.
            --ring.m_stored;
            ++ring.m_refused;
            m_refusing += ring.m_unreportedRefusals == 0 ? 1 : 0;
            // A lost report of losses: these have to be told of again.
            const auto lostBefore = event.type() == EventType::EventsLost ? event.value() : 0;
            ring.m_unreportedRefusals += 1 + static_cast<std::uint64_t>(lostBefore);
        }
    }
    m_batched = 0;
}

/// Writes an EventsLost event for each actor whose events were refused. False when there is still no room.
bool Trace::reportRefusals() {
    const std::lock_guard lock(m_mutex);
    const auto site = registerSite(eventsLostSite);
    for (const auto& ring : m_rings) {
        if (ring->m_unreportedRefusals == 0) {
            continue;
        }
        const Event report{.time = m_lastTime,
                           .kindAndValue = Event::pack(0, static_cast<std::int64_t>(ring->m_unreportedRefusals)),
                           .connection = 0,
                           .operation = 0,
                           .typeAndSequence = static_cast<std::uint32_t>(EventType::EventsLost),
                           .actor = ring->m_actor,
                           .site = site};
        if (m_recording.append({&report, 1}) == 0) {
            return false;
        }
        ++ring->m_reports;
        ++ring->m_stored;
        ring->m_unreportedRefusals = 0;
        --m_refusing;
    }
    return true;
}

/// Rings of threads that have gone, drained to the end, are for new threads.
void Trace::recycleEnded() {
    const std::lock_guard lock(m_mutex);
    for (auto* ring : m_ended) {
        recycle(*ring);
        if (!ring->m_isForeign) {
            ring->m_free = true;
            m_freeRings.push_back(ring);
        }
    }
}

/// From the first slot again, so that short-lived threads touch few pages.
void Trace::recycle(TraceRing& ring) {
    auto& share = ring.share();
    ring.m_earlier += ring.m_drained;
    if (ring.m_isForeign) {
        ring.m_earlierLost += share.lost.exchange(0, std::memory_order_relaxed);
        ring.m_toldLost = 0;
        share.firstSequence.store(ring.m_sequence, std::memory_order_relaxed);
    }
    ring.m_head = ring.m_knownTail = ring.m_drained = 0;
    share.published.store(0, std::memory_order_relaxed);
    share.tail.store(0, std::memory_order_relaxed);
    share.ended.store(false, std::memory_order_release);
}

void Trace::reportCounts() {
    std::vector<ActorCount> counts;
    {
        const std::lock_guard lock(m_mutex);
        counts.reserve(m_rings.size());
        for (const auto& ring : m_rings) {
            // Emitted is the writer's own count, lost included; while it runs it may be ahead of the other two.
            const auto lost = ring->m_earlierLost + ring->share().lost.load(std::memory_order_acquire);
            const auto published = ring->share().published.load(std::memory_order_acquire);
            counts.push_back(
                {ring->m_earlier + published + ring->m_reports + lost, ring->m_stored, lost + ring->m_refused});
        }
    }
    m_recording.setCounts(std::move(counts));
}

TraceThread::TraceThread(Trace* trace, std::string_view name, Gated gated)
    : m_trace(trace)
    , m_former(currentRing) {
    if (trace != nullptr) {
        m_ring = trace->attach();
    }
    if (m_ring != nullptr) {
        currentRing = m_ring;
        m_ring->m_gated = gated;
        const auto id = trace->recording().intern(name);
        m_ring->share().name.store(id, std::memory_order_relaxed);
        m_ring->share().systemId.store(gettid(), std::memory_order_relaxed);
        m_ring->markSurely(threadStarted, {.value = id});
    }
}

TraceThread::~TraceThread() {
    if (m_ring != nullptr) {
        m_ring->share().systemId.store(0, std::memory_order_relaxed);
        m_ring->markSurely(threadEnded, {});
        currentRing = m_former;
        m_trace->detach(*m_ring);
    }
}

} // namespace lab
