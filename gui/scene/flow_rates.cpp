// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_input.h"

#include <initializer_list>
#include <numeric>

namespace lab {

namespace {

template <typename Enum, typename Counts>
double grown(const Counts& earlier, const Counts& later, std::initializer_list<Enum> which) {
    double sum = 0;
    for (const auto one : which) {
        const auto index = static_cast<std::size_t>(one);
        sum += static_cast<double>(later[index]) - static_cast<double>(earlier[index]);
    }
    return sum;
}

template <typename Counts>
double grownInAll(const Counts& earlier, const Counts& later) {
    return static_cast<double>(std::accumulate(later.begin(), later.end(), std::uint64_t{0})) -
           static_cast<double>(std::accumulate(earlier.begin(), earlier.end(), std::uint64_t{0}));
}

} // namespace

FlowRates FlowRates::between(const LabState& earlier, const LabState& later) {
    FlowRates rates;
    if (later.time <= earlier.time) {
        return rates;
    }
    const double seconds = static_cast<double>(later.time - earlier.time) / 1e9;
    const auto& a = earlier.totals;
    const auto& b = later.totals;
    rates.events = (static_cast<double>(b.events) - static_cast<double>(a.events)) / seconds;
    rates.accepts = (static_cast<double>(b.accepted) - static_cast<double>(a.accepted)) / seconds;
    rates.reads = (grown(a.calls, b.calls, {SystemCall::Read}) +
                   grown(a.operationsCompleted, b.operationsCompleted, {Operation::Read})) /
                  seconds;
    rates.writes =
        (grown(a.calls, b.calls, {SystemCall::Write, SystemCall::Writev, SystemCall::Sendfile, SystemCall::Splice}) +
         grown(a.operationsCompleted, b.operationsCompleted, {Operation::Write, Operation::Transmit})) /
        seconds;
    rates.hooks = grownInAll(a.hooksEntered, b.hooksEntered) / seconds;
    rates.completions =
        (static_cast<double>(later.completionQueue.popped) - static_cast<double>(earlier.completionQueue.popped)) /
        seconds;
    rates.requests = (static_cast<double>(b.requests) - static_cast<double>(a.requests)) / seconds;
    return rates;
}

} // namespace lab
