// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"
#include "engine/trace/gate.h"
#include "engine/traffic/measurement.h"
#include "engine/traffic/scenario.h"
#include "engine/traffic/server_endpoint.h"
#include "engine/traffic/shared_link.h"
#include "engine/traffic/timer_queue.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace lab {

class Client;

/// What all clients share: the set of watched sockets, the timers, the clock, a buffer.
///
/// Role: the traffic's own event loop. Threads: run by the traffic's thread; wake() by any. Owner: the traffic.
class ClientReactor {
public:
    /// Error: the system gives no epoll or event descriptor.
    static Result<std::unique_ptr<ClientReactor>> create(ServerEndpoint endpoint, Measurement& measurement,
                                                         const Gate& gate, bool manyAddresses);

    /// Client numbers begin with 1; `clients[n]` is number n + 1. Set once, before anything else.
    void setClients(std::vector<Client*> clients) { m_clients = std::move(clients); }

    std::int64_t now() const { return m_gate.now(); } ///< lab time, ns
    Measurement& measurement() { return m_measurement; }
    std::span<char> buffer() { return m_buffer; }

    /// All clients of groups without a line of their own share this one; 0: as fast as it goes. Before anything else.
    void setLink(std::int64_t octetsPerSecond) { m_linkOctetsPerSecond = octetsPerSecond; }
    /// How fast the line of a group's clients is; 0: as fast as it goes.
    std::int64_t linkSpeedOf(const ClientGroup& group) const;
    /// The line that a group's clients share, at that speed; null: none.
    SharedLink* linkOf(const ClientGroup& group);

    void addTimer(const ClientTimer& timer, std::int64_t now);
    /// Calls the clients whose time has come, a bounded number of them.
    void runTimers(std::int64_t now);
    /// Waits for sockets, wake() or lab time `until`, and calls the clients whose sockets are ready.
    void poll(std::int64_t until);
    void wake();

    /// See ServerEndpoint; takes the next source address when all ports of one are in use.
    /// Where events happen one after the other, `announce` is called before the server can see the connection.
    FileDescriptor beginConnecting(const Client& client, int receiveBuffer,
                                   const std::function<void(std::uint16_t port)>& announce);
    bool watch(int descriptor, const Client& client, std::uint32_t events, bool first);

private:
    ClientReactor(ServerEndpoint endpoint, Measurement& measurement, const Gate& gate)
        : m_endpoint(std::move(endpoint))
        , m_measurement(measurement)
        , m_gate(gate)
        , m_buffer(256 * 1024) {}
    void dispatch(std::uint64_t token, std::uint32_t events);
    std::int64_t waitNanoseconds(std::int64_t until) const;
    void callTimer(const ClientTimer& timer);

    ServerEndpoint m_endpoint;
    Measurement& m_measurement;
    const Gate& m_gate;
    FileDescriptor m_epoll;
    FileDescriptor m_wake;
    std::vector<Client*> m_clients;
    TimerQueue m_timers;
    std::deque<ClientTimer> m_due; ///< already due when they were set: no detour by the queue
    std::vector<char> m_buffer;
    std::int64_t m_linkOctetsPerSecond = 0;
    std::map<std::string, SharedLink> m_links; ///< by group; "" is that of all groups
    unsigned m_source = 0;
    bool m_manyAddresses = false;
};

} // namespace lab
