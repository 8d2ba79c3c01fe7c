// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/collaboration.h"

#include "gui/model/collaboration_words.h"
#include "gui/model/conversation_events.h"
#include "gui/model/event_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace lab {

namespace {

enum class Family { Synchronous, Reactive, Proactive };

Family familyOf(const RunInfo& info, const LabState& state) {
    if (waitsForCompletions(info.family) || state.totals.operations > 0) {
        return Family::Proactive;
    }
    return info.family == "reactive" || state.handleSet > 0 ? Family::Reactive : Family::Synchronous;
}

/// Who speaks where the recording does not say in which role.
Role usualRole(const Event& event, Family family) {
    using enum EventType;
    switch (event.type()) {
    case HandlerRegistered:
    case HandlerRemoved:
    case InterestChanged:
    case HandleReady: return Role::InitiationDispatcher;
    case HookEntered:
    case HookLeft: return family == Family::Proactive ? Role::CompletionHandler : Role::EventHandler;
    case OperationInitiated: return Role::ProactiveInitiator;
    case OperationCompleted:
    case QueuePushed: return Role::AsynchronousOperationProcessor;
    case QueuePopped: return Role::CompletionDispatcher;
    case ConnectionAccepted:
    case WorkerRefused:
    case AcceptFailed: return Role::Acceptor;
    case LeadershipTaken:
    case LeadershipPassed:
    case AcceptWokenForNothing: return Role::InitiationDispatcher;
    case OperationRanked:
    case SubmissionQueued: return Role::AsynchronousOperationProcessor;
    case FileEvicted:
    case FileFound: return Role::Filesystem;
    case CallEntered:
    case CallLeft:
    case CallPerformed: break;
    default: return isTraffic(event.type()) ? Role::Client : Role::HttpHandler;
    }
    switch (event.kindAs<SystemCall>()) {
    case SystemCall::Accept: return Role::Acceptor;
    case SystemCall::QueueWait: return Role::CompletionDispatcher;
    case SystemCall::IoUringEnter:
    case SystemCall::AioSuspend: return Role::AsynchronousOperationProcessor;
    case SystemCall::Open:
    case SystemCall::Mmap:
    case SystemCall::FileRead: return Role::Filesystem;
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll:
        return family == Family::Proactive ? Role::AsynchronousOperationProcessor : Role::InitiationDispatcher;
    default: return Role::HttpHandler;
    }
}

/// Puts a conversation's events into rows, event by event.
class Drawing {
public:
    Drawing(const RecordingFollower& follower, const LabState& state, Scope scope)
        : m_follower(follower)
        , m_family(familyOf(follower.glossary().info, state))
        , m_scope(scope) {
        m_result.scope = scope;
    }

    void add(std::size_t index);
    Collaboration finish();
    Collaboration& result() { return m_result; }

private:
    Participant speaker(Role role, const Event& event) const;
    std::pair<Participant, Participant> between(const Event& event, Participant speaker) const;
    Participant handlerOf(const Event& event) const;
    Participant kernel() const {
        return m_family == Family::Proactive ? Participant::AsynchronousOperationProcessor
                                             : Participant::OperatingSystem;
    }
    Participant dispatcher() const {
        return m_family == Family::Proactive ? Participant::CompletionDispatcher : Participant::InitiationDispatcher;
    }
    void addBar(const Event& event, const CollaborationMessage& message);
    void begin(CollaborationBar::Kind kind, std::uint64_t key, Participant participant, Work work);
    void end(CollaborationBar::Kind kind, std::uint64_t key);

