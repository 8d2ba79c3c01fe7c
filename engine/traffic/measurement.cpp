// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/measurement.h"

#include "engine/base/clock.h"

#include <algorithm>

namespace lab {

void Measurement::start() {
    const std::lock_guard lock(m_mutex);
    m_startedAt = monotonicNanoseconds();
}

void Measurement::lastPhaseEnded() {
    const std::lock_guard lock(m_mutex);
    m_lastPhaseEndedAt = monotonicNanoseconds();
}

void Measurement::finish() {
    const std::lock_guard lock(m_mutex);
    m_finishedAt = m_lastPhaseEndedAt != 0 ? std::max(m_lastPhaseEndedAt, m_lastAnswerAt) : monotonicNanoseconds();
}

void Measurement::begun() {
    const std::lock_guard lock(m_mutex);
    ++m_counts.begun;
}

void Measurement::received(std::size_t octets) {
    const std::lock_guard lock(m_mutex);
    m_counts.octets += octets;
}

void Measurement::answered(bool success, std::int64_t firstByteNanoseconds, std::int64_t lastByteNanoseconds) {
    const auto now = monotonicNanoseconds();
    const std::lock_guard lock(m_mutex);
    m_lastAnswerAt = now;
    ++m_counts.answered;
    if (!success) {
        // A quick refusal must not make the latencies look better.
        ++m_counts.otherStatus;
        return;
    }
    m_firstByte.record(firstByteNanoseconds);
    m_lastByte.record(lastByteNanoseconds);
}

void Measurement::failed() {
    const std::lock_guard lock(m_mutex);
    ++m_counts.failed;
}

void Measurement::retried() {
    const std::lock_guard lock(m_mutex);
    ++m_counts.retries;
}

void Measurement::setTrouble(std::string sentence) {
    const std::lock_guard lock(m_mutex);
    if (m_trouble.empty()) {
        m_trouble = std::move(sentence);
    }
}

std::string Measurement::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

TrafficCounts Measurement::counts() const {
    std::unique_lock lock(m_mutex);
    auto counts = m_counts;
    if (m_startedAt != 0) {
        const auto end = m_finishedAt != 0 ? m_finishedAt : monotonicNanoseconds();
        counts.seconds = static_cast<double>(end - m_startedAt) / 1e9;
    }
    const auto firstByte = m_firstByte;
    const auto lastByte = m_lastByte;
    lock.unlock(); // the sums below take long, and the clients must not wait
    counts.firstByte = firstByte.summary();
    counts.lastByte = lastByte.summary();
    return counts;
}

} // namespace lab
