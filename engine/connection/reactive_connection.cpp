// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/reactive_connection.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <sys/socket.h>

namespace lab {

ReactiveConnection::ReactiveConnection(ServerContext& context, HandlerRegistry& dispatcher,
                                       AcceptedConnection connection)
    : m_context(context)
    , m_dispatcher(dispatcher)
    , m_connection(std::move(connection))
    , m_handler(context.makeHandler(m_connection))
    , m_sender(m_connection.socket.get(), context.options, m_connection.id) {}

ReactiveConnection::~ReactiveConnection() { endConnection(m_context, m_connection, *m_handler, m_reason); }

void ReactiveConnection::open() { expect(m_handler->start().deadline); }

/// The socket is readable: read once, without blocking. What is left makes the handle ready again.
EventHandler::Outcome ReactiveConnection::handleInput() {
    const auto buffer = m_handler->receiveBuffer();
    const auto octets = ::recv(m_connection.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    const int failure = octets < 0 ? errno : 0;
    LAB_MARK(CallPerformed, HttpHandler, "read", .connection = m_connection.id, .kind = SystemCall::Read,
             .value = octets < 0 ? -failure : octets);
    if (octets < 0) {
        return failure == EAGAIN || failure == EINTR ? Outcome::Stay : giveUp(CloseReason::Reset);
    }
    if (m_context.refusesMore()) {
        m_handler->refuseMoreRequests();
    }
    return proceed(m_handler->received(static_cast<std::size_t>(octets)));
}

/// The socket is writable again: go on with the response.
EventHandler::Outcome ReactiveConnection::handleOutput() { return proceed({.next = Action::Next::Send}); }

EventHandler::Outcome ReactiveConnection::handleTimeout() {
    LAB_MARK(DeadlineExpired, HttpHandler, "time limit", .connection = m_connection.id, .kind = m_deadline);
    if (m_deadline == Deadline::Write) {
        return giveUp(CloseReason::DeadlineExpired);
    }
    return proceed(m_handler->expired(m_deadline));
}

EventHandler::Outcome ReactiveConnection::handleDraining() {
    return canLeave(m_deadline) ? giveUp(CloseReason::ServerStopping) : Outcome::Stay;
}

/// When the server does not run any more: nobody has asked for anything. Where another model follows, nobody needs to
/// have asked before, either.
bool ReactiveConnection::canLeave(Deadline deadline) const {
    return deadline == Deadline::Idle || (m_context.handsOver() && m_handler->isBetweenRequests());
}

EventHandler::Outcome ReactiveConnection::proceed(Action action) {
    while (true) {
        switch (action.next) {
        case Action::Next::Receive:
            if (!m_context.running() && canLeave(action.deadline)) {
                return giveUp(CloseReason::ServerStopping);
            }
            expect(action.deadline);
            m_dispatcher.changeInterest(*this, Interest::Read);
            return Outcome::Stay;
        case Action::Next::Send:
            if (action.unanswered) {
                return answerRequest();
            }
            if (m_sender.done()) {
                m_sender.begin(m_handler->segments());
            }
            if (!sendUntilBlocked()) {
                return m_reason ? Outcome::Remove : Outcome::Stay;
            }
            m_sender.finish();
            action = m_handler->sent();
            if (action.requestDone) {
                requestAnswered();
            }
            break;
        case Action::Next::FinishSending:
            ::shutdown(m_connection.socket.get(), SHUT_WR);
            action = m_handler->finishedSending();
            break;
        case Action::Next::Close: return Outcome::Remove;
        }
    }
}

void ReactiveConnection::requestAnswered() {
    m_deadline = Deadline::None;
    m_context.requests.fetch_add(1, std::memory_order_relaxed);
    // With the write that took the last of it.
    LAB_MARK_WITH(ResponseSent, HttpHandler, "response sent", .connection = m_connection.id, .value = m_sender.sent());
}

/// True when all was taken. False: the socket blocks, others should have their turn, or the peer has gone (m_reason).
bool ReactiveConnection::sendUntilBlocked() {
    constexpr int stepsPerTurn = 16;
    const auto sentBefore = m_sender.sent();
    for (int step = 0; !m_sender.done() && step < stepsPerTurn; ++step) {
        if (const auto ready = m_sender.prepare(); ready <= 0) {
            m_reason = CloseReason::Failed;
            return false;
        }
        const auto call = m_sender.nextCall();
        const auto octets = m_sender.step();
        LAB_MARK(CallPerformed, HttpHandler, "write", .connection = m_connection.id, .kind = call, .value = octets);
        if (octets == -EAGAIN) {
            break;
        }
        if (octets <= 0) {
            m_reason = octets == 0 ? CloseReason::Failed : CloseReason::Reset;
            return false;
        }
    }
    sentSome(m_sender.sent() - sentBefore);
    if (m_sender.done()) {
        return true;
    }
    // The time limit begins anew only where the peer took something.
    if (m_deadline != Deadline::Write || m_sender.sent() != sentBefore) {
        expect(Deadline::Write);
    }
    m_dispatcher.changeInterest(*this, Interest::Write);
    return false;
}

/// The header's time limit runs from its first wait on; every other one anew with each wait.
void ReactiveConnection::expect(Deadline deadline) {
    if (deadline != m_deadline ||
        (deadline != Deadline::Header && deadline != Deadline::Body && deadline != Deadline::Linger)) {
        m_deadline = deadline;
        setTimeLimit(m_dispatcher.now() + std::chrono::nanoseconds(m_context.options.limits.of(deadline)).count());
    }
}

EventHandler::Outcome ReactiveConnection::giveUp(CloseReason reason) {
    m_reason = reason;
    return Outcome::Remove;
}

} // namespace lab
