// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"

#include <algorithm>

namespace lab {

namespace {

/// In the listening socket's backlog: the kernel has connected it, the server has not taken it yet.
bool waitsInBacklog(const ClientState& client) { return client.connected && !client.accepted; }

} // namespace

/// The event's client, made when new; null when it has none, or there are too many.
ClientState* Fold::client() {
    const auto id = m_event.connection;
    if (id == 0) {
        return nullptr; // a request that was given up before any client took it
    }
    auto* client = m_state.clients.get(id);
    if (client == nullptr && m_state.clients.size() < maximumClientsShown) {
        client = &m_state.clients[id];
        client->id = id;
        client->since = m_now;
    }
    return client;
}

/// Ties a client to the server's connection with the same port, whichever was told of first.
void Fold::matchClient(ClientState& client) {
    const auto* id = client.port == 0 ? nullptr : m_state.connectionByPort.get(client.port);
    auto* connection = id == nullptr ? nullptr : m_state.connections.get(*id);
    if (connection == nullptr) {
        return;
    }
    if (waitsInBacklog(client) && m_state.backlogArrivals > 0) {
        --m_state.backlogArrivals;
    }
    client.accepted = true;
    client.connection = connection->id;
    connection->client = client.id;
}

void Fold::clientConnecting() {
    auto* client = this->client();
    if (client == nullptr) {
        return;
    }
    clientClosed(); // the end of its former connection, if that was lost
    client->phase = ClientPhase::Connecting;
    client->port = static_cast<std::uint16_t>(m_event.value());
    client->since = m_now;
    if (client->port != 0) {
        m_state.clientByPort[client->port] = client->id;
        matchClient(*client);
    }
}

void Fold::clientConnected() {
    auto* client = this->client();
    if (client == nullptr || client->connected) {
        return;
    }
    client->connected = true;
    client->phase = ClientPhase::Idle;
    client->since = m_now;
    if (waitsInBacklog(*client)) {
        ++m_state.backlogArrivals;
    }
}

void Fold::clientRequestSent() {
    ++m_state.totals.clientRequests;
    if (auto* client = this->client()) {
        client->phase = ClientPhase::Sent;
        client->path = static_cast<NameId>(m_event.value());
        client->since = m_now;
        client->askedAt = std::max<std::uint64_t>(1, m_now);
    }
}

void Fold::clientFirstByte() {
    if (auto* client = this->client()) {
        client->phase = ClientPhase::Receiving;
        client->since = m_now;
    }
}

void Fold::clientResponseReceived() {
    ++m_state.totals.clientResponses;
    if (auto* client = this->client()) {
        client->phase = ClientPhase::Idle;
        client->since = m_now;
        ++client->requests;
        if (auto* connection = look(client->connection)) { // it has all that was held back
            connection->octetsHeldBack = 0;
            connection->heldBack = HeldBack::Nothing;
        }
    }
}

void Fold::clientFailed() {
    ++m_state.totals.clientFailures;
    if (auto* client = this->client()) {
        client->phase = ClientPhase::Failed;
        client->since = m_now;
        ++client->failures;
    }
}

void Fold::clientClosed() {
    auto* client = this->client();
    if (client == nullptr) {
        return;
    }
    if (client->port == 0 && !client->connected) {
        return;
    }
    if (waitsInBacklog(*client) && m_state.backlogArrivals > 0) {
        --m_state.backlogArrivals;
    }
    if (const auto* at = m_state.clientByPort.get(client->port); at && *at == client->id) {
        m_state.clientByPort.erase(client->port);
    }
    // The connection still names the client: its last octets may be on their way to the server.
    client->connection = 0;
    client->connected = false;
    client->accepted = false;
    client->port = 0;
    if (client->phase != ClientPhase::Failed) {
        client->phase = ClientPhase::Idle;
    }
    client->since = m_now;
}

void Fold::resourceSampled() {
    auto& totals = m_state.totals;
    switch (kind(Resource::Count)) {
    case Resource::ProcessorNanoseconds: totals.processorNanoseconds = m_event.value(); return;
    case Resource::VoluntarySwitches: totals.voluntarySwitches = m_event.value(); return;
    case Resource::InvoluntarySwitches: totals.involuntarySwitches = m_event.value(); return;
    case Resource::Threads: totals.threadsSampled = m_event.value(); return;
    default: return;
    }
}

void Fold::threadDelaySampled() {
    if (auto* thread =
            m_event.operation > 0xffff ? nullptr : m_state.threads.get(static_cast<std::uint16_t>(m_event.operation))) {
        thread->processorWait = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    }
}

void Fold::eventsLost() {
    m_state.totals.lost += static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
}

} // namespace lab
