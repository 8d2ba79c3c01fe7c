// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"

#include <algorithm>

namespace lab {

ConnectionState* Fold::look(std::uint32_t id) {
    if (id == 0) {
        return nullptr;
    }
    if (id != m_event.connection) {
        return m_state.connections.get(id);
    }
    if (!m_looked) {
        m_connection = m_state.connections.get(id);
        m_looked = true;
    }
    return m_connection;
}

ConnectionState* Fold::known(std::uint32_t id) {
    auto* connection = look(id);
    if (connection != nullptr) {
        connection->lastEvent = m_state.next;
    }
    return connection;
}

ConnectionState* Fold::living(std::uint32_t id) {
    auto* connection = known(id);
    if (connection != nullptr || id == 0 || !somethingMissed() ||
        m_state.connections.size() >= maximumConnectionsShown) {
        return connection;
    }
    connection = &m_state.connections[id];
    m_looked = false;
    connection->id = id;
    connection->openedAt = m_now;
    connection->lastEvent = m_state.next;
    return connection;
}

void Fold::listeningStarted() {
    m_state.listening = true;
    ++m_state.listeningSockets;
    m_state.port = static_cast<std::uint16_t>(m_event.value());
    m_state.fromStart = true;
}

void Fold::listeningStopped() {
    m_state.listening = false;
    m_state.listeningSockets = 0;
}

void Fold::connectionAccepted() {
    auto& totals = m_state.totals;
    ++totals.accepted;
    work(Work::Accept);
    if (m_event.connection == 0 || m_state.connections.size() >= maximumConnectionsShown) {
        return;
    }
    const auto port = static_cast<std::uint16_t>(m_event.value());
    if (const auto* former = m_state.connectionByPort.get(port)) {
        forget(*former); // its end was lost: nobody else can come from a port that is still in use
    }
    auto& connection = m_state.connections[m_event.connection];
    m_looked = false;
    connection = {};
    connection.id = m_event.connection;
    connection.fromOutside = m_event.kindAs<Origin>() == Origin::Outside;
    connection.peerPort = port;
    connection.openedAt = m_now;
    connection.lastEvent = m_state.next;
    totals.connectionsPeak = std::max<std::uint64_t>(totals.connectionsPeak, m_state.connections.size());
    if (port != 0) {
        m_state.connectionByPort[port] = connection.id;
        if (const auto* number = m_state.clientByPort.get(port)) {
            if (auto* client = m_state.clients.get(*number)) {
                matchClient(*client);
            }
        }
    }
    if (m_thread->hook == Hook::None) {
        workFor(connection.id);
        connection.thread = m_event.actor;
    }
}

void Fold::connectionClosed() {
    ++m_state.totals.closed;
    if (m_thread->connection == m_event.connection) {
        m_thread->connection = 0;
    }
    forget(m_event.connection);
}

/// Takes a connection out of everything that names it.
void Fold::forget(std::uint32_t id) {
    const auto* connection = m_state.connections.get(id);
    if (connection == nullptr) {
        return;
    }
    takeFromReady(id);
    if (connection->registered) {
        --m_state.handleSet;
    }
    if (auto* client = m_state.clients.get(connection->client); client && client->connection == id) {
        client->connection = 0;
    }
    if (const auto* at = m_state.connectionByPort.get(connection->peerPort); at && *at == id) {
        m_state.connectionByPort.erase(connection->peerPort);
    }
    if (auto* thread = m_state.threads.get(connection->thread); thread && thread->connection == id) {
        thread->connection = 0;
    }
    m_state.connections.erase(id);
    m_looked = false;
}

/// Octets have come, by a read of the thread's own or by an operation.
void Fold::octetsReceived(ConnectionState& connection) {
    connection.octetsHeldBack = 0;
    connection.heldBack = HeldBack::Nothing;
    if (connection.requestSince == 0) {
        connection.requestSince = std::max<std::uint64_t>(1, m_now);
    }
    if (connection.phase == ConnectionPhase::Idle) {
        connection.phase = ConnectionPhase::Receiving;
    }
}

void Fold::requestParsed() {
    work(Work::File);
    if (auto* connection = living(m_event.connection)) {
        octetsReceived(*connection);
        connection->phase = ConnectionPhase::Serving;
        connection->status = 0;
        connection->transfer = Transfer::None;
        connection->fileSource = FileSource::NotFound;
        connection->octetsToSend = 0;
        connection->octetsSent = 0;
    }
}

void Fold::fileFound() {
    work(Work::File);
    const auto path = static_cast<NameId>(m_event.value());
    const auto source = kind(FileSource::Count);
    if (auto* connection = living(m_event.connection)) {
        connection->path = path;
        connection->fileSource = source;
    }
    if (source == FileSource::NotFound) {
        return;
    }
    ++(isHit(source) ? m_state.totals.cacheHits : m_state.totals.cacheMisses);
    auto& file = this->file(path);
    file.source = source;
    file.evicted = false;
}

void Fold::fileEvicted() {
    work(Work::File);
    ++m_state.totals.evictions;
    file(static_cast<NameId>(m_event.value())).evicted = true;
}

/// As the newest of those shown.
FileState& Fold::file(NameId path) {
    constexpr std::size_t shown = 8;
    auto& files = m_state.files;
    const auto place = std::find_if(files.begin(), files.end(), [path](const auto& file) { return file.path == path; });
    if (place != files.end()) {
        std::rotate(files.begin(), place, place + 1);
        return files.front();
    }
    files.push_front({.path = path});
    if (files.size() > shown) {
        files.pop_back();
    }
    return files.front();
}

void Fold::octetsHeldBack() {
    const auto why = kind(HeldBack::Count);
    m_state.totals.heldBack += why == HeldBack::Nagle ? 1 : 0;
    if (auto* connection = living(m_event.connection)) {
        connection->heldBack = why;
        connection->octetsHeldBack = why == HeldBack::Nothing ? 0 : std::max<std::int64_t>(0, m_event.value());
        connection->heldBackSince = m_now;
    }
}

void Fold::responseStarted() {
    work(Work::Write);
    if (auto* connection = living(m_event.connection)) {
        connection->phase = ConnectionPhase::Sending;
        connection->status = responseStatus(m_event.value());
        connection->octetsToSend = responseOctets(m_event.value());
        connection->octetsSent = 0;
        connection->transfer = kind(Transfer::Count);
    }
}

void Fold::responseSent() {
    auto& totals = m_state.totals;
    ++totals.requests;
    totals.octetsSent += static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    if (auto* connection = living(m_event.connection)) {
        connection->phase = ConnectionPhase::Idle;
        connection->octetsSent = m_event.value();
        connection->requestSince = 0;
        ++connection->requests;
    }
}

} // namespace lab
