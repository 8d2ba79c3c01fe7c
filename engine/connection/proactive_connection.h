// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/asynchronous_connection.h"
#include "engine/connection/file_pieces.h"

namespace lab {

struct ResponseExtent;

/// Serves one connection by asynchronous operations: each completion hook starts the next one and returns.
///
/// Role: Proactive Initiator and Completion Handler; the Protocol Handler of P section 3.2, figures 3 and 4.
/// Threads: whichever dispatches its completion, one at a time. Owner: ProactiveConnections.
class ProactiveConnection : public AsynchronousConnection, public CompletionHandler {
public:
    ProactiveConnection(ServerContext& context, ProactiveConnections& all, AcceptedConnection connection,
                        AsynchronousOperationProcessor& processor);

    static std::unique_ptr<AsynchronousConnection> make(ServerContext& context, ProactiveConnections& all,
                                                        AcceptedConnection connection,
                                                        AsynchronousOperationProcessor& processor) {
        return std::make_unique<ProactiveConnection>(context, all, std::move(connection), processor);
    }

    void open() override;
    void handleCompletion(AsynchronousOperation& operation) override;

protected:
    /// How files of the response that begins now go.
    virtual FileTransfer transfer();
    /// Gives the response that begins now to another thread, as operation(), which was not initiated yet; false: the
    /// processor performs it.
    virtual bool leavesToOthers(const ResponseExtent& /*extent*/) { return false; }
    AsynchronousOperation& operation() { return m_operation; }

private:
    void handleRead(std::int64_t octets);
    void handleFileRead(std::int64_t octets);
    void handleWrite(std::int64_t octets);
    void proceed(Action action);
    void initiateRead(Deadline deadline);
    void initiateSend();
    void initiatePiece();
    void initiateWrite(std::int64_t octets);
    void cancelled();
    void repeat();

    AsynchronousOperation m_operation; ///< never more than one outstanding
    SendCursor m_cursor;               ///< in the response
    FilePieces m_pieces;               ///< while the response's file is read before it is written
    std::int64_t m_octets = 0;         ///< of the response
    SendCursor* m_sending = nullptr;   ///< what the write under way sends: the response, or a piece
    FileTransfer m_transfer;           ///< of the response
};

/// How many octets the segments of a response hold, and whether some of them are in a file.
struct ResponseExtent {
    std::int64_t octets = 0;
    bool withFile = false;

    static ResponseExtent of(std::span<const Segment> segments);
};

/// The file of a response is read first, by the connection, and what was read is written.
constexpr bool readsFirst(const ResponseExtent& extent, FileTransfer transfer) {
    return extent.withFile && (transfer == FileTransfer::AsyncReadWrite || transfer == FileTransfer::ReadWrite);
}

/// What an operation that sends `extent` is called.
constexpr Operation sendingOperation(const ResponseExtent& extent, FileTransfer transfer) {
    return extent.withFile && transfer == FileTransfer::TransmitFile ? Operation::Transmit : Operation::Write;
}

} // namespace lab
