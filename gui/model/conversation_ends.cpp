// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/work_of.h"
#include "gui/model/conversation_events.h"

#include <algorithm>

// Where a conversation goes on, and what has to be known of its beginning.

namespace lab {

template <typename Matches>
std::optional<std::size_t> ConversationEvents::firstFromHere(ConversationIndex::Events events, Matches matches) const {
    const auto begin = ConversationIndex::placeOf(events, m_position);
    for (auto place = begin; place < std::min(events.size(), begin + nearby); ++place) {
        if (events[place] < m_view.end() && matches(at(events[place]))) {
            return events[place];
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> ConversationEvents::nextOwn(const Topic& topic, bool onlyOperation) const {
    return firstFromHere(m_index.ofConnection(topic.connection), [&](const Event& event) {
        return (!onlyOperation && topic.connection != 0) ||
               (topic.operation != 0 && event.operation == topic.operation);
    });
}

/// Until it connects anew: that is another conversation.
std::optional<std::size_t> ConversationEvents::nextOfClient(const Topic& topic) const {
    if (topic.client == 0) {
        return std::nullopt;
    }
    bool another = false;
    return firstFromHere(m_index.ofClient(topic.client), [&](const Event& event) {
        another = another || (topic.connection != 0 && event.type() == EventType::ClientConnecting);
        return !another;
    });
}

std::optional<std::size_t> ConversationEvents::next(const Topic& topic, bool onlyOperation) const {
    Indices candidates;
    if (const auto own = nextOwn(topic, onlyOperation)) {
        candidates.push_back(*own);
    }
    if (const auto client = onlyOperation ? std::nullopt : nextOfClient(topic)) {
        candidates.push_back(*client);
    }
    const auto events = m_index.ofConnection(topic.connection);
    if (!onlyOperation && topic.connection != 0 && !events.empty() && events.front() >= m_view.first() &&
        events.front() < m_position && at(events.front()).type() == EventType::ConnectionAccepted) {
        const auto accept = acceptOf(topic.connection); // the acceptor's hook may not be over yet
        candidates.insert(candidates.end(), accept.begin(), accept.end());
    }
    std::erase_if(candidates, [this](std::size_t index) { return index < m_position; });
    if (candidates.empty()) {
        return std::nullopt;
    }
    addWaits(*std::ranges::min_element(candidates), candidates);
    std::erase_if(candidates, [this](std::size_t index) { return index < m_position; });
    return *std::ranges::min_element(candidates);
}

std::uint32_t ConversationEvents::operationAtHand(std::uint32_t connection) const {
    const auto events = m_index.ofConnection(connection);
    const auto end = ConversationIndex::placeOf(events, m_position);
    for (auto place = end; place > 0 && end - place < nearby && events[place - 1] >= m_view.first(); --place) {
        if (const auto operation = at(events[place - 1]).operation; operation != 0) {
            return operation;
        }
    }
    return 0;
}

/// How the connection came about and where it is registered, however long ago.
void ConversationEvents::addBeginning(const Topic& topic, Indices& events) const {
    constexpr std::size_t few = 8;
    const auto all = m_index.ofConnection(topic.connection);
    events.insert(events.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), few)));
    if (!all.empty() && all.front() >= m_view.first() && at(all.front()).type() == EventType::ConnectionAccepted) {
        const auto accept = acceptOf(topic.connection);
        events.insert(events.end(), accept.begin(), accept.end());
        if (const auto from = clientOf(topic.connection); from.client != 0) {
            events.push_back(from.index);
        }
    }
}

/// The last wait of any thread before an accept completed: the event loop that the papers' third step tells of.
void ConversationEvents::addWaitBefore(std::size_t completed, Indices& events) const {
    for (auto before = completed; before > m_view.first() && completed - before < nearby; --before) {
        const auto& event = at(before - 1);
        if (event.type() == EventType::CallEntered && isWaitForCompletions(event.kindAs<SystemCall>())) {
            events.push_back(before - 1);
            return;
        }
    }
}

ConversationEvents::Indices ConversationEvents::forSteps(const Topic& topic) const {
    auto events = topic.connection != 0 ? ownOf(topic, mostOfRequest, 2) : ofOperation(topic);
    addClient(topic, events);
    if (topic.connection != 0) {
        addBeginning(topic, events);
    }
    if (const auto listening = m_index.ofConnection(0); !listening.empty()) {
        events.push_back(listening.front());
    }
    const auto inReach = [this](std::size_t index) { return index >= m_view.first() && index < m_position; };
    std::erase_if(events, [&](std::size_t index) { return !inReach(index); });
    const auto found = events;
    for (const auto index : found) {
        if (at(index).type() == EventType::OperationCompleted && at(index).kindAs<Operation>() == Operation::Accept) {
            addWaitBefore(index, events);
        }
    }
    sortOut(events);
    return withWaits(events);
}

} // namespace lab
