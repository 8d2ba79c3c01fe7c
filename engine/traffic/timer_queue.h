// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <queue>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace lab {

/// A moment at which a client wants to go on, in lab time.
struct ClientTimer {
    std::int64_t due = 0;         ///< ns, Gate::now()
    std::uint32_t client = 0;     ///< its number
    std::uint32_t generation = 0; ///< of the client's timer; an older one than the client's is void

    friend bool operator>(const ClientTimer& a, const ClientTimer& b) {
        return a.due != b.due ? a.due > b.due : a.client > b.client;
    }
};

/// The clients' timers, soonest first. Cancelled ones stay in until their time, void.
///
/// Threads: the traffic's. Owner: the traffic.
class TimerQueue {
public:
    void add(const ClientTimer& timer) { m_timers.push(timer); }

    /// The soonest one, when it is due at `now`.
    std::optional<ClientTimer> take(std::int64_t now) {
        if (m_timers.empty() || m_timers.top().due > now) {
            return std::nullopt;
        }
        const auto timer = m_timers.top();
        m_timers.pop();
        return timer;
    }

    bool empty() const { return m_timers.empty(); }
    std::int64_t nextDue() const { return m_timers.top().due; } ///< not when empty

private:
    std::priority_queue<ClientTimer, std::vector<ClientTimer>, std::greater<>> m_timers;
};

} // namespace lab
