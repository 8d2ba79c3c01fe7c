// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/span_lane.h"

#include <algorithm>
#include <numeric>

namespace lab {

namespace {

constexpr auto fan2 = SpanLane::fan * SpanLane::fan;
constexpr auto fan3 = fan2 * SpanLane::fan;

template <typename List>
void noteIn(List& longest, std::size_t group, std::uint64_t length) {
    if (group == longest.size()) {
        longest.push_back(length);
    } else {
        longest[group] = std::max(longest[group], length);
    }
}

} // namespace

bool LaneSpan::continues(const LaneSpan& earlier) const {
    return begin == earlier.end && workValue == earlier.workValue && blocked == earlier.blocked &&
           callValue == earlier.callValue && hookValue == earlier.hookValue && kindValue == earlier.kindValue &&
           connection == earlier.connection && operation == earlier.operation && actor == earlier.actor;
}

std::uint64_t LaneTotals::allRunning() const {
    return std::accumulate(running.begin(), running.end(), std::uint64_t{0});
}
std::uint64_t LaneTotals::allBlocked() const {
    return std::accumulate(blocked.begin(), blocked.end(), std::uint64_t{0});
}

void LaneTotals::add(const LaneSpan& span, std::uint64_t nanoseconds) {
    (span.blocked ? blocked : running)[span.workValue] += nanoseconds;
}

LaneTotals& LaneTotals::operator+=(const LaneTotals& other) {
    for (std::size_t work = 0; work < running.size(); ++work) {
        running[work] += other.running[work];
        blocked[work] += other.blocked[work];
    }
    return *this;
}

LaneTotals& LaneTotals::operator-=(const LaneTotals& other) {
    for (std::size_t work = 0; work < running.size(); ++work) {
        running[work] -= other.running[work];
        blocked[work] -= other.blocked[work];
    }
    return *this;
}

void SpanLane::append(const LaneSpan& span) {
    if (span.end <= span.begin && !m_spans.empty() && m_spans.back().end == span.begin &&
        span.continues(m_spans.back())) {
        return;
    }
    if (!m_spans.empty() && span.continues(m_spans.back())) {
        m_spans.back().end = span.end;
        noteLength(m_spans.size() - 1);
        return;
    }
    if (!m_spans.empty()) {
        m_all.add(m_spans.back(), m_spans.back().length());
    }
    if (m_spans.size() % fan == 0) {
        m_before.push_back(m_all);
        m_begins.push_back(span.begin);
    }
    m_spans.push_back(span);
    noteLength(m_spans.size() - 1);
}

void SpanLane::noteLength(std::size_t index) {
    const auto length = m_spans[index].length();
    noteIn(m_longest16, index / fan, length);
    noteIn(m_longest256, index / fan2, length);
    noteIn(m_longest4096, index / fan3, length);
}

void SpanLane::dropBefore(std::uint64_t nanoseconds) {
    // Whole groups of the highest level only, so that the groups below stay where they are.
    while (m_spans.size() > chunk && m_spans[chunk - 1].end < nanoseconds) {
        m_spans.dropChunk();
        m_before.dropChunk();
        m_begins.dropChunk();
        m_longest16.dropChunk();
        m_longest256.dropChunk();
        m_longest4096.dropChunk();
    }
}

std::size_t SpanLane::atTime(std::uint64_t nanoseconds) const {
    return m_spans.partition([nanoseconds](const LaneSpan& span) { return span.end <= nanoseconds; });
}

std::optional<std::size_t> SpanLane::atEvent(std::size_t event) const {
    const auto later = m_spans.partition([event](const LaneSpan& span) { return span.event <= event; });
    return later == 0 ? std::nullopt : std::optional(later - 1);
}

/// The last group of 16 that begins at or before `nanoseconds`; there must be one group at least.
std::size_t SpanLane::groupAt(std::uint64_t nanoseconds, std::size_t hint) const {
    // In growing strides from the hint: neighbouring pixels are near each other.
    auto group = std::min(hint, m_begins.size() - 1);
    if (m_begins[group] > nanoseconds) {
        group = 0;
    }
    const auto beginsLater = [&](std::size_t candidate) {
        return candidate >= m_begins.size() || m_begins[candidate] > nanoseconds;
    };
    std::size_t stride = 1;
    while (!beginsLater(group + stride)) {
        group += stride;
        stride *= 2;
    }
    for (; stride > 0; stride /= 2) {
        if (!beginsLater(group + stride)) {
            group += stride;
        }
    }
    return group;
}

LaneTotals SpanLane::groupsBefore(std::uint64_t nanoseconds, std::size_t& hint) const {
    if (m_spans.empty()) {
        return {};
    }
    hint = groupAt(nanoseconds, hint);
    return m_before[hint];
}

LaneTotals SpanLane::totalsBefore(std::uint64_t nanoseconds, std::size_t& hint) const {
    if (m_spans.empty()) {
        return {};
    }
    const auto group = groupAt(nanoseconds, hint);
    hint = group;
    LaneTotals totals = m_before[group];
    const auto last = std::min((group + 1) * fan, m_spans.size());
    for (auto i = group * fan; i < last && m_spans[i].begin < nanoseconds; ++i) {
        totals.add(m_spans[i], std::min(m_spans[i].end, nanoseconds) - m_spans[i].begin);
    }
    return totals;
}

LaneTotals SpanLane::totals(std::uint64_t begin, std::uint64_t end) const {
    if (end <= begin) {
        return {};
    }
    std::size_t hint = 0;
    const auto before = totalsBefore(begin, hint);
    LaneTotals totals = totalsBefore(end, hint);
    totals -= before;
    return totals;
}

std::size_t SpanLane::shortRun(std::size_t index, std::uint64_t nanoseconds) const {
    const auto start = index;
    const auto end = m_spans.size();
    while (index < end) {
        if (index % fan3 == 0 && m_longest4096[index / fan3] < nanoseconds) {
            index += fan3;
        } else if (index % fan2 == 0 && m_longest256[index / fan2] < nanoseconds) {
            index += fan2;
        } else if (index % fan == 0 && m_longest16[index / fan] < nanoseconds) {
            index += fan;
        } else if (m_spans[index].length() < nanoseconds) {
            ++index;
        } else {
            break;
        }
    }
    return std::min(index, end) - start;
}

std::size_t SpanLane::memory() const {
    return m_spans.size() * sizeof(LaneSpan) + m_before.size() * (sizeof(LaneTotals) + 2 * sizeof(std::uint64_t));
}

} // namespace lab
