// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/frame_statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lab {

void FrameStatistics::addInterval(double milliseconds) { m_intervals.add(milliseconds); }

void FrameStatistics::addPaint(double milliseconds) { m_paints.add(milliseconds); }

void FrameStatistics::Series::add(double milliseconds) {
    m_last[m_frames++ % window] = milliseconds;
    const auto tenths = static_cast<std::size_t>(std::max(0.0, std::ceil(milliseconds * 10)));
    ++m_counts[std::min(tenths, m_counts.size() - 1)];
    m_maximum = std::max(m_maximum, milliseconds);
}

FrameFigures FrameStatistics::Series::recent() const {
    std::vector<double> sorted(m_last.begin(), m_last.begin() + static_cast<long>(std::min(m_frames, window)));
    if (sorted.empty()) {
        return {};
    }
    std::ranges::sort(sorted);
    const auto at = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
        return sorted[std::max<std::size_t>(rank, 1) - 1];
    };
    const auto within = [&](double limit) {
        const auto count = std::ranges::upper_bound(sorted, limit) - sorted.begin();
        return static_cast<double>(count) / static_cast<double>(sorted.size());
    };
    return {sorted.size(), at(0.5), at(0.95), at(0.99), sorted.back(), within(17), within(33)};
}

FrameFigures FrameStatistics::Series::all() const {
    if (m_frames == 0) {
        return {};
    }
    const auto upTo = [&](std::size_t tenths) {
        std::size_t sum = 0;
        for (std::size_t index = 0; index <= tenths; ++index) {
            sum += m_counts[index];
        }
        return sum;
    };
    const auto at = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(m_frames)));
        std::size_t seen = 0;
        for (std::size_t index = 0; index < m_counts.size(); ++index) {
            seen += m_counts[index];
            if (seen >= rank) {
                return std::min(static_cast<double>(index) / 10, m_maximum);
            }
        }
        return m_maximum;
    };
    const auto frames = static_cast<double>(m_frames);
    return {m_frames,
            at(0.5),
            at(0.95),
            at(0.99),
            m_maximum,
            static_cast<double>(upTo(170)) / frames,
            static_cast<double>(upTo(330)) / frames};
}

} // namespace lab
