// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/conversation.h"

#include "gui/model/conversation_events.h"
#include "gui/model/event_words.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t farBack = 20'000;
constexpr std::size_t nearby = 2'000;

/// Whether the event is a message between participants, and not of the lab itself.
bool isMessage(const Event& event) {
    using enum EventType;
    switch (event.type()) {
    case ThreadStarted:
    case ThreadEnded:
    case ListeningStarted:
    case ListeningStopped:
    case PhaseStarted:
    case RunStarted:
    case DrainStarted:
    case RunEnded:
    case ResourceSampled:
    case ThreadDelaySampled:
    case EventsLost:
    case ProcessStarted:
    case ProcessEnded:
    case ServiceLinked:
    case ServiceUnlinked:
    case ServiceSuspended:
    case ServiceResumed:
    case ServiceReconfigured:
    case Count: return false;
    default: return true;
    }
}

Topic topicOfConnection(const RecordingFollower& follower, const LabState& state, std::uint32_t connection) {
    return {connection, ConversationEvents(follower, state).clientOf(connection).client, 0};
}

Topic topicOfClient(const RecordingFollower& follower, const LabState& state, std::uint32_t client) {
    const auto* known = state.clients.get(client);
    const auto connection = known != nullptr && known->accepted ? known->connection : 0;
    return connection != 0 ? topicOfConnection(follower, state, connection) : Topic{0, client, 0};
}

Topic topicOf(const RecordingFollower& follower, const LabState& state, const Event& event) {
    if (isTraffic(event.type())) {
        return event.connection != 0 ? topicOfClient(follower, state, event.connection) : Topic{};
    }
    return event.connection != 0 ? topicOfConnection(follower, state, event.connection)
                                 : Topic{0, 0, event.type() == EventType::ThreadDelaySampled ? 0 : event.operation};
}

/// The newest event before the playhead that is about something, and that `matches`.
template <typename Matches>
Topic nearestTopic(const RecordingFollower& follower, const LabState& state, std::size_t reach, Matches matches) {
    const auto& view = follower.view();
    const auto high = std::min(state.next, view.end());
    const auto low = std::max(view.first(), high - std::min(high, reach));
    for (auto index = high; index > low; --index) {
        if (matches(view[index - 1])) {
            if (const auto topic = topicOf(follower, state, view[index - 1]); !topic.empty()) {
                return topic;
            }
        }
    }
    return {};
}

Topic topicOfOperation(const RecordingFollower& follower, const LabState& state, std::uint32_t operation) {
    const auto* known = state.operations.get(operation);
    auto topic = known != nullptr && known->connection != 0
                     ? topicOfConnection(follower, state, known->connection)
                     : nearestTopic(follower, state, farBack, [operation](const Event& event) {
                           return event.operation == operation && !isTraffic(event.type());
                       });
    topic.operation = operation;
    return topic;
}

Conversation everything(const RecordingFollower& follower, const LabState& state, std::size_t maximum) {
    const auto& view = follower.view();
    Conversation all;
    const auto high = std::min(state.next, view.end());
    const auto low = std::max(view.first(), high - std::min(high, nearby));
    auto index = high;
    for (; index > low && all.events.size() < maximum; --index) {
        if (isMessage(view[index - 1])) {
            all.events.push_back(index - 1);
        }
    }
    std::ranges::reverse(all.events);
    all.earlier = index > view.first();
    for (auto next = high; next < std::min(view.end(), high + nearby); ++next) {
        if (isMessage(view[next])) {
            all.next = next;
            break;
        }
    }
    return all;
}

} // namespace

Topic topicAt(const RecordingFollower& follower, const LabState& state, const Selection& selection) {
    switch (selection.kind) {
    case Selection::Kind::Connection:
        if (selection.id != 0) {
            return topicOfConnection(follower, state, selection.id);
        }
        return nearestTopic(follower, state, farBack, [](const Event& event) {
            return event.connection == 0 && event.operation != 0 && !isTraffic(event.type());
        });
    case Selection::Kind::Operation: return topicOfOperation(follower, state, selection.id);
    case Selection::Kind::Client: return topicOfClient(follower, state, selection.id);
    case Selection::Kind::Thread:
        return nearestTopic(follower, state, farBack, [&](const Event& event) { return event.actor == selection.id; });
    case Selection::Kind::None: break;
    }
    return nearestTopic(follower, state, nearby, isMessage);
}

Conversation conversationAt(const RecordingFollower& follower, const LabState& state, const Topic& topic, Scope scope,
                            std::size_t maximum) {
    if (scope == Scope::Everything) {
        return everything(follower, state, maximum);
    }
    Conversation conversation;
    const ConversationEvents source(follower, state);
    if (scope == Scope::Operation && topic.operation != 0) {
        conversation.events = source.ofOperation(topic);
    } else if (scope == Scope::Request && topic.connection != 0) {
        conversation.events = source.ofRequest(topic);
    } else {
        const auto own = source.ofTopic(topic, maximum);
        conversation.events = source.withWaits(own);
        conversation.earlier = own.size() >= maximum;
    }
    conversation.topic = topic;
    conversation.next = source.next(topic, scope == Scope::Operation);
    if (conversation.events.size() > maximum) {
        conversation.events.erase(conversation.events.begin(),
                                  conversation.events.end() - static_cast<std::ptrdiff_t>(maximum));
        conversation.earlier = true;
    }
    return conversation;
}

std::vector<std::size_t> eventsForSteps(const RecordingFollower& follower, const LabState& state, const Topic& topic) {
    return topic.empty() ? std::vector<std::size_t>{} : ConversationEvents(follower, state).forSteps(topic);
}

} // namespace lab
