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
    switch (event.type()) {
    case EventType::HookEntered:
        m_hooks[event.actor] = {.connection = event.connection, .request = std::nullopt};
        break;
    case EventType::HookLeft: return hookLeft(event);
    case EventType::ConnectionClosed: {
        const auto found = m_current.find(event.connection);
        return ended(event, found == m_current.end() ? 0 : found->second);
    }
    case EventType::ResponseSent: return ended(event, number(event.connection));
    default: break;
    }
    return number(event.connection);
}

/// The hook in which a request ends is still its own, even where the next request begins in it.
std::uint32_t RequestOfEvent::ended(const Event& event, std::uint32_t request) {
    m_current.erase(event.connection);
    const auto hook = m_hooks.find(event.actor);
    if (hook != m_hooks.end() && hook->second.connection == event.connection && !hook->second.request) {
        hook->second.request = request;
    }
    return request;
}

std::uint32_t RequestOfEvent::hookLeft(const Event& event) {
    const auto hook = m_hooks.find(event.actor);
    std::optional<std::uint32_t> request;
    if (hook != m_hooks.end()) {
        request = hook->second.connection == event.connection ? hook->second.request : std::nullopt;
        m_hooks.erase(hook);
    }
    return request ? *request : number(event.connection);
}

} // namespace lab
