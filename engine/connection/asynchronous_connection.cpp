// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/asynchronous_connection.h"

#include "engine/connection/proactive_connections.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <chrono>

namespace lab {

AsynchronousConnection::AsynchronousConnection(ServerContext& context, ProactiveConnections& all,
                                               AcceptedConnection connection, AsynchronousOperationProcessor& processor)
    : m_context(context)
    , m_all(all)
    , m_id(connection.id)
    , m_connection(std::move(connection))
    , m_stream(processor.makeStream(std::move(m_connection.socket)))
    , m_handler(context.makeHandler(m_connection)) {}

AsynchronousConnection::~AsynchronousConnection() {
    if (leavesForNextModel(m_context, *m_handler, m_reason)) {
        m_connection.socket = m_stream->release();
        m_stream.reset();
        handOverConnection(m_context, m_connection, m_handler->requestsServed());
        return;
    }
    const auto reason = m_context.stopping() ? CloseReason::ServerStopping : m_handler->closeReason();
    LAB_MARK(ConnectionClosed, HttpHandler, "close", .connection = m_id, .kind = m_reason.value_or(reason),
             .value = m_handler->requestsServed());
    m_stream.reset();
    m_context.closed.fetch_add(1, std::memory_order_release);
}

void AsynchronousConnection::initiate(AsynchronousOperation& operation, Operation kind, std::int64_t octets,
                                      std::int64_t octetsBehind) {
    operation.connection = m_id;
    operation.id = m_context.lastOperation.fetch_add(1, std::memory_order_relaxed) + 1;
    operation.kind = kind;
    operation.octets = octets;
    operation.octetsBehind = octetsBehind;
    operation.isUrgent = m_handler->isUrgent();
    m_outstanding.store(operation.id, std::memory_order_release);
    // Right after what the operation follows from: a response that was begun or sent, a file's piece that was read.
    LAB_MARK_WITH(OperationInitiated, ProactiveInitiator, "initiate operation", .connection = m_id,
                  .operation = operation.id, .kind = kind, .value = octets);
}

void AsynchronousConnection::expect(Deadline deadline) {
    m_isBetweenRequests.store(m_handler->isBetweenRequests(), std::memory_order_relaxed);
    const auto former = m_deadline.load(std::memory_order_relaxed);
    const bool goesOn = deadline == former &&
                        (deadline == Deadline::Header || deadline == Deadline::Body || deadline == Deadline::Linger);
    if (!goesOn) {
        m_until.store(m_context.gate.now() + std::chrono::nanoseconds(m_context.options.limits.of(deadline)).count(),
                      std::memory_order_relaxed);
        m_deadline.store(deadline, std::memory_order_relaxed);
    }
}

void AsynchronousConnection::lookAtTimeLimit(std::int64_t now) {
    if (wasCancelled()) {
        m_stream->cancel(); // the first time may have fallen between two parts of the operation
        return;
    }
    const auto progress = m_stream->progress();
    if (m_stream->waitsForTurn()) {
        m_until.store(now + std::chrono::nanoseconds(m_context.options.limits.write).count(),
                      std::memory_order_relaxed);
    } else if (m_deadline.load(std::memory_order_relaxed) == Deadline::Write && progress != m_progressSeen) {
        // The peer takes octets: its time for the next ones begins anew.
        m_progressSeen = progress;
        m_until.store(now + std::chrono::nanoseconds(m_context.options.limits.write).count(),
                      std::memory_order_relaxed);
    } else if (now >= m_until.load(std::memory_order_relaxed)) {
        m_stream->cancel();
    }
}

void AsynchronousConnection::cancelFromOutside() {
    m_cancelAsked.store(true, std::memory_order_release);
    m_stream->cancel();
}

void AsynchronousConnection::cancelIfIdle() {
    if (m_deadline.load(std::memory_order_relaxed) == Deadline::Idle ||
        (m_context.handsOver() && m_isBetweenRequests.load(std::memory_order_relaxed))) {
        m_stream->cancel();
    }
}

bool AsynchronousConnection::mustLeave(Deadline deadline) const {
    return !m_context.running() &&
           (deadline == Deadline::Idle || (m_context.handsOver() && m_handler->isBetweenRequests()));
}

AsynchronousConnection::Cancelled AsynchronousConnection::whyCancelled() {
    if (wasCancelled()) {
        return Cancelled::FromOutside;
    }
    if (mustLeave(deadline())) {
        return Cancelled::ServerStopping;
    }
    if (m_context.gate.now() < m_until.load(std::memory_order_relaxed)) {
        return Cancelled::Mistaken;
    }
    LAB_MARK(DeadlineExpired, HttpHandler, "time limit", .connection = m_id, .kind = deadline());
    return Cancelled::TimePassed;
}

void AsynchronousConnection::requestDone(std::int64_t octets) {
    m_context.requests.fetch_add(1, std::memory_order_relaxed);
    // Right after the hook was entered that is told of the last of it.
    LAB_MARK_WITH(ResponseSent, HttpHandler, "response sent", .connection = m_id, .value = octets);
    expectNothing();
    m_cancelAsked.store(false, std::memory_order_release); // it came too late
}

void AsynchronousConnection::close(std::optional<CloseReason> reason) {
    m_reason = reason;
    m_all.remove(*this);
}

} // namespace lab
