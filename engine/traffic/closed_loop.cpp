// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/closed_loop.h"

#include "engine/base/clock.h"
#include "engine/traffic/client_reactor.h"

#include <algorithm>
#include <limits>

namespace lab {

namespace {

constexpr std::int64_t pauseAfterFailure = 100'000'000; // ns: a server that refuses is not asked in a tight loop

} // namespace

ClosedLoop::ClosedLoop(std::uint32_t firstNumber, unsigned count, std::uint64_t seed, ClientReactor& reactor)
    : m_firstNumber(firstNumber)
    , m_reactor(reactor) {
    m_clients.reserve(count);
    m_scripts.reserve(count);
    for (unsigned index = 0; index < count; ++index) {
        m_clients.emplace_back(firstNumber + index, *this, reactor);
        m_scripts.push_back({.random = RandomStream(seed, firstNumber + index)});
    }
}

void ClosedLoop::enter(const ClientGroup& group, const RequestMix& mix, std::int64_t now) {
    const auto before = m_active;
    m_group = &group;
    m_mix = &mix;
    m_active = std::min<std::size_t>(group.clients, m_clients.size());
    for (std::size_t index = 0; index < m_clients.size(); ++index) {
        auto& client = m_clients[index];
        client.setGroup(group);
        if (index >= m_active) {
            client.rest();
        } else if (index >= before && !client.busy()) {
            // Spread over a think time, as if they had been at it for a while.
            double wait = m_scripts[index].random.exponential(1) * group.thinkSeconds;
            if (group.firstWithinSeconds) {
                wait = *group.firstWithinSeconds * static_cast<double>(index - before) /
                       static_cast<double>(m_active - before);
            }
            client.setTimer(now + static_cast<std::int64_t>(wait * 1e9), now);
        }
    }
}

void ClosedLoop::leave() {
    m_active = 0;
    for (auto& client : m_clients) {
        client.rest();
    }
}

void ClosedLoop::clientDue(Client& client, std::int64_t due) {
    auto& script = scriptOf(client);
    const auto& target = m_mix->choose(script.random);
    script.thinkShare = script.random.exponential(1);
    ++m_busy;
    m_reactor.measurement().begun();
    client.begin({.number = ++script.requests,
                  .target = &target,
                  .intendedStart = monotonicNanoseconds() - std::max<std::int64_t>(0, m_reactor.now() - due)});
}

void ClosedLoop::requestEnded(Client& client, bool answered) {
    --m_busy;
    if (!isActive(client)) {
        client.rest();
        return;
    }
    auto wait = static_cast<std::int64_t>(scriptOf(client).thinkShare * m_group->thinkSeconds * 1e9);
    if (!answered) {
        wait = std::max(wait, pauseAfterFailure);
    }
    client.setTimer(m_reactor.now() + wait);
}

std::int64_t ClosedLoop::nextArrival() const { return std::numeric_limits<std::int64_t>::max(); }

} // namespace lab
