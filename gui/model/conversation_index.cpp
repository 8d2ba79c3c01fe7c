// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/conversation_index.h"

#include "gui/model/event_words.h"

#include <algorithm>
#include <iterator>

namespace lab {

namespace {

/// Whether an event without a connection tells of the listening socket.
bool isOfListeningSocket(const Event& event) {
    switch (event.type()) {
    case EventType::ListeningStarted:
    case EventType::ListeningStopped:
    case EventType::AcceptFailed:
    case EventType::WorkerRefused:
    case EventType::HandlerRegistered:
    case EventType::HandlerRemoved:
    case EventType::InterestChanged:
    case EventType::HandleReady:
    case EventType::HookEntered:
    case EventType::HookLeft:
    case EventType::OperationInitiated:
    case EventType::OperationCompleted:
    case EventType::QueuePushed:
    case EventType::QueuePopped: return true;
    default: return false;
    }
}

} // namespace

void ConversationIndex::add(std::span<const Event> events, std::size_t firstIndex) {
    for (const auto& event : events) {
        const auto index = firstIndex++;
        if (isTraffic(event.type())) {
            if (event.connection != 0) {
                m_clients[event.connection].push_back(index);
            }
            if (event.type() == EventType::ClientConnecting) {
                m_ports[static_cast<std::uint16_t>(event.value())].push_back({index, event.connection});
            }
        } else if (event.connection != 0 || isOfListeningSocket(event)) {
            m_connections[event.connection].push_back(index);
        }
    }
}

void ConversationIndex::drop(Lists& lists, std::size_t index) {
    for (auto entry = lists.begin(); entry != lists.end();) {
        auto& events = entry->second;
        events.erase(events.begin(), std::ranges::lower_bound(events, index));
        entry = events.empty() ? lists.erase(entry) : std::next(entry);
    }
}

void ConversationIndex::dropBefore(std::size_t index) {
    drop(m_connections, index);
    drop(m_clients, index);
    for (auto entry = m_ports.begin(); entry != m_ports.end();) {
        std::erase_if(entry->second, [index](const Connecting& connecting) { return connecting.index < index; });
        entry = entry->second.empty() ? m_ports.erase(entry) : std::next(entry);
    }
}

ConversationIndex::Events ConversationIndex::ofConnection(std::uint32_t connection) const {
    const auto found = m_connections.find(connection);
    return found == m_connections.end() ? Events{} : Events(found->second);
}

ConversationIndex::Events ConversationIndex::ofClient(std::uint32_t client) const {
    const auto found = m_clients.find(client);
    return found == m_clients.end() ? Events{} : Events(found->second);
}

ConversationIndex::Connecting ConversationIndex::connecting(std::uint16_t port, std::size_t index,
                                                            std::size_t end) const {
    const auto found = m_ports.find(port);
    if (found == m_ports.end()) {
        return {};
    }
    Connecting nearest;
    std::size_t distance = ~std::size_t{0};
    for (const auto& one : found->second) {
        const auto away = one.index < index ? index - one.index : one.index - index;
        if (one.index < end && away < distance) {
            nearest = one;
            distance = away;
        }
    }
    return nearest;
}

std::size_t ConversationIndex::placeOf(Events events, std::size_t index) {
    return static_cast<std::size_t>(std::ranges::lower_bound(events, index) - events.begin());
}

} // namespace lab
