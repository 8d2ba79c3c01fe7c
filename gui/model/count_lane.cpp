// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/count_lane.h"

#include <algorithm>

namespace lab {

void CountLane::change(std::uint64_t nanoseconds, std::uint32_t count) {
    m_most = std::max(m_most, count);
    if (m_changes.size() % fan == 0) {
        const auto area = areaBefore(m_changes.size(), nanoseconds);
        m_groups.push_back({count, count, area});
    }
    m_changes.push_back({nanoseconds, count});
    auto& group = m_groups.back();
    group.least = std::min(group.least, count);
    group.most = std::max(group.most, count);
}

void CountLane::dropBefore(std::uint64_t nanoseconds) {
    while (m_changes.size() > fan && m_changes[fan].time < nanoseconds) {
        m_changes.erase(m_changes.begin(), m_changes.begin() + static_cast<std::ptrdiff_t>(fan));
        m_groups.pop_front();
    }
}

/// Index of the first change after `nanoseconds`.
std::size_t CountLane::after(std::uint64_t nanoseconds) const {
    const auto found = std::partition_point(m_changes.begin(), m_changes.end(),
                                            [nanoseconds](const Change& change) { return change.time <= nanoseconds; });
    return static_cast<std::size_t>(found - m_changes.begin());
}

/// Count times nanoseconds up to `nanoseconds`, where `next` is the first change after it.
double CountLane::areaBefore(std::size_t next, std::uint64_t nanoseconds) const {
    if (next == 0) {
        return m_groups.empty() ? 0 : m_groups.front().areaBefore;
    }
    const auto group = (next - 1) / fan;
    double area = m_groups[group].areaBefore;
    for (auto i = group * fan; i < next; ++i) {
        const auto end = i + 1 < next ? m_changes[i + 1].time : nanoseconds;
        area += static_cast<double>(m_changes[i].count) * static_cast<double>(end - m_changes[i].time);
    }
    return area;
}

CountLane::Extent CountLane::extent(std::uint64_t begin, std::uint64_t end) const {
    if (m_changes.empty() || end <= begin) {
        return {};
    }
    const auto first = after(begin); // the count at `begin` is that of the change before
    const auto last = after(end - 1);
    Extent extent;
    extent.least = extent.most = first == 0 ? 0 : m_changes[first - 1].count;
    const auto take = [&extent](std::uint32_t least, std::uint32_t most) {
        extent.least = std::min(extent.least, least);
        extent.most = std::max(extent.most, most);
    };
    for (auto i = first; i < last;) {
        if (i % fan == 0 && i + fan <= last) {
            take(m_groups[i / fan].least, m_groups[i / fan].most);
            i += fan;
        } else {
            take(m_changes[i].count, m_changes[i].count);
            ++i;
        }
    }
    extent.mean = (areaBefore(last, end) - areaBefore(first, begin)) / static_cast<double>(end - begin);
    return extent;
}

std::size_t CountLane::memory() const { return m_changes.size() * sizeof(Change) + m_groups.size() * sizeof(Group); }

} // namespace lab
