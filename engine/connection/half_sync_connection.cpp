// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/half_sync_connection.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <chrono>
#include <memory>
#include <poll.h>

namespace lab {

namespace {

/// The call "answer this request", made an object.
class AnswerRequest final : public MethodObject {
public:
    explicit AnswerRequest(HalfSyncConnection& connection)
        : MethodObject(connection.connection())
        , m_connection(connection) {}

    void call() override { m_connection.workOff(); }

private:
    HalfSyncConnection& m_connection;
};

} // namespace

HalfSyncConnection::HalfSyncConnection(ServerContext& context, HalfSyncLayers& layers, AcceptedConnection connection)
    : ReactiveConnection(context, layers.loop, std::move(connection))
    , m_layers(layers) {
    protocol().separateAnswers();
}

/// In the loop: a request is whole. Where the queue is full the client is told so at once, by the loop itself.
EventHandler::Outcome HalfSyncConnection::answerRequest() {
    if (m_layers.requests.hasRoom()) {
        m_layers.loop.sendAway(*this); // before the push: a thread may have it from then on
        if (m_layers.requests.tryPush(std::make_unique<AnswerRequest>(*this))) {
            return Outcome::Stay;
        }
        m_layers.loop.changeInterest(*this, Interest::Read); // the server is stopping
    }
    context().counts.rejected.fetch_add(1, std::memory_order_relaxed);
    LAB_MARK(RequestRejected, HttpHandler, "reject request", .connection = this->connection(), .kind = Queue::Ready,
             .value = m_layers.requests.depth());
    return proceed(protocol().reject());
}

void HalfSyncConnection::workOff() {
    if (context().stopping()) {
        m_failure = CloseReason::ServerStopping;
    } else {
        if (context().refusesMore()) {
            protocol().refuseMoreRequests();
        }
        if (protocol().answer().next == Action::Next::Close) {
            m_failure = protocol().closeReason();
        } else {
            sendBlocking();
        }
    }
    giveBack();
}

void HalfSyncConnection::sendBlocking() {
    const auto patience = std::chrono::nanoseconds(context().options.limits.write).count();
    sender().begin(protocol().segments());
    while (!sender().done() && !m_failure) {
        if (context().stopping()) { // however readily the peer takes what is left
            m_failure = CloseReason::ServerStopping;
            return;
        }
        if (sender().prepare() <= 0) {
            m_failure = CloseReason::Failed;
            return;
        }
        const auto call = sender().nextCall();
        LAB_MARK(CallEntered, HttpHandler, "write", .connection = this->connection(), .kind = call);
        const auto octets = sendStepBlocking(context().gate.now() + patience);
        LAB_MARK(CallLeft, HttpHandler, "write", .connection = this->connection(), .kind = call, .value = octets);
        if (octets == -EAGAIN) {
            m_failure = context().stopping() ? CloseReason::ServerStopping : CloseReason::DeadlineExpired;
        } else if (octets <= 0) {
            m_failure = octets == 0 ? CloseReason::Failed : CloseReason::Reset;
        } else {
            sentSome(octets);
        }
    }
    if (!m_failure) {
        sender().finish();
        requestAnswered();
    }
}

/// The socket itself does not block, for the loop's sake: so the thread waits until it takes something.
std::int64_t HalfSyncConnection::sendStepBlocking(std::int64_t until) {
    while (true) {
        const auto octets = sender().step();
        if (octets != -EAGAIN || context().gate.now() >= until || context().stopping()) {
            return octets;
        }
        constexpr int betweenLooks = 250; // ms, at the server's state and the time limit
        pollfd writable{.fd = socket(), .events = POLLOUT, .revents = 0};
        ::poll(&writable, 1, betweenLooks);
    }
}

EventHandler::Outcome HalfSyncConnection::handleReturn() {
    return m_failure ? giveUp(*m_failure) : proceed(protocol().sent());
}

} // namespace lab
