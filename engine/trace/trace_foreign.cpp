// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace.h"

#include <utility>

namespace lab {

TraceRing* Trace::attachForeign(RingPlace place) {
    const std::lock_guard lock(m_mutex);
    auto* ring = freeRing();
    if (ring == nullptr) {
        return nullptr;
    }
    place.share->firstSequence.store(ring->m_sequence, std::memory_order_relaxed);
    place.share->readerEnded.store(m_collectorEnded.load());
    ring->m_ownSlots.reset();
    ring->m_earlierLost += ring->m_ownShare->lost.exchange(0, std::memory_order_relaxed);
    ring->m_place = place;
    ring->m_isForeign = true;
    ring->m_toldLost = 0;
    ring->m_free = false;
    return ring;
}

void Trace::endForeign(TraceRing& ring, const std::function<void()>& tell) {
    ring.takeOver();
    ring.awaitRoom(1);
    ring.reportLost();
    auto* const former = std::exchange(currentRing, &ring);
    tell();
    currentRing = former;
    ring.share().systemId.store(0, std::memory_order_relaxed);
    detach(ring);
}

void Trace::detachForeign(std::span<TraceRing* const> rings) {
    flush();
    {
        const std::lock_guard lock(m_mutex);
        for (auto* ring : rings) {
            ring->m_free = true;
        }
    }
    flush(); // the collector's next pass leaves them alone, and the one that did not has ended
    const std::lock_guard lock(m_mutex);
    for (auto* ring : rings) {
        recycle(*ring);
        ring->m_place = {ring->m_ownShare.get(), nullptr, 0};
        ring->m_isForeign = false;
        m_freeRings.push_back(ring);
    }
}

} // namespace lab
