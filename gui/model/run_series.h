// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/trace/recording.h"
#include "gui/scene/stage_input.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lab {

/// What the metrics bar shows at one event.
struct MetricValues {
    double requestsPerSecond = 0;
    std::optional<double> firstByteP50; ///< ns
    std::optional<double> firstByteP99; ///< ns
    double switchesPerSecond = 0;
    double processorShare = 0; ///< 1: one whole processor
    double windowSeconds = 0;  ///< that the rates were taken over: the last second, or a little more
};

/// The totals of a recording every 256 events, and every latency in order: what rates, metrics and charts at
/// any event are taken from. A fold of the recording alone, whenever and in whatever pieces it is followed.
///
/// Role: metrics' memory. Threads: one at a time. Owner: RecordingFollower.
class RunSeries {
public:
    static constexpr std::size_t spacing = 256;

    struct Point {
        std::size_t next = 0;
        std::uint64_t time = 0;    ///< ns
        std::size_t latencies = 0; ///< so many before this point
        std::uint64_t completionsPopped = 0;
        Totals totals;
    };

    /// `events` are those from `state.next - events.size()` on; `state` is the fold with them. A call never
    /// goes past a multiple of `spacing`.
    void add(std::span<const Event> events, const LabState& state);

    /// The rates at `state`, over about the second before it.
    FlowRates flowRates(const LabState& state) const;

    /// `view` must hold the events just before `state.next`.
    MetricValues metrics(const LabState& state, const RecordingView& view) const;

    const std::vector<Point>& points() const { return m_points; }
    /// Nanoseconds from the intended start to the first byte, in the order of the recording.
    const std::vector<float>& latencies() const { return m_latencies; }

private:
    /// The newest point at least a second before `state`; the beginning where there is none.
    const Point& before(const LabState& state) const;
    const Point* lastPointAt(std::size_t next) const;

    Point m_beginning;
    std::vector<Point> m_points;
    std::vector<float> m_latencies;
};

} // namespace lab
