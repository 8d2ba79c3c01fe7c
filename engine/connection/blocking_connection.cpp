// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/blocking_connection.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <sys/socket.h>

namespace lab {

BlockingConnection::BlockingConnection(ServerContext& context, AcceptedConnection connection)
    : m_context(context)
    , m_connection(std::move(connection))
    , m_handler(context.makeHandler(m_connection))
    , m_sender(m_connection.socket.get(), context.options, m_connection.id) {}

BlockingConnection::~BlockingConnection() { endConnection(m_context, m_connection, *m_handler, m_reason); }

void BlockingConnection::serve() {
    while (serveRequest()) {
    }
}

void BlockingConnection::refuse(std::chrono::milliseconds rest) {
    LAB_MARK(WorkerRefused, Acceptor, "start a thread", .connection = m_connection.id, .kind = Worker::Thread,
             .value = rest.count());
    m_reason = CloseReason::Failed;
}

bool BlockingConnection::serveRequest() {
    auto action = m_next ? *m_next : m_handler->start();
    while (action.next != Action::Next::Close) {
        switch (action.next) {
        case Action::Next::Receive: action = receive(action.deadline); break;
        case Action::Next::Send: action = send(); break;
        case Action::Next::FinishSending:
            ::shutdown(m_connection.socket.get(), SHUT_WR);
            action = m_handler->finishedSending();
            break;
        case Action::Next::Close: break;
        }
        if (action.requestDone && action.next != Action::Next::Close) {
            m_next = action;
            return true;
        }
    }
    return false;
}

/// One blocking read. The socket's own time limit is short, so that the end of the server and the request's time
/// limit are noticed; the thread goes straight back into the kernel then.
Action BlockingConnection::receive(Deadline deadline) {
    if (deadline != m_deadline || deadline == Deadline::Idle) {
        m_deadline = deadline;
        m_until = m_context.gate.now() + std::chrono::nanoseconds(m_context.options.limits.of(deadline)).count();
    }
    if (deadline != Deadline::Idle && outOfTime(m_until)) { // octets that keep dripping in do not extend the limit
        LAB_MARK(DeadlineExpired, HttpHandler, "time limit", .connection = m_connection.id, .kind = deadline);
        return m_handler->expired(deadline);
    }
    const bool canLeave = m_handler->isBetweenRequests();
    if (canLeave && m_context.handsOver()) { // what the client sends meanwhile waits for the next model
        return giveUp(CloseReason::ServerStopping);
    }
    const auto buffer = m_handler->receiveBuffer();
    LAB_MARK(CallEntered, HttpHandler, "read", .connection = m_connection.id, .kind = SystemCall::Read,
             .value = static_cast<std::int64_t>(buffer.size()));
    ssize_t octets = 0;
    bool leave = false;
    do {
        octets = ::recv(m_connection.socket.get(), buffer.data(), buffer.size(), 0);
        leave = octets >= 0 || (errno != EAGAIN && errno != EINTR) || outOfTime(m_until) || m_context.stopping() ||
                (deadline == Deadline::Idle && !m_context.running()) || (canLeave && m_context.handsOver());
    } while (!leave);
    const int failure = octets < 0 ? errno : 0;
    LAB_MARK(CallLeft, HttpHandler, "read", .connection = m_connection.id, .kind = SystemCall::Read,
             .value = octets < 0 ? -failure : octets);
    if (octets >= 0) {
        if (m_context.refusesMore()) {
            m_handler->refuseMoreRequests();
        }
        return m_handler->received(static_cast<std::size_t>(octets));
    }
    if (failure != EAGAIN && failure != EINTR) {
        return giveUp(CloseReason::Reset);
    }
    if (!m_context.running() && !outOfTime(m_until)) {
        return giveUp(CloseReason::ServerStopping);
    }
    LAB_MARK(DeadlineExpired, HttpHandler, "time limit", .connection = m_connection.id, .kind = deadline);
    return m_handler->expired(deadline);
}

/// Blocking writes until the whole response is in the kernel's hands.
Action BlockingConnection::send() {
    const auto patience = std::chrono::nanoseconds(m_context.options.limits.write).count();
    m_deadline = Deadline::Write;
    m_sender.begin(m_handler->segments());
    while (!m_sender.done()) {
        if (m_context.stopping()) { // however readily the peer takes what is left
            return giveUp(CloseReason::ServerStopping);
        }
        if (const auto ready = m_sender.prepare(); ready <= 0) {
            return giveUp(CloseReason::Failed);
        }
        const auto call = m_sender.nextCall();
        const auto until = m_context.gate.now() + patience;
        LAB_MARK(CallEntered, HttpHandler, "write", .connection = m_connection.id, .kind = call);
        std::int64_t octets = 0;
        do {
            octets = m_sender.step();
        } while (octets == -EAGAIN && !outOfTime(until) && !m_context.stopping());
        LAB_MARK(CallLeft, HttpHandler, "write", .connection = m_connection.id, .kind = call, .value = octets);
        if (octets == -EAGAIN) {
            return giveUp(m_context.stopping() ? CloseReason::ServerStopping : CloseReason::DeadlineExpired);
        }
        if (octets <= 0) {
            return giveUp(octets == 0 ? CloseReason::Failed : CloseReason::Reset);
        }
    }
    m_sender.finish();
    const auto action = m_handler->sent();
    if (action.requestDone) {
        m_context.tellAccount();
        m_context.requests.fetch_add(1, std::memory_order_relaxed);
        // With the write that took the last of it.
        LAB_MARK_WITH(ResponseSent, HttpHandler, "response sent", .connection = m_connection.id,
                      .value = m_sender.sent());
    }
    return action;
}

bool BlockingConnection::outOfTime(std::int64_t until) const { return m_context.gate.now() >= until; }

Action BlockingConnection::giveUp(CloseReason reason) {
    m_reason = reason;
    return {.next = Action::Next::Close};
}

} // namespace lab