    const RecordingFollower& m_follower;
    Family m_family;
    Scope m_scope;
    Collaboration m_result;
    std::map<std::uint32_t, std::int64_t> m_results;      ///< by operation
    std::map<std::uint64_t, std::uint64_t> m_queuedSince; ///< by operation and connection
    std::map<std::pair<CollaborationBar::Kind, std::uint64_t>, std::size_t> m_open;
};

/// Whose hook it is: the acceptor's, or a connection's handler's. One operation alone: the pattern's own role.
Participant Drawing::handlerOf(const Event& event) const {
    if (m_scope == Scope::Operation) {
        return Participant::CompletionHandler;
    }
    return event.connection == 0 ? Participant::Acceptor : Participant::Handler;
}

Participant Drawing::speaker(Role role, const Event& event) const {
    switch (role) {
    case Role::Client: return Participant::Client;
    case Role::Acceptor: return Participant::Acceptor;
    case Role::InitiationDispatcher: return Participant::InitiationDispatcher;
    case Role::AsynchronousOperationProcessor: return Participant::AsynchronousOperationProcessor;
    case Role::CompletionDispatcher: return Participant::CompletionDispatcher;
    case Role::Filesystem: return Participant::Filesystem;
    case Role::ProactiveInitiator:
        return m_scope == Scope::Operation ? Participant::ProactiveInitiator : handlerOf(event);
    case Role::EventHandler:
    case Role::CompletionHandler: return handlerOf(event);
    default: return Participant::Handler;
    }
}

/// From whom to whom the message goes that `speaker` tells of.
std::pair<Participant, Participant> Drawing::between(const Event& event, Participant speaker) const {
    using enum EventType;
    switch (event.type()) {
    case ClientConnecting:
    case ClientRequestSent:
    case ClientClosed: return {Participant::Client, kernel()};
    case ClientConnected:
    case ClientFirstByte:
    case ClientResponseReceived: return {kernel(), Participant::Client};
    case CallEntered:
    case CallPerformed:
        return speaker == Participant::Filesystem || m_family == Family::Proactive ? std::pair(speaker, speaker)
                                                                                   : std::pair(speaker, kernel());
    case CallLeft: return m_family == Family::Proactive ? std::pair(speaker, speaker) : std::pair(kernel(), speaker);
    case ConnectionAccepted: return {Participant::Acceptor, Participant::Handler};
    case ConnectionClosed: return {Participant::Handler, kernel()};
    case FileFound: return {Participant::Handler, Participant::Filesystem};
    case HandlerRegistered:
    case HandlerRemoved:
    case InterestChanged: return {handlerOf(event), dispatcher()};
    case HandleReady: return {kernel(), dispatcher()};
    case HookEntered: return {dispatcher(), speaker};
    case HookLeft: return {speaker, dispatcher()};
    case OperationInitiated: return {speaker, kernel()};
    case QueuePushed:
        if (event.kindAs<Queue>() == Queue::Transmit) {
            return {kernel(), kernel()}; // it waits there until others have been sent
        }
        return event.kindAs<Queue>() == Queue::Completion ? std::pair(kernel(), dispatcher())
                                                          : std::pair(speaker, Participant::Handler);
    default: return {speaker, speaker};
    }
}

void Drawing::add(std::size_t index) {
    const auto& event = m_follower.view()[index];
    const auto& glossary = m_follower.glossary();
    CollaborationMessage message;
    message.event = index;
    message.time = event.time;
    message.actor = event.actor;
    message.connection = isTraffic(event.type()) ? 0 : event.connection;
    message.role = glossary.site(event.site).role;
    if (message.role == Role::None) {
        message.role = usualRole(event, m_family);
    }
    std::tie(message.from, message.to) = between(event, speaker(message.role, event));
    message.isReply = event.type() == EventType::HookLeft || event.type() == EventType::ClientConnected ||
                      (event.type() == EventType::CallLeft && message.from != message.to);
    message.work = workOf(event);
    message.thread = QString::fromStdString(m_follower.nameOfThread(event.actor, index));
    MessagePast past;
    const auto key = std::uint64_t{event.operation} << 32 | event.connection;
    if (event.type() == EventType::OperationCompleted) {
        m_results[event.operation] = event.value();
    } else if (event.type() == EventType::QueuePushed) {
        m_queuedSince[key] = event.time;
    } else if (const auto since = m_queuedSince.find(key);
               event.type() == EventType::QueuePopped && since != m_queuedSince.end()) {
        past.waited = event.time - since->second;
    } else if (const auto known = m_results.find(event.operation);
               event.type() == EventType::HookEntered && event.operation != 0 && known != m_results.end()) {
        past.result = known->second;
    }
    message.text = messageWords(event, glossary, past);
    addBar(event, message);
    m_result.messages.push_back(std::move(message));
}

void Drawing::addBar(const Event& event, const CollaborationMessage& message) {
    using Kind = CollaborationBar::Kind;
    using enum EventType;
    const auto item = std::uint64_t{event.operation} << 32 | event.connection;
    const auto hook = std::uint64_t{event.actor} << 32 | event.connection;
    switch (event.type()) {
    case HookEntered: begin(Kind::Hook, hook, message.to, message.work); break;
    case HookLeft: end(Kind::Hook, hook); break;
    case CallEntered: begin(Kind::Call, event.actor, message.to, message.work); break;
    case CallLeft: end(Kind::Call, event.actor); break;
    case OperationInitiated: begin(Kind::Operation, event.operation, message.to, message.work); break;
    case OperationCompleted: end(Kind::Operation, event.operation); break;
    case QueuePushed: begin(Kind::Waiting, item, message.to, Work::Wait); break;
    case QueuePopped: end(Kind::Waiting, item); break;
    default: break;
    }
}

void Drawing::begin(CollaborationBar::Kind kind, std::uint64_t key, Participant participant, Work work) {
    CollaborationBar bar;
    bar.kind = kind;
    bar.participant = participant;
    bar.begin = m_result.messages.size();
    bar.work = work;
    // Beside those that are still open there, in the first place that is free.
    const auto taken = [&](std::size_t slot) {
        return std::ranges::any_of(m_result.bars, [&](const CollaborationBar& other) {
            return other.participant == participant && !other.end && other.slot == slot;
        });
    };
    while (taken(bar.slot)) {
        ++bar.slot;
    }
    m_open[{kind, key}] = m_result.bars.size();
    m_result.bars.push_back(bar);
}

void Drawing::end(CollaborationBar::Kind kind, std::uint64_t key) {
    if (const auto open = m_open.find({kind, key}); open != m_open.end()) {
        m_result.bars[open->second].end = m_result.messages.size();
        m_open.erase(open);
    }
}

Collaboration Drawing::finish() {
    std::array<bool, static_cast<std::size_t>(Participant::Count)> part{};
    for (const auto& message : m_result.messages) {
        part[static_cast<std::size_t>(message.from)] = true;
        part[static_cast<std::size_t>(message.to)] = true;
    }
    for (std::size_t participant = 0; participant < part.size(); ++participant) {
        if (part[participant]) {
            m_result.participants.push_back(static_cast<Participant>(participant));
        }
    }
    return std::move(m_result);
}

QString titleOf(const Collaboration& collaboration, const RecordingFollower& follower) {
    const auto& topic = collaboration.topic;
    if (collaboration.scope == Scope::Everything) {
        return QStringLiteral("All connections");
    }
    if (collaboration.scope == Scope::Operation && topic.operation != 0) {
        return QStringLiteral("Operation %1").arg(topic.operation);
    }
    if (topic.connection == 0) {
        return topic.client != 0      ? QStringLiteral("Client %1").arg(topic.client)
               : topic.operation != 0 ? QStringLiteral("The acceptor, operation %1").arg(topic.operation)
                                      : QString();
    }
    QString title = QStringLiteral("Connection #%1").arg(topic.connection);
    for (const auto& message : collaboration.messages) {
        const auto& event = follower.view()[message.event];
        if (collaboration.scope == Scope::Request &&
            (event.type() == EventType::ClientRequestSent || event.type() == EventType::FileFound)) {
            const auto name = follower.glossary().name(static_cast<NameId>(event.value()));
            return title + QStringLiteral(" · GET ") +
                   QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        }
    }
    return title;
}

} // namespace

