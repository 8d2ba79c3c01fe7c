// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lab {

/// Of one kind of latency, in microseconds.
struct LatencySummary {
    double minimum = 0;
    double mean = 0;
    double p50 = 0;
    double p90 = 0;
    double p99 = 0;
    double p999 = 0;
    double maximum = 0;
};

} // namespace lab
