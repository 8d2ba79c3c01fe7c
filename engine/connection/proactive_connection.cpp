// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/proactive_connection.h"

#include "engine/server/server_context.h"

#include <cerrno>

namespace lab {

ResponseExtent ResponseExtent::of(std::span<const Segment> segments) {
    ResponseExtent extent;
    for (const auto& segment : segments) {
        extent.octets += segment.octets();
        extent.withFile = extent.withFile || segment.isFile();
    }
    return extent;
}

ProactiveConnection::ProactiveConnection(ServerContext& context, ProactiveConnections& all,
                                         AcceptedConnection connection, AsynchronousOperationProcessor& processor)
    : AsynchronousConnection(context, all, std::move(connection), processor)
    , m_transfer(context.options.transfer) {
    m_operation.handler = this;
}

FileTransfer ProactiveConnection::transfer() { return context().options.transfer; }

void ProactiveConnection::open() { proceed(handler().start()); }

void ProactiveConnection::handleCompletion(AsynchronousOperation& operation) {
    const auto result = operation.result;
    settle();
    if (result == -ECANCELED) {
        cancelled();
        return;
    }
    switch (operation.kind) {
    case Operation::Read: return handleRead(result);
    case Operation::FileRead: return handleFileRead(result);
    default: return handleWrite(result);
    }
}

/// Step 3 of "a client sends a GET": the dispatcher notifies the Protocol Handler; step 4: it parses.
void ProactiveConnection::handleRead(std::int64_t octets) {
    if (octets < 0) {
        close(CloseReason::Reset);
        return;
    }
    if (context().refusesMore()) {
        handler().refuseMoreRequests();
    }
    proceed(handler().received(static_cast<std::size_t>(octets)));
}

/// A piece of the file is there; it is written next.
void ProactiveConnection::handleFileRead(std::int64_t octets) {
    if (octets <= 0) {
        close(CloseReason::Failed); // an error, or the file has become shorter
        return;
    }
    if (wasCancelled()) {
        close(CloseReason::Cancelled); // the read of the file could not be given up any more
        return;
    }
    m_sending = &m_pieces.read(octets);
    initiateWrite(m_pieces.octetsToWrite());
}

/// The last step: the dispatcher notifies the Completion Handler that the response, or a piece of it, has gone.
void ProactiveConnection::handleWrite(std::int64_t octets) {
    if (octets < 0) {
        close(octets == -EIO || octets == -EFAULT ? CloseReason::Failed : CloseReason::Reset);
        return;
    }
    if (m_sending != &m_cursor) {
        if (m_pieces.written()) {
            initiatePiece();
            return;
        }
        m_pieces.end();
        m_sending = &m_cursor;
        if (!m_cursor.done()) {
            initiateWrite(0); // memory behind the last file
            return;
        }
    }
    const auto action = handler().sent();
    if (action.requestDone) {
        requestDone(m_octets);
    }
    proceed(action);
}

/// Each way ends with an operation initiated, or with the connection closed; nothing of it may be touched then.
void ProactiveConnection::proceed(Action action) {
    if (action.next == Action::Next::FinishSending) {
        stream().finishSending();
        action = handler().finishedSending();
    }
    switch (action.next) {
    case Action::Next::Receive: initiateRead(action.deadline); break;
    case Action::Next::Send: initiateSend(); break;
    case Action::Next::FinishSending:
    case Action::Next::Close: close(); break;
    }
}

void ProactiveConnection::initiateRead(Deadline deadline) {
    if (mustLeave(deadline)) {
        close(CloseReason::ServerStopping);
        return;
    }
    expect(deadline);
    const auto buffer = handler().receiveBuffer();
    initiate(m_operation, Operation::Read, static_cast<std::int64_t>(buffer.size()));
    stream().read(m_operation, buffer);
}

/// Step 5: initiates the asynchronous write or TransmitFile; or the file is read first.
void ProactiveConnection::initiateSend() {
    const auto segments = handler().segments();
    m_cursor.begin(segments, id());
    m_sending = &m_cursor;
    const auto extent = ResponseExtent::of(segments);
    m_transfer = transfer();
    m_octets = extent.octets;
    expect(Deadline::Write);
    if (leavesToOthers(extent)) {
        return;
    }
    if (readsFirst(extent, m_transfer)) {
        m_pieces.begin(m_cursor);
        initiatePiece();
        return;
    }
    initiate(m_operation, sendingOperation(extent, m_transfer), extent.octets);
    stream().send(m_operation, m_cursor, m_transfer);
}

/// Reads a piece of the file, asynchronously or not.
void ProactiveConnection::initiatePiece() {
    if (m_transfer == FileTransfer::ReadWrite) {
        handleFileRead(m_pieces.readNow());
        return;
    }
    const auto piece = m_pieces.piece();
    initiate(m_operation, Operation::FileRead, piece.length, m_octets - m_cursor.sent());
    stream().readFile(m_operation, piece, m_pieces.buffer());
}

void ProactiveConnection::initiateWrite(std::int64_t octets) {
    const auto behind = m_sending == &m_cursor ? 0 : m_octets - m_cursor.sent() - octets;
    initiate(m_operation, Operation::Write, octets, behind);
    stream().send(m_operation, *m_sending, m_transfer);
}

/// Either its time has passed, or the server ends; or it was meant for the operation before this one.
void ProactiveConnection::cancelled() {
    switch (whyCancelled()) {
    case Cancelled::FromOutside: close(CloseReason::Cancelled); break;
    case Cancelled::ServerStopping: close(CloseReason::ServerStopping); break;
    case Cancelled::Mistaken: repeat(); break;
    case Cancelled::TimePassed:
        if (deadline() == Deadline::Write) {
            close(CloseReason::DeadlineExpired);
        } else {
            proceed(handler().expired(deadline()));
        }
        break;
    }
}

void ProactiveConnection::repeat() {
    switch (m_operation.kind) {
    case Operation::Read: return initiateRead(deadline());
    case Operation::FileRead: return initiatePiece();
    default:
        initiate(m_operation, m_operation.kind, m_operation.octets, m_operation.octetsBehind);
        stream().send(m_operation, *m_sending, m_transfer);
    }
}

} // namespace lab
