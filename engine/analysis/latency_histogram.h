// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/analysis/latency_summary.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lab {

/// Counts latencies in buckets whose width grows with the value, so that three significant digits are kept
/// from a nanosecond to an hour, in little memory and with one addition a value.
///
/// Role: measurement. Decides: the resolution (a bucket is at most a 1,024th of its values wide).
/// Threads: one at a time. Owner: whoever measures. A value: copy it to look at it elsewhere, add to merge.
class LatencyHistogram {
public:
    /// `nanoseconds` below 0 count as 0, above longestNanoseconds as that.
    void record(std::int64_t nanoseconds);

    /// Adds everything that `other` has counted: as if it had been recorded here.
    void add(const LatencyHistogram& other);

    std::uint64_t count() const { return m_count; }
    std::int64_t minimum() const { return m_minimum; } ///< exact, ns; 0 when nothing was counted
    std::int64_t maximum() const { return m_maximum; } ///< exact, ns
    double mean() const;                               ///< exact, ns

    /// The smallest value, to three digits, that at least `fraction` (0 to 1) of all are not above; ns.
    std::int64_t quantile(double fraction) const;

    /// In microseconds.
    LatencySummary summary() const;

    static constexpr std::int64_t longestNanoseconds = (std::int64_t{1} << 42) - 1; ///< 73 minutes

private:
    static std::size_t bucketOf(std::uint64_t value);
    static std::uint64_t middleOf(std::size_t bucket);

    std::vector<std::uint64_t> m_buckets; ///< as far as they are used
    std::uint64_t m_count = 0;
    double m_sum = 0;
    std::int64_t m_minimum = 0;
    std::int64_t m_maximum = 0;
};

} // namespace lab
