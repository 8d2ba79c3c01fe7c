// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lab {

namespace {

// Values below 2,048 have a bucket each; every doubling above that is cut into 1,024 buckets.
constexpr unsigned exactBits = 11;
constexpr std::uint64_t bucketsPerDoubling = std::uint64_t{1} << (exactBits - 1);

} // namespace

std::size_t LatencyHistogram::bucketOf(std::uint64_t value) {
    if (value < (std::uint64_t{1} << exactBits)) {
        return value;
    }
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - exactBits;
    return shift * bucketsPerDoubling + (value >> shift);
}

std::uint64_t LatencyHistogram::middleOf(std::size_t bucket) {
    if (bucket < (std::uint64_t{1} << exactBits)) {
        return bucket;
    }
    const auto shift = bucket / bucketsPerDoubling - 1;
    const auto lowest = (bucket - shift * bucketsPerDoubling) << shift;
    return lowest + (std::uint64_t{1} << shift) / 2;
}

void LatencyHistogram::record(std::int64_t nanoseconds) {
    const auto value = std::clamp<std::int64_t>(nanoseconds, 0, longestNanoseconds);
    const auto bucket = bucketOf(static_cast<std::uint64_t>(value));
    if (bucket >= m_buckets.size()) {
        m_buckets.resize(bucket + 1);
    }
    ++m_buckets[bucket];
    m_minimum = m_count == 0 ? value : std::min(m_minimum, value);
    m_maximum = std::max(m_maximum, value);
    m_sum += static_cast<double>(value);
    ++m_count;
}

void LatencyHistogram::add(const LatencyHistogram& other) {
    if (other.m_count == 0) {
        return;
    }
    m_buckets.resize(std::max(m_buckets.size(), other.m_buckets.size()));
    for (std::size_t bucket = 0; bucket < other.m_buckets.size(); ++bucket) {
        m_buckets[bucket] += other.m_buckets[bucket];
    }
    m_minimum = m_count == 0 ? other.m_minimum : std::min(m_minimum, other.m_minimum);
    m_maximum = std::max(m_maximum, other.m_maximum);
    m_sum += other.m_sum;
    m_count += other.m_count;
}

double LatencyHistogram::mean() const { return m_count == 0 ? 0 : m_sum / static_cast<double>(m_count); }

std::int64_t LatencyHistogram::quantile(double fraction) const {
    const auto share = std::ceil(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(m_count));
    const auto wanted = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < m_buckets.size(); ++bucket) {
        seen += m_buckets[bucket];
        if (seen >= wanted) {
            return std::clamp(static_cast<std::int64_t>(middleOf(bucket)), m_minimum, m_maximum);
        }
    }
    return m_maximum;
}

LatencySummary LatencyHistogram::summary() const {
    const auto microseconds = [](auto nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; };
    return {.minimum = microseconds(minimum()),
            .mean = microseconds(mean()),
            .p50 = microseconds(quantile(0.5)),
            .p90 = microseconds(quantile(0.9)),
            .p99 = microseconds(quantile(0.99)),
            .p999 = microseconds(quantile(0.999)),
            .maximum = microseconds(maximum())};
}

} // namespace lab
