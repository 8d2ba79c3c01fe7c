// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace lab {

/// Nanoseconds of CLOCK_MONOTONIC.
std::int64_t monotonicNanoseconds();

/// The cheapest clock that is the same on every processor: the time stamp counter where the kernel says
/// that it is invariant, CLOCK_MONOTONIC otherwise. Ticks mean nothing without a TickClock.
///
/// Role: time stamps of trace events. Threads: any. Owner: each Trace has its own calibration.
class TickClock {
public:
    /// Starts the calibration: remembers ticks and nanoseconds now.
    TickClock();

    /// Never earlier than what the thread has read before: the counter alone may be read ahead of that, and an effect
    /// would then be older than its cause.
    static std::uint64_t now() {
#if defined(__x86_64__)
        if (s_counterIsInvariant) {
            _mm_lfence();
            return __rdtsc();
        }
#endif
        return static_cast<std::uint64_t>(monotonicNanoseconds());
    }

    /// As now(), and not later than what the thread reads afterwards.
    static std::uint64_t nowBeforeReading() {
        const auto ticks = now();
#if defined(__x86_64__)
        _mm_lfence();
#endif
        return ticks;
    }

    /// Nanoseconds from construction to `ticks`; 0 for a moment before it.
    /// The rate is measured once, over the first 20 ms or the kernel's own figure where it gives one.
    std::int64_t sinceStart(std::uint64_t ticks) const {
        return ticks <= m_startTicks
                   ? 0
                   : static_cast<std::int64_t>(static_cast<double>(ticks - m_startTicks) * m_nanosecondsPerTick);
    }

    /// CLOCK_MONOTONIC at construction, in nanoseconds: what sinceStart() counts from.
    std::int64_t startNanoseconds() const { return m_startNanoseconds; }

private:
    static const bool s_counterIsInvariant;

    std::uint64_t m_startTicks;
    std::int64_t m_startNanoseconds;
    double m_nanosecondsPerTick;
};

} // namespace lab
