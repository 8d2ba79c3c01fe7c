// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narration.h"

#include "engine/state/narrator.h"

#include <algorithm>

namespace lab {

Glossary Glossary::of(const Recording& recording) { return {recording.info(), recording.names(), recording.sites()}; }

std::string_view Glossary::name(NameId id) const {
    return id < names.size() ? std::string_view(names[id]) : std::string_view();
}

const SiteInfo& Glossary::site(std::uint16_t id) const {
    static const SiteInfo unknown;
    return id < sites.size() ? sites[id] : unknown;
}

std::string threadName(std::uint16_t actor, const LabState& state, const Glossary& glossary) {
    const auto* thread = state.threads.get(actor);
    const auto name = thread != nullptr ? glossary.name(thread->name) : std::string_view();
    return name.empty() ? "thread " + std::to_string(actor) : std::string(name);
}

std::string narrate(const Event& event, const LabState& before, const Glossary& glossary) {
    return Narrator(event, before, glossary).sentence();
}

std::string narrateOffer(const Event& pending, const LabState& now, const Glossary& glossary) {
    return Narrator(pending, now, glossary).offer();
}

std::string Narrator::text(std::int64_t nameId) const {
    const auto name = nameId < 0 ? std::string_view() : m_glossary.name(static_cast<NameId>(nameId));
    return name.empty() ? std::string("something without a name") : std::string(name);
}

std::string Narrator::quoted(std::int64_t nameId) const { return "“" + text(nameId) + "”"; }

std::string Narrator::handlerOwner(std::uint32_t connection) const {
    return connection == 0 ? std::string("the acceptor") : numbered(connection);
}

std::string Narrator::timeInCall() const {
    const auto* thread = m_before.threads.get(m_event.actor);
    if (thread == nullptr || thread->activity != Activity::InCall || m_event.time < thread->since) {
        return {};
    }
    return " after " + readableDuration(m_event.time - thread->since) + " in the kernel";
}

std::uint64_t Narrator::threadsInKernel() const {
    std::uint64_t count = 0;
    for (const auto& [actor, thread] : m_before.threads) {
        count += actor != m_event.actor && thread.isServer && thread.activity == Activity::InCall ? 1 : 0;
    }
    return count;
}

std::uint64_t Narrator::operationsInKernel() const {
    std::uint64_t count = 0;
    for (const auto& [id, operation] : m_before.operations) {
        count += operation.phase == OperationPhase::InKernel && !operation.isOfPool ? 1 : 0;
    }
    return count;
}

std::uint64_t Narrator::operationsOfPool() const {
    std::uint64_t count = 0;
    for (const auto& [id, operation] : m_before.operations) {
        count += operation.phase == OperationPhase::InKernel && operation.isOfPool ? 1 : 0;
    }
    return count;
}

std::string Narrator::meanwhile() const {
    if (isProactive()) {
        const auto operations = operationsInKernel();
        const auto count = sentenceStart(readableCount(operations, "operation waits", "operations wait"));
        if (const auto others = operationsOfPool(); others > 0) {
            return " " + count + " in the kernel; " + readableCount(others, "is", "are") + " left to the pool.";
        }
        return operations == 0 ? std::string{} : " " + count + " in the kernel; no thread does so for a connection.";
    }
    if (isFamily("synchronous")) {
        const auto threads = threadsInKernel();
        const auto count = sentenceStart(readableCount(threads, "other thread waits", "other threads wait"));
        return threads == 0 ? std::string{} : " " + count + " in the kernel.";
    }
    return waitingTheirTurn();
}

/// Of those reported ready, all but the one that the event is about.
std::string Narrator::waitingTheirTurn() const {
    constexpr std::size_t named = 3;
    std::string list;
    std::size_t count = 0;
    for (const auto connection : m_before.ready) {
        if (connection == m_event.connection) {
            continue;
        }
        if (count++ < named) {
            list += (count == 1 ? "" : "\n") + handlerOwner(connection);
        }
    }
    if (count == 0) {
        return {};
    }
    if (count > named) {
        return " " + sentenceStart(readableCount(count, "other", "others")) + " wait their turn.";
    }
    // "#9, #14 and the acceptor"
    for (auto at = list.rfind('\n'), last = at; at != std::string::npos; at = list.rfind('\n')) {
        list.replace(at, 1, at == last ? " and " : ", ");
    }
    return " " + sentenceStart(list) + (count == 1 ? " waits its turn." : " wait their turn.");
}

/// "the one thread" where the server has one, else the thread's name.
std::string Narrator::theThread() const { return m_before.totals.threadsAlive == 1 ? "the one thread" : who(); }

std::string Narrator::sentence() const {
    switch (m_event.type()) {
    case EventType::ThreadStarted: return "A thread starts: " + text(m_event.value()) + ".";
    case EventType::ThreadEnded: return threadEnded();
    case EventType::CallEntered: return callEntered();
    case EventType::CallLeft: return callLeft();
    case EventType::CallPerformed: return callPerformed();
    case EventType::ListeningStarted:
        if (m_before.listening) {
            return "One more socket listens on port " + std::to_string(m_event.value()) +
                   ": the kernel gives each new connection to one of " + std::to_string(m_before.listeningSockets + 1) +
                   ".";
        }
        return "The server listens on port " + std::to_string(m_event.value()) +
               ": from now on the kernel takes connections in.";
    case EventType::ListeningStopped: return "The server no longer listens: nobody new gets in.";
    case EventType::ConnectionAccepted: return connectionAccepted();
    case EventType::AcceptFailed: return acceptFailed();
    case EventType::ConnectionClosed: return connectionClosed();
    case EventType::DeadlineExpired: return deadlineExpired();
    case EventType::RequestParsed: return requestParsed();
    case EventType::FileFound: return fileFound();
    case EventType::ResponseStarted: return responseStarted();
    case EventType::ResponseSent: return responseSent();
    case EventType::HandlerRegistered: return handlerRegistered();
    case EventType::HandlerRemoved:
        return "The handler of " + handlerOwner(m_event.connection) +
               " is removed from the Initiation Dispatcher: its handle is watched no longer.";
    case EventType::InterestChanged: return interestChanged();
    case EventType::HandleReady: return handleReady();
    case EventType::HookEntered: return hookEntered();
    case EventType::HookLeft: return hookLeft();
    case EventType::OperationInitiated: return operationInitiated();
    case EventType::OperationCompleted: return operationCompleted();
    case EventType::QueuePushed: return queuePushed();
    case EventType::QueuePopped: return queuePopped();
    case EventType::PhaseStarted: return "The traffic enters its phase " + quoted(m_event.value()) + ".";
    case EventType::ClientConnecting:
        return client() + " asks the kernel for a connection to the server, from port " +
               std::to_string(m_event.value()) + ".";
    case EventType::ClientConnected: return clientConnected();
    case EventType::ClientRequestSent:
        return client() + " has sent its request: it asks for " + text(m_event.value()) + ".";
    case EventType::ClientFirstByte:
        return client() + " gets the first octet of its answer, " +
               readableDuration(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()))) +
               " after it meant to ask.";
    case EventType::ClientResponseReceived: return clientResponseReceived();
    case EventType::ClientFailed: return clientFailed();
    case EventType::ClientClosed: return client() + " closes its connection.";
    case EventType::RunStarted: return runStarted();
    case EventType::DrainStarted:
        return "The server drains: it takes no more connections in, and lets " +
               readableCount(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value())), "open one",
                             "open ones") +
               " finish what is under way.";
    case EventType::RunEnded: return "The run has ended: nothing more will happen.";
    case EventType::ResourceSampled: return resourceSampled();
    case EventType::ThreadDelaySampled: return threadDelaySampled();
    case EventType::EventsLost:
        return readableNumber(m_event.value()) + " events of " + who() +
               " are missing here: they came faster than they could be recorded.";
    case EventType::SubmissionQueued: return submissionQueued();
    case EventType::FileEvicted: return fileEvicted();
    case EventType::AcceptWokenForNothing:
        return who() + " was woken for nothing: nobody waits at the listening socket any more.";
    case EventType::LeadershipTaken:
        return who() + " becomes the leader: it alone waits at the handle set now, on behalf of all.";
    case EventType::LeadershipPassed:
        return who() + " promotes a follower to leader, so that somebody waits at the handle set while it works.";
    case EventType::RequestRejected: return requestRejected();
    case EventType::ProcessStarted: return processStarted();
    case EventType::ProcessEnded: return processEnded();
    case EventType::ServiceLinked: return serviceLinked();
    case EventType::ServiceUnlinked:
    case EventType::ServiceSuspended:
    case EventType::ServiceResumed:
    case EventType::ServiceReconfigured: return serviceChanged();
    case EventType::ServiceEntered: return serviceEntered();
    case EventType::ServiceLeft: return serviceLeft();
    case EventType::OperationRanked: return operationRanked();
    case EventType::CancelRequested:
        return "Somebody outside asks for the " + operationOfEvent() +
               " to be cancelled: it stays outstanding until the Asynchronous Operation Processor has given it up.";
    case EventType::ChangeStarted: return changeStarted();
    case EventType::SettingChanged: return settingChanged();
    case EventType::ModelChanged: return modelChanged();
    case EventType::ChangeFailed: return changeFailed();
    case EventType::ConnectionHandedOver: return connectionHandedOver();
    case EventType::ConnectionTakenOver: return connectionTakenOver();
    case EventType::ServerAdapted: return serverAdapted();
    case EventType::WorkerRefused: return workerRefused();
    case EventType::OctetsHeldBack: return octetsHeldBack();
    case EventType::Count: break;
    }
    return "An event of a kind that this program does not know.";
}

} // namespace lab
