// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/run_series.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr std::uint64_t second = 1'000'000'000;

/// Percentile of values whose order may be changed.
double percentile(std::vector<float>& values, double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    const auto place = values.begin() + static_cast<long>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

double perSecond(double difference, double seconds) { return seconds > 0 ? difference / seconds : 0; }

} // namespace

void RunSeries::add(std::span<const Event> events, const LabState& state) {
    for (const auto& event : events) {
        if (event.type() == EventType::ClientFirstByte) {
            m_latencies.push_back(static_cast<float>(event.value()));
        }
    }
    if (m_beginning.next == 0 && !events.empty()) {
        m_beginning.next = state.next - events.size() + 1;
        m_beginning.time = events.front().time;
    }
    if (state.next % spacing == 0) {
        m_points.push_back({state.next, state.time, m_latencies.size(), state.completionQueue.popped, state.totals});
    }
}

const RunSeries::Point* RunSeries::lastPointAt(std::size_t next) const {
    const auto place = std::ranges::upper_bound(m_points, next, {}, &Point::next);
    return place == m_points.begin() ? nullptr : &*std::prev(place);
}

const RunSeries::Point& RunSeries::before(const LabState& state) const {
    const auto limit = state.time > second ? state.time - second : 0;
    const auto end = std::ranges::upper_bound(m_points, state.next, {}, &Point::next);
    const auto place = std::upper_bound(m_points.begin(), end, limit,
                                        [](std::uint64_t time, const Point& point) { return time < point.time; });
    return place == m_points.begin() ? m_beginning : *std::prev(place);
}

FlowRates RunSeries::flowRates(const LabState& state) const {
    const auto& from = before(state);
    LabState earlier;
    earlier.next = from.next;
    earlier.time = from.time;
    earlier.totals = from.totals;
    earlier.completionQueue.popped = from.completionsPopped;
    return FlowRates::between(earlier, state);
}

MetricValues RunSeries::metrics(const LabState& state, const RecordingView& view) const {
    const auto& from = before(state);
    const auto seconds = state.time > from.time ? static_cast<double>(state.time - from.time) / 1e9 : 0;
    MetricValues values;
    values.windowSeconds = seconds;
    values.requestsPerSecond = perSecond(static_cast<double>(state.totals.requests - from.totals.requests), seconds);
    const auto switches = state.totals.voluntarySwitches + state.totals.involuntarySwitches -
                          from.totals.voluntarySwitches - from.totals.involuntarySwitches;
    values.switchesPerSecond = perSecond(static_cast<double>(switches), seconds);
    values.processorShare = perSecond(
        static_cast<double>(state.totals.processorNanoseconds - from.totals.processorNanoseconds) / 1e9, seconds);

    // Latencies between the points come from the list, those after the last point from the events themselves.
    const auto* last = lastPointAt(state.next);
    const auto begin = from.latencies;
    const auto end = last != nullptr ? std::max(last->latencies, begin) : begin;
    std::vector<float> window(m_latencies.begin() + static_cast<long>(begin),
                              m_latencies.begin() + static_cast<long>(end));
    const auto tail = std::max(last != nullptr ? last->next : 0, view.first());
    for (auto index = tail; index < std::min(state.next, view.end()); ++index) {
        if (view[index].type() == EventType::ClientFirstByte) {
            window.push_back(static_cast<float>(view[index].value()));
        }
    }
    if (!window.empty()) {
        values.firstByteP50 = percentile(window, 0.5);
        values.firstByteP99 = percentile(window, 0.99);
    }
    return values;
}

} // namespace lab
