// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/trace/recording.h"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace lab {

/// Events in the order in which a server of each family makes them, without a server: many connections at once,
/// mixed at random but the same for the same seed.
class SyntheticRun {
public:
    explicit SyntheticRun(unsigned seed = 1)
        : m_random(seed) {}

    /// One more event. Times go on by a few hundred nanoseconds.
    Event& add(EventType type, std::uint16_t actor, std::uint32_t connection = 0, std::uint32_t operation = 0,
               unsigned kind = 0, std::int64_t value = 0);
    template <typename Kind>
    Event& add(EventType type, std::uint16_t actor, std::uint32_t connection, std::uint32_t operation, Kind kind,
               std::int64_t value = 0) {
        return add(type, actor, connection, operation, static_cast<unsigned>(kind), value);
    }

    /// RunStarted, threads, listening; actor 0 is the laboratory's, 1 the traffic's, 2 and on the server's.
    void begin(unsigned serverThreads = 2);

    /// At least `events` more, of `connections` connections open at a time.
    void proactive(std::size_t events, std::uint32_t connections);
    void reactive(std::size_t events, std::uint32_t connections);
    void synchronous(std::size_t events, std::uint32_t connections);

    /// Events of any type with any content, as a damaged file may hold.
    void damaged(std::size_t events);

    const std::vector<Event>& events() const { return m_events; }
    std::shared_ptr<Recording> recording(std::size_t maximumEvents = 8'000'000) const;

    static LabState fold(const std::vector<Event>& events, std::size_t count);

private:
    unsigned below(unsigned bound) { return static_cast<unsigned>(m_random() % bound); }
    std::uint32_t open(std::uint16_t actor);
    void close(std::uint16_t actor, std::uint32_t connection);
    void clientAsks(std::uint32_t connection);
    void request(std::uint16_t actor, std::uint32_t connection);
    std::uint32_t initiate(std::uint16_t actor, std::uint32_t connection, Operation kind, std::int64_t octets);

    std::mt19937 m_random;
    std::vector<Event> m_events;
    std::uint64_t m_time = 0;
    std::uint32_t m_lastConnection = 0;
    std::uint32_t m_lastClient = 0;
    std::vector<std::uint32_t> m_freeClients;
    std::unordered_map<std::uint32_t, std::uint32_t> m_clients; ///< by connection
    std::uint32_t m_lastOperation = 0;
    std::uint32_t m_lastRequest = 0;
    unsigned m_serverThreads = 2;
};

} // namespace lab
