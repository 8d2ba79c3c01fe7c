// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/client_reactor.h"

#include "engine/traffic/client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <optional>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace lab {

namespace {

/// Two handshakes at a time can end in either order, and so be accepted. Where the order of things is to come out the
/// same again, one is over before the next begins; the kernel ends them by itself, whether or not the server accepts.
void awaitHandshake(int descriptor) {
    constexpr int longest = 200; // ms: the backlog may be full
    pollfd connecting{descriptor, POLLOUT, 0};
    ::poll(&connecting, 1, longest);
}

/// Keeps the calling thread on one processor, always the same, for its lifetime.
///
/// The loopback's packets wait their turn in a queue of the processor that sends them. A client is connected when its
/// last packet has been sent, not when the server's side has got it: sent by the same processor, that packet stands
/// before all of the next client's, so the connections come into the accept queue in the order of the clients.
class OnOneProcessor {
public:
    OnOneProcessor() {
        m_known = ::sched_getaffinity(0, sizeof m_before, &m_before) == 0;
        if (!m_known) {
            return;
        }
        int first = 0;
        while (first < CPU_SETSIZE - 1 && !CPU_ISSET(first, &m_before)) {
            ++first;
        }
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        ::sched_setaffinity(0, sizeof one, &one);
    }
    ~OnOneProcessor() {
        if (m_known) {
            ::sched_setaffinity(0, sizeof m_before, &m_before);
        }
    }
    OnOneProcessor(const OnOneProcessor&) = delete;
    OnOneProcessor& operator=(const OnOneProcessor&) = delete;

private:
    cpu_set_t m_before;
    bool m_known = false;
};

constexpr std::uint64_t wakeToken = ~std::uint64_t{0};
constexpr std::size_t timersInARow = 512;
constexpr int eventsInARow = 512;

int waitFor(int epoll, std::span<epoll_event> events, std::int64_t nanoseconds) {
    const timespec limit{.tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000};
    const int count = ::epoll_pwait2(epoll, events.data(), static_cast<int>(events.size()), &limit, nullptr);
    if (count < 0 && errno == ENOSYS) { // kernels before 5.11
        const auto milliseconds = static_cast<int>((nanoseconds + 999'999) / 1'000'000);
        return ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), milliseconds);
    }
    return count;
}

} // namespace

Result<std::unique_ptr<ClientReactor>> ClientReactor::create(ServerEndpoint endpoint, Measurement& measurement,
                                                             const Gate& gate, bool manyAddresses) {
    std::unique_ptr<ClientReactor> reactor(new ClientReactor(std::move(endpoint), measurement, gate));
    reactor->m_manyAddresses = manyAddresses;
    reactor->m_epoll.reset(::epoll_create1(EPOLL_CLOEXEC));
    reactor->m_wake.reset(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = wakeToken}};
    if (!reactor->m_epoll || !reactor->m_wake ||
        ::epoll_ctl(reactor->m_epoll.get(), EPOLL_CTL_ADD, reactor->m_wake.get(), &event) != 0) {
        return Error::ofSystem("cannot prepare to wait for the clients' sockets", errno);
    }
    return reactor;
}

std::int64_t ClientReactor::linkSpeedOf(const ClientGroup& group) const {
    if (group.receiveOctetsPerSecond > 0) {
        return 0; // it has a line of its own
    }
    return group.linkOctetsPerSecond > 0 ? group.linkOctetsPerSecond : m_linkOctetsPerSecond;
}

SharedLink* ClientReactor::linkOf(const ClientGroup& group) {
    const auto speed = linkSpeedOf(group);
    if (speed == 0) {
        return nullptr;
    }
    auto& link = m_links.try_emplace(group.linkOctetsPerSecond > 0 ? group.name : std::string(), speed).first->second;
    link.setSpeed(speed);
    return &link;
}

void ClientReactor::addTimer(const ClientTimer& timer, std::int64_t now) {
    if (timer.due <= now) {
        m_due.push_back(timer);
    } else {
        m_timers.add(timer);
    }
}

void ClientReactor::callTimer(const ClientTimer& timer) {
    auto& client = *m_clients[timer.client - 1];
    if (client.timerGeneration() == timer.generation) {
        client.timerDue(timer.due);
    }
}

void ClientReactor::runTimers(std::int64_t now) {
    for (std::size_t count = 0; count < timersInARow; ++count) {
        const auto timer = m_timers.take(now);
        if (!timer) {
            break;
        }
        callTimer(*timer);
    }
    // Those that are added meanwhile wait for the next round, so that sockets get their turn.
    for (auto count = std::min(m_due.size(), timersInARow); count > 0; --count) {
        const auto timer = m_due.front();
        m_due.pop_front();
        callTimer(timer);
    }
}

std::int64_t ClientReactor::waitNanoseconds(std::int64_t until) const {
    if (!m_due.empty()) {
        return 0;
    }
    if (!m_timers.empty()) {
        until = std::min(until, m_timers.nextDue());
    }
    constexpr std::int64_t longest = 200'000'000;
    // While threads are held, lab time may stand still: then look again from time to time instead of at once.
    const std::int64_t shortest = m_gate.engaged() ? 2'000'000 : 0;
    const auto wait = until - now();
    return wait <= 0 ? 0 : std::clamp(wait, shortest, longest);
}

void ClientReactor::poll(std::int64_t until) {
    std::array<epoll_event, eventsInARow> events;
    const int count = waitFor(m_epoll.get(), events, waitNanoseconds(until));
    for (int index = 0; index < count; ++index) {
        const auto& event = events[static_cast<std::size_t>(index)];
        dispatch(event.data.u64, event.events);
    }
}

void ClientReactor::dispatch(std::uint64_t token, std::uint32_t events) {
    if (token == wakeToken) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto octets = ::read(m_wake.get(), &count, sizeof count);
        return;
    }
    auto& client = *m_clients[static_cast<std::uint32_t>(token >> 32) - 1];
    // The events of one round may concern a socket that was closed earlier in the round.
    if (client.connected() && client.socketGeneration() == static_cast<std::uint32_t>(token)) {
        client.socketReady(events);
    }
}

void ClientReactor::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto octets = ::write(m_wake.get(), &one, sizeof one);
}

FileDescriptor ClientReactor::beginConnecting(const Client& client, int receiveBuffer,
                                              const std::function<void(std::uint16_t port)>& announce) {
    std::optional<OnOneProcessor> steady;
    if (m_gate.engaged()) {
        steady.emplace();
    }
    for (unsigned attempt = 0;; ++attempt) {
        // While steered, each client always the same one: then a server that goes by it does the same again.
        const bool ownAddress = m_manyAddresses || m_gate.engaged();
        const unsigned source = ownAddress ? client.number() + attempt : m_source;
        auto descriptor = m_endpoint.beginConnecting(source, receiveBuffer, m_gate.engaged() ? announce : nullptr);
        if (descriptor && m_gate.engaged()) {
            awaitHandshake(descriptor.get());
        }
        if (descriptor || errno != EADDRNOTAVAIL || attempt + 1 >= ServerEndpoint::mostAddresses) {
            return descriptor;
        }
        m_source = (m_source + 1) % ServerEndpoint::mostAddresses;
    }
}

bool ClientReactor::watch(int descriptor, const Client& client, std::uint32_t events, bool first) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = std::uint64_t{client.number()} << 32 | client.socketGeneration();
    return ::epoll_ctl(m_epoll.get(), first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event) == 0;
}

} // namespace lab
