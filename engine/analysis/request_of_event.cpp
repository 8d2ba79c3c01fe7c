// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/request_of_event.h"

namespace lab {

namespace {

/// Whether `connection` of this event is the server's, and not a client's number.
bool isOfServer(EventType type) {
    switch (type) {
    case EventType::PhaseStarted:
    case EventType::ClientConnecting:
    case EventType::ClientConnected:
    case EventType::ClientRequestSent:
    case EventType::ClientFirstByte:
    case EventType::ClientResponseReceived:
    case EventType::ClientFailed:
    case EventType::ClientClosed: return false;
    default: return true;
    }
}

} // namespace

std::uint32_t RequestOfEvent::number(std::uint32_t connection) {
    auto& current = m_current[connection];
    if (current == 0) {
        current = ++m_last;
    }
    return current;
}

std::uint32_t RequestOfEvent::apply(const Event& event) {
    if (event.connection == 0 || !isOfServer(event.type())) {
        return 0;
    }
    if (event.type() == EventType::ConnectionClosed) {
        const auto found = m_current.find(event.connection);
        const auto request = found == m_current.end() ? 0 : found->second;
        m_current.erase(event.connection);
        return request;
    }
    const auto request = number(event.connection);
    if (event.type() == EventType::ResponseSent) {
        m_current.erase(event.connection);
    }
    return request;
}

} // namespace lab
