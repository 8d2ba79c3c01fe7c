// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/proactive_connection.h"

#include "engine/connection/proactive_connections.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <chrono>

namespace lab {

ProactiveConnection::ProactiveConnection(ServerContext& context, ProactiveConnections& all,
                                         AcceptedConnection connection, AsynchronousOperationProcessor& processor)
    : m_context(context)
    , m_all(all)
    , m_id(connection.id)
    , m_connection(std::move(connection))
    , m_stream(processor.makeStream(std::move(m_connection.socket)))
    , m_handler(context.makeHandler(m_id)) {
    m_operation.handler = this;
    m_operation.connection = m_id;
}

ProactiveConnection::~ProactiveConnection() {
    const auto reason = m_context.stopping() ? CloseReason::ServerStopping : m_handler->closeReason();
    LAB_MARK(ConnectionClosed, HttpHandler, "close", .connection = m_id, .kind = m_reason.value_or(reason),
             .value = m_handler->requestsServed());
    m_stream.reset();
    m_context.closed.fetch_add(1, std::memory_order_release);
}

void ProactiveConnection::open() { proceed(m_handler->start()); }

void ProactiveConnection::handleCompletion(AsynchronousOperation& operation) {
    if (operation.result == -ECANCELED) {
        cancelled();
    } else if (operation.kind == Operation::Read) {
        handleRead(operation.result);
    } else {
        handleWrite(operation.result);
    }
}

/// Step 3 of "a client sends a GET": the dispatcher notifies the Protocol Handler; step 4: it parses.
void ProactiveConnection::handleRead(std::int64_t octets) {
    if (octets < 0) {
        close(CloseReason::Reset);
        return;
    }
    if (!m_context.running()) {
        m_handler->refuseMoreRequests();
    }
    proceed(m_handler->received(static_cast<std::size_t>(octets)));
}

/// Step 7: the dispatcher notifies the Completion Handler that the response has gone.
void ProactiveConnection::handleWrite(std::int64_t octets) {
    if (octets < 0) {
        close(octets == -EIO ? CloseReason::Failed : CloseReason::Reset);
        return;
    }
    const auto action = m_handler->sent();
    if (action.requestDone) {
        m_context.requests.fetch_add(1, std::memory_order_relaxed);
        LAB_MARK(ResponseSent, HttpHandler, "response sent", .connection = m_id, .value = octets);
        m_deadline.store(Deadline::None, std::memory_order_relaxed);
    }
    proceed(action);
}

/// Each way ends with an operation initiated, or with the connection closed; nothing of it may be touched then.
void ProactiveConnection::proceed(Action action) {
    if (action.next == Action::Next::FinishSending) {
        m_stream->finishSending();
        action = m_handler->finishedSending();
    }
    switch (action.next) {
    case Action::Next::Receive: initiateRead(action.deadline); break;
    case Action::Next::Send: initiateSend(); break;
    case Action::Next::FinishSending:
    case Action::Next::Close: close(); break;
    }
}

void ProactiveConnection::initiateRead(Deadline deadline) {
    if (deadline == Deadline::Idle && !m_context.running()) {
        close(CloseReason::ServerStopping);
        return;
    }
    expect(deadline);
    const auto buffer = m_handler->receiveBuffer();
    initiated(Operation::Read, static_cast<std::int64_t>(buffer.size()));
    m_stream->read(m_operation, buffer);
}

/// Step 5: initiates the asynchronous write or TransmitFile.
void ProactiveConnection::initiateSend() {
    expect(Deadline::Write);
    const auto segments = m_handler->segments();
    m_cursor.begin(segments, m_id);
    std::int64_t octets = 0;
    bool withFile = false;
    for (const auto& segment : segments) {
        octets += segment.octets();
        withFile = withFile || segment.isFile();
    }
    const auto transfer = m_context.options.transfer;
    initiated(withFile && transfer == FileTransfer::TransmitFile ? Operation::Transmit : Operation::Write, octets);
    m_stream->send(m_operation, m_cursor, transfer);
}

/// Recorded before the processor knows of it, so that it cannot complete before it was initiated.
void ProactiveConnection::initiated(Operation kind, std::int64_t octets) {
    m_operation.id = m_context.lastOperation.fetch_add(1, std::memory_order_relaxed) + 1;
    m_operation.kind = kind;
    LAB_MARK(OperationInitiated, ProactiveInitiator, "initiate operation", .connection = m_id,
             .operation = m_operation.id, .kind = kind, .value = octets);
}

void ProactiveConnection::expect(Deadline deadline) {
    const auto former = m_deadline.load(std::memory_order_relaxed);
    const bool goesOn = deadline == former &&
                        (deadline == Deadline::Header || deadline == Deadline::Body || deadline == Deadline::Linger);
    if (!goesOn) {
        m_until.store(m_context.gate.now() + std::chrono::nanoseconds(m_context.options.limits.of(deadline)).count(),
                      std::memory_order_relaxed);
        m_deadline.store(deadline, std::memory_order_relaxed);
    }
}

void ProactiveConnection::lookAtTimeLimit(std::int64_t now) {
    const auto progress = m_stream->progress();
    if (m_deadline.load(std::memory_order_relaxed) == Deadline::Write && progress != m_progressSeen) {
        // The peer takes octets: its time for the next ones begins anew.
        m_progressSeen = progress;
        m_until.store(now + std::chrono::nanoseconds(m_context.options.limits.write).count(),
                      std::memory_order_relaxed);
    } else if (now >= m_until.load(std::memory_order_relaxed)) {
        m_stream->cancel();
    }
}

void ProactiveConnection::cancelIfIdle() {
    if (m_deadline.load(std::memory_order_relaxed) == Deadline::Idle) {
        m_stream->cancel();
    }
}

/// Either its time has passed, or the server ends; or it was meant for the operation before this one.
void ProactiveConnection::cancelled() {
    const auto deadline = m_deadline.load(std::memory_order_relaxed);
    if (deadline == Deadline::Idle && !m_context.running()) {
        close(CloseReason::ServerStopping);
    } else if (m_context.gate.now() >= m_until.load(std::memory_order_relaxed)) {
        LAB_MARK(DeadlineExpired, HttpHandler, "time limit", .connection = m_id, .kind = deadline);
        if (deadline == Deadline::Write) {
            close(CloseReason::DeadlineExpired);
        } else {
            proceed(m_handler->expired(deadline));
        }
    } else if (m_operation.kind == Operation::Read) {
        initiateRead(deadline);
    } else {
        initiated(m_operation.kind, 0);
        m_stream->send(m_operation, m_cursor, m_context.options.transfer);
    }
}

void ProactiveConnection::close(std::optional<CloseReason> reason) {
    m_reason = reason;
    m_all.remove(*this);
}

} // namespace lab
