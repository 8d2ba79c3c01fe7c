// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"

#include "engine/state/work_of.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

/// What an event tells of the thread that made it.
enum class Evidence : std::uint8_t { None, Call, Server, Client, Laboratory };

constexpr auto evidences = [] {
    std::array<Evidence, static_cast<std::size_t>(EventType::Count)> table{};
    const auto set = [&](Evidence evidence, std::initializer_list<EventType> types) {
        for (const auto type : types) {
            table[static_cast<std::size_t>(type)] = evidence;
        }
    };
    using enum EventType;
    set(Evidence::Call, {CallEntered, CallLeft, CallPerformed, HandlerRegistered});
    set(Evidence::Server,
        {ConnectionAccepted,  AcceptFailed,       ConnectionClosed, DeadlineExpired, RequestParsed,
         FileFound,           ResponseStarted,    ResponseSent,     HandleReady,     HookEntered,
         OperationInitiated,  OperationCompleted, QueuePopped,      LeadershipTaken, RequestRejected,
         FileEvicted,         SubmissionQueued,   ServiceEntered,   ServiceLeft,     ConnectionHandedOver,
         ConnectionTakenOver, WorkerRefused,      OctetsHeldBack});
    set(Evidence::Client, {ClientConnecting, ClientConnected, ClientRequestSent, ClientFirstByte,
                           ClientResponseReceived, ClientFailed, ClientClosed});
    set(Evidence::Laboratory, {PhaseStarted, RunStarted, RunEnded, ResourceSampled, ThreadDelaySampled, ServiceLinked,
                               ServiceUnlinked, ServiceSuspended, ServiceResumed, ServiceReconfigured, ChangeStarted,
                               SettingChanged, ModelChanged, ChangeFailed});
    return table;
}();

/// What the thread is at once `call` has come back with `result`. `before`: what it was at before the call.
Work workAfter(SystemCall call, std::int64_t result, Work before) {
    switch (workOf(call)) {
    case Work::Read: return result > 0 ? Work::Parse : Work::Read;
    case Work::Wait: return Work::None;
    case Work::None: return before;
    default: return workOf(call);
    }
}

} // namespace

std::string_view words(Work work) {
    static constexpr auto texts =
        std::to_array<std::string_view>({"none", "accept", "read", "parse", "file", "write", "wait"});
    static_assert(texts.size() == static_cast<std::size_t>(Work::Count));
    const auto index = static_cast<std::size_t>(work);
    return index < texts.size() ? texts[index] : "unknown";
}

void LabState::apply(const Event& event) {
    Fold(*this, event).run();
    time = std::max(time, event.time);
    last = event;
    ++next;
    ++totals.events;
}

std::size_t LabState::octets() const {
    const auto items = ready.size() + completionQueue.items.size() + acceptQueue.items.size() +
                       readyQueue.items.size() + returnQueue.items.size() + transmitQueue.items.size() +
                       acceptorsReady.size() + acceptorHeldBy.size() + 2 * settings.size();
    return sizeof(LabState) + threads.octets() + connections.octets() + operations.octets() + clients.octets() +
           clientByPort.octets() + connectionByPort.octets() + services.size() * sizeof(ServiceState) +
           items * sizeof(std::uint32_t) + 4096;
}

void LabState::compact() {
    threads.compact();
    connections.compact();
    operations.compact();
    clients.compact();
    clientByPort.compact();
    connectionByPort.compact();
}

Fold::Fold(LabState& state, const Event& event)
    : m_state(state)
    , m_event(event)
    , m_thread(state.threads.get(event.actor))
    , m_now(std::max(state.time, event.time)) {
    if (m_thread == nullptr && event.type() != EventType::EventsLost && event.type() != EventType::ThreadStarted &&
        event.type() != EventType::ProcessEnded) {
        m_thread = &state.threads[event.actor];
        m_thread->actor = event.actor;
        m_thread->activity = Activity::Running;
        m_thread->since = m_now;
    }
    if (m_thread != nullptr) {
        m_thread->lastEvent = state.next;
    }
}

