// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/measurement.h"

#include "engine/base/clock.h"

#include <algorithm>

namespace lab {

void Measurement::start() {
    const std::lock_guard lock(m_mutex);
    m_startedAt = monotonicNanoseconds();
}

void Measurement::enterPhase(std::size_t index, const std::string& name) {
    const auto now = monotonicNanoseconds();
    const std::lock_guard lock(m_mutex);
    leavePhase(now);
    if (index >= m_phases.size()) {
        m_phases.resize(index + 1);
    }
    m_phases[index].counts.name = name;
    m_phase = index;
    m_phaseSince = now;
}

void Measurement::leavePhase(std::int64_t now) {
    if (m_phaseSince != 0) {
        m_phases[m_phase].nanoseconds += now - m_phaseSince;
        m_phaseSince = 0;
    }
}

void Measurement::lastPhaseEnded() {
    const std::lock_guard lock(m_mutex);
    m_lastPhaseEndedAt = monotonicNanoseconds();
}

void Measurement::finish() {
    const std::lock_guard lock(m_mutex);
    m_finishedAt = m_lastPhaseEndedAt != 0 ? std::max(m_lastPhaseEndedAt, m_lastAnswerAt) : monotonicNanoseconds();
    leavePhase(m_finishedAt);
}

void Measurement::begun() {
    const std::lock_guard lock(m_mutex);
    ++m_counts.begun;
}

void Measurement::received(std::size_t octets) {
    const std::lock_guard lock(m_mutex);
    m_counts.octets += octets;
    if (auto* present = phase()) {
        present->counts.octets += octets;
    }
}

void Measurement::answered(bool success, std::int64_t firstByteNanoseconds, std::int64_t lastByteNanoseconds) {
    const auto now = monotonicNanoseconds();
    const std::lock_guard lock(m_mutex);
    m_lastAnswerAt = now;
    ++m_counts.answered;
    auto* present = phase();
    if (present != nullptr) {
        ++present->counts.answered;
    }
    if (!success) {
        // A quick refusal must not make the latencies look better.
        ++m_counts.otherStatus;
        if (present != nullptr) {
            ++present->counts.errors;
        }
        return;
    }
    m_firstByte.record(firstByteNanoseconds);
    m_lastByte.record(lastByteNanoseconds);
    if (present != nullptr) {
        present->lastByte.record(lastByteNanoseconds);
    }
}

void Measurement::failed() {
    const std::lock_guard lock(m_mutex);
    ++m_counts.failed;
    if (auto* present = phase()) {
        ++present->counts.errors;
    }
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

std::vector<PhaseCounts> Measurement::phases() const {
    std::unique_lock lock(m_mutex);
    auto phases = m_phases;
    if (m_phaseSince != 0) {
        phases[m_phase].nanoseconds += monotonicNanoseconds() - m_phaseSince;
    }
    lock.unlock(); // as below
    std::vector<PhaseCounts> counts;
    for (auto& one : phases) {
        one.counts.seconds = static_cast<double>(one.nanoseconds) / 1e9;
        one.counts.lastByte = one.lastByte.summary();
        counts.push_back(std::move(one.counts));
    }
    return counts;
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
