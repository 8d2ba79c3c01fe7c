// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/chart_series.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

double percentile(std::vector<float>& values, double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    const auto place = values.begin() + static_cast<long>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

} // namespace

void ChartSeries::clear() { *this = {}; }

void ChartSeries::follow(const RunSeries& series) {
    const auto& all = series.points();
    for (; m_nextPoint < all.size(); ++m_nextPoint) {
        const auto& point = all[m_nextPoint];
        if (point.time - m_from.time >= m_width) {
            finishStretch(series, point);
            if (m_points.size() >= mostPoints) {
                makeCoarser();
                return; // what was taken in is taken in again, in longer stretches, at the next call
            }
        }
    }
}

void ChartSeries::finishStretch(const RunSeries& series, const RunSeries::Point& upTo) {
    const auto seconds = static_cast<double>(upTo.time - m_from.time) / 1e9;
    ChartPoint point;
    point.seconds = static_cast<double>(m_from.time + upTo.time) / 2e9;
    point.requestsPerSecond = static_cast<double>(upTo.totals.requests - m_from.totals.requests) / seconds;
    const auto& latencies = series.latencies();
    std::vector<float> window(latencies.begin() + static_cast<long>(m_from.latencies),
                              latencies.begin() + static_cast<long>(upTo.latencies));
    if (!window.empty()) {
        point.hasLatency = true;
        point.p50 = percentile(window, 0.5);
        point.p99 = percentile(window, 0.99);
    }
    m_points.push_back(point);
    m_from = upTo;
}

void ChartSeries::makeCoarser() {
    const auto width = m_width * 2;
    clear();
    m_width = width;
}

} // namespace lab
