// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lab {

/// How evenly pictures came, in milliseconds.
struct FrameFigures {
    std::size_t frames = 0;
    double p50 = 0;
    double p95 = 0;
    double p99 = 0;
    double maximum = 0;
    double within17 = 0; ///< share of the frames, 0 to 1
    double within33 = 0;
};

/// Intervals between frames, and the time that painting took: of the last 240 frames and of the whole run.
///
/// Role: the frame-time overlay and report. A value; GUI thread.
class FrameStatistics {
public:
    static constexpr std::size_t window = 240;

    void addInterval(double milliseconds);
    void addPaint(double milliseconds);

    FrameFigures recentIntervals() const { return m_intervals.recent(); }
    FrameFigures recentPaints() const { return m_paints.recent(); }
    FrameFigures allIntervals() const { return m_intervals.all(); }
    FrameFigures allPaints() const { return m_paints.all(); }

private:
    /// The last values exactly, all of them in steps of a tenth of a millisecond.
    class Series {
    public:
        void add(double milliseconds);
        FrameFigures recent() const;
        FrameFigures all() const;

    private:
        std::array<double, window> m_last{};
        std::array<std::uint32_t, 10'001> m_counts{}; ///< index: tenths of a millisecond, the last one: more
        std::size_t m_frames = 0;
        double m_maximum = 0;
    };

    Series m_intervals;
    Series m_paints;
};

} // namespace lab
