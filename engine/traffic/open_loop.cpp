// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/open_loop.h"

#include "engine/base/clock.h"
#include "engine/trace/trace.h"
#include "engine/traffic/client_reactor.h"

#include <algorithm>
#include <limits>

namespace lab {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t patience = 30'000'000'000; // ns of lab time that a request waits for a free client

} // namespace

OpenLoop::OpenLoop(std::uint32_t firstNumber, unsigned count, std::uint64_t seed, ClientReactor& reactor)
    : m_firstNumber(firstNumber)
    , m_reactor(reactor)
    , m_random(seed, firstNumber)
    , m_nextArrival(never) {
    m_clients.reserve(count);
    for (unsigned index = 0; index < count; ++index) {
        m_clients.emplace_back(firstNumber + index, *this, reactor);
    }
}

std::int64_t OpenLoop::gap() {
    // A number is taken in either case, so that both kinds ask for the same targets in the same order.
    const auto share = m_random.exponential(1);
    const auto seconds = (m_group->arrivals == Arrivals::Poisson ? share : 1) / m_group->perSecond;
    return static_cast<std::int64_t>(seconds * 1e9);
}

void OpenLoop::enter(const ClientGroup& group, const RequestMix& mix, std::int64_t now) {
    m_group = &group;
    m_mix = &mix;
    m_allowed = std::min<std::size_t>(group.clients, m_clients.size());
    m_nextArrival = now + gap();
    m_free.clear();
    for (auto& client : m_clients) {
        client.setGroup(group);
        if (client.busy()) {
            continue;
        }
        if (!mayWork(client)) {
            client.rest();
        } else if (client.connected()) {
            m_free.push_back(&client);
        } else {
            m_free.push_front(&client);
        }
    }
}

void OpenLoop::leave() {
    // Those that wait are still served; there is nothing else to do for the clients.
    m_nextArrival = never;
}

void OpenLoop::requestEnded(Client& client, bool) {
    --m_busy;
    if (!mayWork(client)) {
        client.rest();
    } else if (client.connected()) {
        m_free.push_back(&client);
    } else {
        m_free.push_front(&client);
    }
}

void OpenLoop::giveUpOld(std::int64_t now) {
    while (!m_waiting.empty() && now - m_waiting.front().arrivedAt > patience) {
        LAB_MARK(ClientFailed, Client, "gave up waiting", .operation = m_waiting.front().request.number,
                 .kind = ClientFailure::Timeout);
        m_reactor.measurement().failed(m_clients.front().counted());
        m_waiting.pop_front();
    }
}

void OpenLoop::arrive(std::int64_t now) {
    while (m_nextArrival <= now) {
        const auto& target = m_mix->choose(m_random);
        const auto start = monotonicNanoseconds() - std::max<std::int64_t>(0, m_reactor.now() - m_nextArrival);
        m_waiting.push_back({{.number = ++m_arrivals, .target = &target, .intendedStart = start}, m_nextArrival});
        m_reactor.measurement().begun();
        m_nextArrival += gap();
    }
    giveUpOld(now);
    // Not more than are free now: one that fails at once has its next turn after the sockets had theirs.
    for (auto count = std::min(m_waiting.size(), m_free.size()); count > 0; --count) {
        auto& client = *m_free.back();
        m_free.pop_back();
        const auto request = m_waiting.front().request;
        m_waiting.pop_front();
        ++m_busy;
        client.begin(request);
    }
}

} // namespace lab
