// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/run_series.h"

#include <cstddef>
#include <vector>

namespace lab {

/// One stretch of recorded time in a chart.
struct ChartPoint {
    double seconds = 0; ///< the middle of the stretch
    double requestsPerSecond = 0;
    double p50 = 0; ///< first byte, ns; 0 where nothing was answered
    double p99 = 0;
    bool hasLatency = false;
};

/// Throughput and latency over the recorded time, in at most 240 stretches of equal length; grows with a run at
/// the cost of what is new.
///
/// Role: model behind the charts. Threads: GUI. Owner: the charts' view.
class ChartSeries {
public:
    /// Takes in what `series` has that was not taken in yet.
    void follow(const RunSeries& series);

    /// The finished stretches.
    const std::vector<ChartPoint>& points() const { return m_points; }

    void clear();

private:
    static constexpr std::size_t mostPoints = 240;

    void finishStretch(const RunSeries& series, const RunSeries::Point& upTo);
    void makeCoarser();

    std::uint64_t m_width = 100'000'000; ///< ns
    std::size_t m_nextPoint = 0;         ///< of the series
    RunSeries::Point m_from;             ///< where the stretch under way began
    std::vector<ChartPoint> m_points;
};

} // namespace lab