void Fold::run() {
    judgeThread();
    switch (m_event.type()) {
    case EventType::ThreadStarted: return threadStarted();
    case EventType::ThreadEnded: return threadEnded();
    case EventType::CallEntered: return callEntered();
    case EventType::CallLeft: return callLeft();
    case EventType::CallPerformed: return callPerformed();
    case EventType::ListeningStarted: return listeningStarted();
    case EventType::ListeningStopped: return listeningStopped();
    case EventType::ConnectionAccepted: return connectionAccepted();
    case EventType::AcceptFailed: ++m_state.totals.acceptFailures; return work(Work::Accept);
    case EventType::ConnectionClosed: return connectionClosed();
    case EventType::DeadlineExpired: known(m_event.connection); return;
    case EventType::RequestParsed: return requestParsed();
    case EventType::FileFound: return fileFound();
    case EventType::ResponseStarted: return responseStarted();
    case EventType::ResponseSent: return responseSent();
    case EventType::HandlerRegistered:
    case EventType::InterestChanged: return handlerRegistered();
    case EventType::HandlerRemoved: return handlerRemoved();
    case EventType::HandleReady: return handleReady();
    case EventType::HookEntered: return hookEntered();
    case EventType::HookLeft: return hookLeft();
    case EventType::OperationInitiated: return operationInitiated();
    case EventType::OperationCompleted: return operationCompleted();
    case EventType::QueuePushed: return queuePushed();
    case EventType::QueuePopped: return queuePopped();
    case EventType::PhaseStarted: m_state.phase = static_cast<NameId>(m_event.value()); return;
    case EventType::ClientConnecting: return clientConnecting();
    case EventType::ClientConnected: return clientConnected();
    case EventType::ClientRequestSent: return clientRequestSent();
    case EventType::ClientFirstByte: return clientFirstByte();
    case EventType::ClientResponseReceived: return clientResponseReceived();
    case EventType::ClientFailed: return clientFailed();
    case EventType::ClientClosed: return clientClosed();
    case EventType::RunStarted:
        m_state.model = static_cast<NameId>(m_event.value());
        m_state.fromStart = true;
        return;
    case EventType::DrainStarted: m_state.draining = true; return;
    case EventType::RunEnded: m_state.ended = true; return;
    case EventType::ResourceSampled: return resourceSampled();
    case EventType::ThreadDelaySampled: return threadDelaySampled();
    case EventType::EventsLost: return eventsLost();
    case EventType::ProcessStarted: m_thread->process = static_cast<int>(m_event.value()); return;
    case EventType::ProcessEnded: return processEnded();
    case EventType::SubmissionQueued: return submissionQueued();
    case EventType::FileEvicted: return fileEvicted();
    case EventType::AcceptWokenForNothing: ++m_state.totals.acceptsForNothing; return work(Work::Accept);
    case EventType::LeadershipTaken:
        ++m_state.totals.promotions;
        m_state.leader = m_event.actor;
        return;
    case EventType::LeadershipPassed: m_state.leader = 0xffff; return;
    case EventType::RequestRejected: ++m_state.totals.rejected; return;
    case EventType::ServiceLinked: return serviceLinked();
    case EventType::ServiceUnlinked: return serviceUnlinked();
    case EventType::ServiceSuspended: return serviceSuspended(true);
    case EventType::ServiceResumed: return serviceSuspended(false);
    case EventType::ServiceReconfigured: service(); return;
    case EventType::ServiceEntered: return serviceAsked();
    case EventType::ServiceLeft: return;
    case EventType::OperationRanked: return operationRanked();
    case EventType::CancelRequested: return cancelRequested();
    case EventType::ChangeStarted: m_state.changing = true; return;
    case EventType::SettingChanged: return settingChanged();
    case EventType::ModelChanged: return modelChanged();
    case EventType::ChangeFailed: return;
    case EventType::ConnectionHandedOver: return connectionHandedOver();
    case EventType::ConnectionTakenOver: return connectionTakenOver();
    case EventType::ServerAdapted: return serverAdapted();
    case EventType::WorkerRefused: ++m_state.totals.workersRefused; return work(Work::Accept);
    case EventType::OctetsHeldBack: return octetsHeldBack();
    case EventType::Count: return;
    }
}

/// Whose thread it is: what no event says outright, but each thread's own events tell.
void Fold::judgeThread() {
    const auto type = static_cast<std::size_t>(m_event.type());
    if (m_thread == nullptr || type >= evidences.size()) {
        return;
    }
    switch (evidences[type]) {
    case Evidence::None: return;
    case Evidence::Call:
        if (!m_thread->isServer && !m_thread->isClient) {
            becomeServerThread();
        }
        return;
    case Evidence::Server:
        if (!m_thread->isServer) {
            becomeServerThread();
        }
        return;
    case Evidence::Client:
        if (m_thread->isServer) {
            m_thread->isServer = false;
            --m_state.totals.threadsStarted;
            --m_state.totals.threadsAlive;
        }
        m_thread->isClient = true;
        return;
    case Evidence::Laboratory: m_thread->isClient = m_thread->isClient || !m_thread->isServer; return;
    }
}

void Fold::becomeServerThread() {
    m_thread->isServer = true;
    m_thread->isClient = false;
    auto& totals = m_state.totals;
    ++totals.threadsStarted;
    ++totals.threadsAlive;
    totals.threadsPeak = std::max(totals.threadsPeak, totals.threadsAlive);
}

