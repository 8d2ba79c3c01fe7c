// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/clock.h"

#include <atomic>
#include <cstdint>
#include <limits>

namespace lab {

/// What those of other processes see of a gate: whether they have to ask, and the lab's time. Holds no address.
///
/// Threads: written by one at a time, with the gate's lock held; read by any, in any process, without a lock.
class GateFace {
public:
    /// How the lab's time stands; see Gate::now().
    struct Time {
        bool stands = false;
        std::int64_t since = 0;                                        ///< CLOCK_MONOTONIC
        std::int64_t until = std::numeric_limits<std::int64_t>::max(); ///< then it passes again by itself
        std::int64_t stoodInAll = 0;                                   ///< before that
    };

    bool engaged() const { return m_engaged.load(std::memory_order_relaxed); }
    const std::atomic<bool>& engagedFlag() const { return m_engaged; }

    std::int64_t now() const {
        Time time;
        std::uint32_t version = 0;
        do { // a writer that lost its processor in between is waited for
            version = m_version.load(std::memory_order_acquire);
            time = {.stands = m_stands.load(std::memory_order_acquire),
                    .since = m_since.load(std::memory_order_acquire),
                    .until = m_until.load(std::memory_order_acquire),
                    .stoodInAll = m_stoodInAll.load(std::memory_order_acquire)};
        } while (version % 2 != 0 || m_version.load(std::memory_order_acquire) != version);
        const auto present = monotonicNanoseconds();
        const auto end = present < time.until ? present : time.until;
        return present - time.stoodInAll - (time.stands && end > time.since ? end - time.since : 0);
    }

    void setEngaged(bool engaged) { m_engaged.store(engaged, std::memory_order_relaxed); }
    void setTime(const Time& time) {
        const auto version = m_version.load(std::memory_order_relaxed);
        m_version.store(version + 1, std::memory_order_release);
        m_stands.store(time.stands, std::memory_order_release);
        m_since.store(time.since, std::memory_order_release);
        m_until.store(time.until, std::memory_order_release);
        m_stoodInAll.store(time.stoodInAll, std::memory_order_release);
        m_version.store(version + 2, std::memory_order_release);
    }

private:
    std::atomic<bool> m_engaged{false};
    std::atomic<bool> m_stands{false};
    std::atomic<std::uint32_t> m_version{0}; ///< odd while the times are being written
    std::atomic<std::int64_t> m_since{0};
    std::atomic<std::int64_t> m_until{0};
    std::atomic<std::int64_t> m_stoodInAll{0};
};

} // namespace lab
