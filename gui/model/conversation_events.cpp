// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/conversation_events.h"

#include "engine/state/work_of.h"
#include "gui/model/event_words.h"

#include <algorithm>

namespace lab {

namespace {

bool isWait(SystemCall call) {
    return isDemultiplexing(call) || call == SystemCall::IoUringEnter || call == SystemCall::QueueWait ||
           call == SystemCall::Accept;
}

/// With these begins what a server does for a request.
bool beginsRequest(const Event& event) {
    switch (event.type()) {
    case EventType::ClientRequestSent:
    case EventType::RequestParsed: return true;
    case EventType::HandleReady: return event.kindAs<Interest>() == Interest::Read;
    case EventType::OperationCompleted: return event.kindAs<Operation>() == Operation::Read && event.value() > 0;
    case EventType::CallLeft: return event.kindAs<SystemCall>() == SystemCall::Read && event.value() > 0;
    default: return false;
    }
}

} // namespace

void ConversationEvents::sortOut(Indices& events) {
    std::ranges::sort(events);
    events.erase(std::unique(events.begin(), events.end()), events.end());
}

ConversationEvents::ConversationEvents(const RecordingFollower& follower, const LabState& state)
    : m_view(follower.view())
    , m_index(follower.conversations())
    , m_state(state)
    , m_position(std::min(state.next, m_view.end())) {}

ConversationIndex::Connecting ConversationEvents::clientOf(std::uint32_t connection) const {
    const auto events = m_index.ofConnection(connection);
    if (connection == 0 || events.empty() || events.front() >= m_position) {
        return {};
    }
    if (events.front() >= m_view.first() && at(events.front()).type() == EventType::ConnectionAccepted) {
        const auto& accepted = at(events.front());
        const auto port = static_cast<std::uint16_t>(accepted.value());
        return accepted.kindAs<Origin>() == Origin::Outside ? ConversationIndex::Connecting{}
                                                            : m_index.connecting(port, events.front(), m_position);
    }
    const auto* known = m_state.connections.get(connection); // the recording has forgotten the accept
    return known != nullptr ? ConversationIndex::Connecting{0, known->client} : ConversationIndex::Connecting{};
}

/// The newest of the connection's own events before the playhead, until so many answers were passed.
ConversationEvents::Indices ConversationEvents::ownOf(const Topic& topic, std::size_t maximum,
                                                      std::size_t responses) const {
    Indices own;
    const auto events = m_index.ofConnection(topic.connection);
    for (auto place = ConversationIndex::placeOf(events, m_position); place > 0 && own.size() < maximum; --place) {
        const auto index = events[place - 1];
        if (index < m_view.first()) {
            break;
        }
        if (at(index).type() == EventType::ResponseSent && responses-- == 0) {
            break;
        }
        own.push_back(index);
    }
    std::ranges::reverse(own);
    return own;
}

/// What the client said meanwhile: from its connecting on, as far as `events` reach back.
void ConversationEvents::addClient(const Topic& topic, Indices& events) const {
    const auto from = clientOf(topic.connection);
    const auto client = topic.connection != 0 ? from.client : topic.client;
    const auto all = m_index.ofClient(client);
    if (client == 0 || all.empty()) {
        return;
    }
    auto end = ConversationIndex::placeOf(all, m_position);
    auto begin = ConversationIndex::placeOf(all, from.index);
    if (topic.connection == 0) { // not accepted yet: since it last began to connect
        for (begin = end; begin > 0 && all[begin - 1] >= m_view.first();) {
            if (at(all[--begin]).type() == EventType::ClientConnecting) {
                break;
            }
        }
    } else if (!events.empty() && at(events.front()).type() != EventType::ConnectionAccepted) {
        const auto reached = ConversationIndex::placeOf(all, events.front());
        begin = std::max(begin, reached - std::min<std::size_t>(reached, 4));
    }
    const auto first = begin;
    for (; begin < end; ++begin) {
        if (all[begin] >= m_view.first()) {
            if (begin > first && at(all[begin]).type() == EventType::ClientConnecting) {
                break; // by another connection
            }
            events.push_back(all[begin]);
        }
    }
}

ConversationEvents::Indices ConversationEvents::ofTopic(const Topic& topic, std::size_t maximum) const {
    if (topic.connection == 0 && topic.operation != 0) {
        return ofOperation(topic);
    }
    auto events = topic.connection != 0 ? ownOf(topic, maximum, m_view.end()) : Indices{};
    const bool fromAccept = !events.empty() && at(events.front()).type() == EventType::ConnectionAccepted;
    addClient(topic, events);
    if (fromAccept) {
        const auto accept = acceptOf(topic.connection);
        events.insert(events.end(), accept.begin(), accept.end());
    }
    std::erase_if(events, [this](std::size_t index) { return index >= m_position; });
    sortOut(events);
    return events;
}

/// The connection's, its client's and its acceptor's events before the playhead, back to the answer before last.
ConversationEvents::Indices ConversationEvents::lately(const Topic& topic) const {
    auto all = ownOf(topic, mostOfRequest, 2);
    const bool fromAccept = !all.empty() && at(all.front()).type() == EventType::ConnectionAccepted;
    addClient(topic, all);
    if (fromAccept) {
        const auto accept = acceptOf(topic.connection);
        all.insert(all.end(), accept.begin(), accept.end());
    }
    std::erase_if(all, [this](std::size_t index) { return index >= m_position; });
    sortOut(all);
    return all;
}

ConversationEvents::Indices ConversationEvents::ofRequest(const Topic& topic) const {
    const auto all = lately(topic);
    std::size_t begin = 0;
    std::size_t parsed = 0; // place of the last request that was parsed before it
    bool answered = false;
    for (std::size_t place = 0, newest = 0; place < all.size(); ++place) {
        const auto& event = at(all[place]);
        if (answered && beginsRequest(event)) {
            begin = place;
            parsed = newest;
            answered = false;
        }
        newest = event.type() == EventType::RequestParsed ? place : newest;
        answered = answered || event.type() == EventType::ResponseSent;
    }
    Indices events(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end());
    // A fast client asks again before the server notes that it has answered.
    for (std::size_t place = parsed; place < begin; ++place) {
        if (at(all[place]).type() == EventType::ClientRequestSent &&
            at(all[begin]).type() != EventType::ClientRequestSent) {
            events.push_back(all[place]);
        }
    }
    // What was begun before: the read that now completes, the call that now returns.
    for (std::size_t place = begin; place < all.size(); ++place) {
        if (const auto opened = opening(all, place); opened && *opened < begin) {
            events.push_back(all[*opened]);
        }
    }
    sortOut(events);
    return withWaits(events);
}

/// Place of the event that began what the event at `place` ends.
std::optional<std::size_t> ConversationEvents::opening(const Indices& events, std::size_t place) const {
    const auto& end = at(events[place]);
    const bool isCall = end.type() == EventType::CallLeft && !isWait(end.kindAs<SystemCall>());
    if (!isCall && end.type() != EventType::OperationCompleted) {
        return std::nullopt;
    }
    for (auto before = place; before > 0 && place - before < nearby; --before) {
        const auto& candidate = at(events[before - 1]);
        if (isCall ? candidate.type() == EventType::CallEntered && candidate.actor == end.actor
                   : candidate.type() == EventType::OperationInitiated && candidate.operation == end.operation) {
            return before - 1;
        }
    }
    return std::nullopt;
}

ConversationEvents::Indices ConversationEvents::ofOperation(const Topic& topic) const {
    Indices events;
    const auto all = m_index.ofConnection(topic.connection);
    for (auto place = ConversationIndex::placeOf(all, m_position); place > 0; --place) {
        const auto index = all[place - 1];
        if (index < m_view.first() || m_position - index > 50 * mostOfRequest) {
            break;
        }
        if (at(index).operation == topic.operation) {
            events.push_back(index);
            if (at(index).type() == EventType::OperationInitiated) {
                break;
            }
        }
    }
    std::ranges::reverse(events);
    return events;
}

/// Everything about how a connection was accepted, whenever: before and, as far as recorded, after the playhead.
ConversationEvents::Indices ConversationEvents::acceptOf(std::uint32_t connection) const {
    Indices events;
    const auto accepted = m_index.ofConnection(connection).front();
    const auto actor = at(accepted).actor;
    const auto low = std::max(m_view.first(), accepted - std::min(accepted, nearby));
    for (auto index = accepted; index > low; --index) {
        const auto& event = at(index - 1);
        if (event.actor != actor) {
            continue;
        }
        if (event.type() == EventType::CallLeft) { // a thread that blocks in accept
            addWaitOf(accepted, true, events);
            break;
        }
        if (event.type() == EventType::HookEntered && event.connection == 0) {
            addHook(accepted, index - 1, events);
            break;
        }
        if (event.type() == EventType::CallPerformed && event.kindAs<SystemCall>() == SystemCall::Accept) {
            events.push_back(index - 1);
        }
    }
    return events;
}

/// The acceptor's hook in which the connection was accepted, and what led there.
void ConversationEvents::addHook(std::size_t accepted, std::size_t hook, Indices& events) const {
    const auto actor = at(hook).actor;
    events.push_back(hook);
    const auto all = m_index.ofConnection(0);
    for (auto place = ConversationIndex::placeOf(all, accepted); place < all.size(); ++place) {
        if (at(all[place]).actor == actor && at(all[place]).type() == EventType::HookLeft) {
            events.push_back(all[place]);
            break;
        }
    }
    if (const auto operation = at(hook).operation; operation != 0) {
        const auto own = ofAcceptOperation(operation, hook);
        events.insert(events.end(), own.begin(), own.end());
        return;
    }
    for (auto place = ConversationIndex::placeOf(all, hook); place > 0 && hook - all[place - 1] < nearby; --place) {
        const auto index = all[place - 1];
        if (index < m_view.first()) {
            break;
        }
        if (at(index).actor == actor && at(index).type() == EventType::HandleReady) {
            events.push_back(index);
            break;
        }
    }
}

ConversationEvents::Indices ConversationEvents::ofAcceptOperation(std::uint32_t operation, std::size_t before) const {
    Indices events;
    const auto all = m_index.ofConnection(0);
    const auto end = ConversationIndex::placeOf(all, before);
    for (auto place = end; place > 0 && end - place < mostOfRequest && all[place - 1] >= m_view.first(); --place) {
        const auto& event = at(all[place - 1]);
        if (event.operation == operation) {
            events.push_back(all[place - 1]);
            if (event.type() == EventType::OperationInitiated) {
                break;
            }
        }
    }
    return events;
}

ConversationEvents::Indices ConversationEvents::withWaits(const Indices& events) const {
    Indices all = events;
    for (const auto index : events) {
        addWaits(index, all);
    }
    sortOut(all);
    return all;
}

/// What the event's thread did just before, without a connection's number, for this event.
void ConversationEvents::addWaits(std::size_t index, Indices& events) const {
    switch (at(index).type()) {
    case EventType::HandleReady:
        addWaitOf(index, true, events);
        addLeadership(index, events);
        break;
    case EventType::InterestChanged: addLeadership(index, events); break;
    case EventType::QueuePopped: addWaitOf(index, false, events); break;
    case EventType::CallEntered:
        if (at(index).connection != 0) {
            addThreadStart(index, events);
        }
        break;
    case EventType::FileFound: addFileCalls(index, events); break;
    default: break;
    }
}

void ConversationEvents::addWaitOf(std::size_t index, bool withEntry, Indices& events) const {
    const auto actor = at(index).actor;
    const auto low = std::max(m_view.first(), index - std::min(index, nearby));
    bool left = false;
    for (auto before = index; before > low; --before) {
        const auto& event = at(before - 1);
        if (event.actor != actor || event.type() == EventType::HandleReady) {
            continue;
        }
        const bool ends = event.type() == EventType::CallLeft && isWait(event.kindAs<SystemCall>()) && !left;
        if (!ends && !(left && withEntry && event.type() == EventType::CallEntered)) {
            return;
        }
        events.push_back(before - 1);
        if (left) {
            return;
        }
        left = true;
    }
}

/// Where the thread became the leader, as which it does this, and where it made another one the leader.
void ConversationEvents::addLeadership(std::size_t index, Indices& events) const {
    if (m_state.totals.promotions == 0) {
        return;
    }
    const auto actor = at(index).actor;
    const auto low = std::max(m_view.first(), index - std::min(index, nearby));
    for (auto before = index; before > low; --before) {
        const auto& event = at(before - 1);
        if (event.actor == actor && event.type() == EventType::LeadershipPassed) {
            return;
        }
        if (event.actor == actor && event.type() == EventType::LeadershipTaken) {
            events.push_back(before - 1);
            break;
        }
    }
    for (auto after = index + 1; after < std::min(m_position, index + nearby); ++after) {
        const auto& event = at(after);
        if (event.actor == actor && event.type() == EventType::LeadershipPassed) {
            events.push_back(after);
        }
        if (event.actor == actor &&
            (event.type() == EventType::LeadershipPassed || event.type() == EventType::HookEntered ||
             event.type() == EventType::CallEntered)) {
            return;
        }
    }
}

/// A thread that was made for this connection begins with it.
void ConversationEvents::addThreadStart(std::size_t index, Indices& events) const {
    const auto actor = at(index).actor;
    const auto low = std::max(m_view.first(), index - std::min(index, nearby));
    for (auto before = index; before > low; --before) {
        if (at(before - 1).actor == actor) {
            if (at(before - 1).type() == EventType::ProcessStarted) { // which it says first
                continue;
            }
            if (at(before - 1).type() == EventType::ThreadStarted) {
                events.push_back(before - 1);
            }
            return;
        }
    }
}

/// Opening and reading a file are noted without the connection: they stand between parsing and finding.
void ConversationEvents::addFileCalls(std::size_t index, Indices& events) const {
    const auto actor = at(index).actor;
    const auto low = std::max(m_view.first(), index - std::min(index, nearby));
    for (auto before = index; before > low; --before) {
        const auto& event = at(before - 1);
        if (event.actor == actor) {
            if (event.type() != EventType::CallPerformed) {
                return;
            }
            events.push_back(before - 1);
        }
    }
}

} // namespace lab