void Fold::threadStarted() {
    if (m_thread != nullptr) {
        threadEnded(); // the end of the actor's former life was lost
    }
    auto& thread = m_state.threads[m_event.actor];
    thread = {};
    thread.actor = m_event.actor;
    thread.name = static_cast<NameId>(m_event.value());
    thread.activity = Activity::Running;
    thread.since = m_now;
    thread.lastEvent = m_state.next;
}

void Fold::threadEnded() {
    workFor(0);
    dropOperation(*m_thread);
    if (m_thread->isServer) {
        --m_state.totals.threadsAlive;
    }
    if (m_state.leader == m_event.actor) {
        m_state.leader = 0xffff;
    }
    m_state.threads.erase(m_event.actor);
    m_thread = nullptr;
}

/// The thread itself ends by an event of its own, which the lab records for a process that could not.
void Fold::processEnded() {
    ++m_state.totals.processesEnded;
    m_state.totals.processesKilled += kind(ProcessEnd::Count) == ProcessEnd::Killed ? 1 : 0;
}

void Fold::become(Activity activity, SystemCall call, Work work) {
    auto& thread = *m_thread;
    if (thread.activity == activity && thread.call == call && thread.work == work) {
        return;
    }
    (thread.activity == Activity::InCall ? thread.blocked : thread.busy) += m_now - thread.since;
    thread.since = m_now;
    thread.activity = activity;
    thread.call = call;
    thread.work = work;
}

/// The thread works for `connection` from now on, and for no other.
void Fold::workFor(std::uint32_t connection) {
    auto& thread = *m_thread;
    if (thread.connection != connection) {
        if (auto* former = look(thread.connection); former && former->thread == thread.actor) {
            former->thread = 0xffff;
            former->hook = Hook::None;
        }
        thread.connection = connection;
    }
}

void Fold::dropOperation(ThreadState& thread) {
    if (thread.operation != 0) {
        const auto* operation = m_state.operations.get(thread.operation);
        if (operation != nullptr && operation->phase == OperationPhase::Dispatched) {
            m_state.operations.erase(thread.operation);
        }
        thread.operation = 0;
    }
}

void Fold::countCall() {
    if (!m_thread->isClient) {
        ++m_state.totals.systemCalls;
        ++m_state.totals.calls[static_cast<std::size_t>(kind(SystemCall::Count))];
    }
}

void Fold::callEntered() {
    const auto call = kind(SystemCall::Count);
    countCall();
    if (call == SystemCall::IoUringEnter) {
        submissionsEntered();
    }
    // A dispatching thread that waits again has dealt with all that it was told is ready.
    if (isDemultiplexing(call)) {
        m_thread->demultiplexes = true;
        forgetReadyBy(m_event.actor);
    }
    if (m_thread->isClient) {
        return become(Activity::InCall, call, workOf(call));
    }
    workFor(m_event.connection);
    if (auto* connection = living(m_event.connection)) {
        connection->thread = m_event.actor;
        if (workOf(call) == Work::Write) {
            connection->phase = ConnectionPhase::Sending;
        }
    }
    const auto work = workOf(call);
    become(Activity::InCall, call, work == Work::None ? m_thread->work : work);
}

void Fold::callLeft() {
    const auto call = kind(SystemCall::Count);
    become(Activity::Running, SystemCall::None, workAfter(call, m_event.value(), m_thread->work));
    if (call == SystemCall::IoUringEnter) {
        completionsFound();
    }
    if (!m_thread->isClient) {
        callResult(living(m_event.connection));
    }
}

void Fold::callPerformed() {
    countCall();
    const auto call = kind(SystemCall::Count);
    if (call == SystemCall::IoUringEnter) {
        submissionsEntered();
    }
    become(Activity::Running, SystemCall::None, workAfter(call, m_event.value(), m_thread->work));
    if (m_thread->isClient) {
        return;
    }
    auto* connection = living(m_event.connection);
    callResult(connection);
    if (connection != nullptr && workOf(call) == Work::Write) {
        connection->phase = ConnectionPhase::Sending;
    }
}

void Fold::callResult(ConnectionState* connection) {
    if (connection == nullptr || m_event.value() <= 0) {
        return;
    }
    switch (kind(SystemCall::Count)) {
    case SystemCall::Read: return octetsReceived(*connection);
    case SystemCall::Write:
    case SystemCall::Writev:
    case SystemCall::Sendfile:
    case SystemCall::Splice: add(connection->octetsSent, m_event.value()); return;
    default: return;
    }
}

} // namespace lab
