// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>

namespace lab {

/// Random numbers that depend on nothing but a seed and a stream's number: SplitMix64 (Steele, Lea, Flood, 2014).
///
/// Eight octets, so that each of 20,000 clients has its own, and what one asks does not depend on when another
/// one asks. The same on every machine, unlike the distributions of the standard library.
class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::uint64_t stream)
        : m_state(mix(seed) ^ mix(stream + golden)) {}

    std::uint64_t next() { return mix(m_state += golden); }

    /// In [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

    /// Exponentially distributed around `mean`.
    double exponential(double mean) { return -mean * std::log1p(-uniform()); }

private:
    static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;

    static std::uint64_t mix(std::uint64_t value) {
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
    }

    std::uint64_t m_state;
};

} // namespace lab