Collaboration collaborationAt(const RecordingFollower& follower, const LabState& state, const Selection& selection,
                              Scope scope) {
    auto topic = scope == Scope::Everything ? Topic{} : topicAt(follower, state, selection);
    if (scope == Scope::Operation && topic.operation == 0) {
        topic.operation = ConversationEvents(follower, state).operationAtHand(topic.connection);
    }
    if (scope == Scope::Operation && topic.operation == 0) {
        scope = Scope::Request;
    }
    const auto conversation = conversationAt(follower, state, topic, scope);
    Drawing drawing(follower, state, scope);
    for (const auto index : conversation.events) {
        drawing.add(index);
    }
    auto& result = drawing.result();
    result.topic = topic;
    result.earlier = conversation.earlier;
    if (!result.messages.empty() && result.messages.back().event + 1 == state.next) {
        result.now = result.messages.size() - 1;
    }
    if (conversation.next) {
        const auto bars = result.bars; // what has not happened has no stretch, and ends none
        drawing.add(*conversation.next);
        result.bars = bars;
        result.hasNext = true;
    }
    auto finished = drawing.finish();
    finished.title = titleOf(finished, follower);
    return finished;
}

QString nameOf(Participant participant, const RunInfo& info) {
    switch (participant) {
    case Participant::Client: return QStringLiteral("Client");
    case Participant::OperatingSystem: return QStringLiteral("Operating System");
    case Participant::InitiationDispatcher: return QStringLiteral("Initiation Dispatcher");
    case Participant::ProactiveInitiator: return QStringLiteral("Proactive Initiator");
    case Participant::AsynchronousOperationProcessor: return QStringLiteral("Asynchronous Operation Processor");
    case Participant::CompletionDispatcher: return QStringLiteral("Completion Dispatcher");
    case Participant::CompletionHandler: return QStringLiteral("Completion Handler");
    case Participant::Acceptor:
        return waitsForCompletions(info.family) ? QStringLiteral("Async Acceptor")
               : info.family == "reactive"      ? QStringLiteral("HTTP Acceptor")
                                                : QStringLiteral("Sync Acceptor");
    case Participant::Handler:
        return waitsForCompletions(info.family) ? QStringLiteral("Protocol Handler") : QStringLiteral("HTTP Handler");
    case Participant::Filesystem: return QStringLiteral("Filesystem");
    case Participant::Count: break;
    }
    return {};
}

} // namespace lab
