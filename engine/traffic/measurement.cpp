// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/measurement.h"

#include "engine/base/clock.h"

#include <algorithm>

namespace lab {

template <typename Count>
void Measurement::countFor(std::size_t group, Count count) {
    if (group < m_groups.size()) {
        count(m_groups[group]);
    }
    if (m_phase < m_phases.size()) {
        count(m_phases[m_phase]);
    }
}

void Measurement::setGroups(std::vector<std::string> names) {
    const std::lock_guard lock(m_mutex);
    m_groups.resize(names.size());
    for (std::size_t index = 0; index < names.size(); ++index) {
        m_groups[index].counts.name = std::move(names[index]);
    }
}

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

void Measurement::received(std::size_t group, std::size_t octets) {
    const std::lock_guard lock(m_mutex);
    m_counts.octets += octets;
    countFor(group, [&](Part& part) { part.counts.octets += octets; });
}

void Measurement::answered(std::size_t group, bool success, std::int64_t firstByteNanoseconds,
                           std::int64_t lastByteNanoseconds) {
    const auto now = monotonicNanoseconds();
    const std::lock_guard lock(m_mutex);
    m_lastAnswerAt = now;
    ++m_counts.answered;
    // A quick refusal must not make the latencies look better.
    if (success) {
        m_firstByte.record(firstByteNanoseconds);
        m_lastByte.record(lastByteNanoseconds);
    } else {
        ++m_counts.otherStatus;
    }
    countFor(group, [&](Part& part) {
        ++part.counts.answered;
        if (success) {
            part.lastByte.record(lastByteNanoseconds);
        } else {
            ++part.counts.errors;
        }
    });
}

void Measurement::failed(std::size_t group) {
    const std::lock_guard lock(m_mutex);
    ++m_counts.failed;
    countFor(group, [](Part& part) { ++part.counts.errors; });
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

double Measurement::secondsNow() const {
    if (m_startedAt == 0) {
        return 0;
    }
    const auto end = m_finishedAt != 0 ? m_finishedAt : monotonicNanoseconds();
    return static_cast<double>(end - m_startedAt) / 1e9;
}

std::vector<PartCounts> Measurement::groups() const {
    std::unique_lock lock(m_mutex);
    auto groups = m_groups;
    const auto seconds = secondsNow();
    lock.unlock(); // as below
    std::vector<PartCounts> counts;
    for (auto& one : groups) {
        one.counts.seconds = seconds;
        one.counts.lastByte = one.lastByte.summary();
        counts.push_back(std::move(one.counts));
    }
    return counts;
}

std::vector<PartCounts> Measurement::phases() const {
    std::unique_lock lock(m_mutex);
    auto phases = m_phases;
    if (m_phaseSince != 0) {
        phases[m_phase].nanoseconds += monotonicNanoseconds() - m_phaseSince;
    }
    lock.unlock(); // as below
    std::vector<PartCounts> counts;
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
    counts.seconds = secondsNow();
    const auto firstByte = m_firstByte;
    const auto lastByte = m_lastByte;
    lock.unlock(); // the sums below take long, and the clients must not wait
    counts.firstByte = firstByte.summary();
    counts.lastByte = lastByte.summary();
    return counts;
}

} // namespace lab
