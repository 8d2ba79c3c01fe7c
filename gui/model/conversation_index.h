// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace lab {

/// Where in a recording the events of each connection and of each client stand, so that a conversation is found
/// without reading the recording again.
///
/// Threads: one. Owner: RecordingFollower, which feeds every event once. Memory: 8 octets for an event of a
/// connection or a client; forgets what the recording forgets.
class ConversationIndex {
public:
    using Events = std::span<const std::size_t>; ///< in order; valid until the next add()

    void add(std::span<const Event> events, std::size_t firstIndex);
    void dropBefore(std::size_t index);

    /// Of one of the server's connections; 0: of the listening socket, without the waits for several handles.
    Events ofConnection(std::uint32_t connection) const;
    Events ofClient(std::uint32_t client) const; ///< of the traffic's

    /// A client's connecting from a port: the one nearest to event `index`, of those before event `end`.
    struct Connecting {
        std::size_t index = 0;
        std::uint32_t client = 0; ///< 0: none
    };
    Connecting connecting(std::uint16_t port, std::size_t index, std::size_t end) const;

    /// The first event of `events` that is not before `index`.
    static std::size_t placeOf(Events events, std::size_t index);

private:
    using Lists = std::unordered_map<std::uint32_t, std::vector<std::size_t>>;
    static void drop(Lists& lists, std::size_t index);

    Lists m_connections;
    Lists m_clients;
    std::unordered_map<std::uint16_t, std::vector<Connecting>> m_ports;
};

} // namespace lab
