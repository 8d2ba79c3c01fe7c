// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/asynchronous_connection.h"
#include "engine/connection/file_pieces.h"
#include "engine/connection/task.h"

#include <coroutine>
#include <cstdint>
#include <optional>

namespace lab {

/// Serves one connection by asynchronous operations, written as one story: where it has to wait it stops (co_await),
/// and goes on from there when a dispatcher brings the completion.
///
/// Role: Proactive Initiator; the Completion Handlers are what it awaits. The same operations in the same order as
/// ProactiveConnection, and no more threads: a coroutine that waits is an object, nothing that runs.
/// Threads: whichever dispatches its completion, one at a time. Owner: ProactiveConnections.
class CoroutineConnection final : public AsynchronousConnection {
public:
    CoroutineConnection(ServerContext& context, ProactiveConnections& all, AcceptedConnection connection,
                        AsynchronousOperationProcessor& processor)
        : AsynchronousConnection(context, all, std::move(connection), processor) {}
    ~CoroutineConnection() override;

    static std::unique_ptr<AsynchronousConnection> make(ServerContext& context, ProactiveConnections& all,
                                                        AcceptedConnection connection,
                                                        AsynchronousOperationProcessor& processor) {
        return std::make_unique<CoroutineConnection>(context, all, std::move(connection), processor);
    }

    void open() override;

private:
    /// What an operation brought, or that the connection has to go for it.
    struct Outcome {
        std::int64_t octets = 0;
        bool over = false;
        std::optional<CloseReason> reason{};
    };
    class Story;
    class AwaitedOperation;

    Story serve();
    Task<Outcome> receive(Action& action);
    Task<Outcome> send();
    Task<Outcome> sendPieces();
    Task<Outcome> write(SendCursor& cursor, Operation kind, std::int64_t octets);
    Outcome failed(std::int64_t result) const;

    void startRead(AsynchronousOperation& operation);
    void startFileRead(AsynchronousOperation& operation);
    void startWrite(AsynchronousOperation& operation);

    AsynchronousOperation m_operation; ///< never more than one outstanding
    SendCursor m_cursor;               ///< in the response
    FilePieces m_pieces;
    // What the next write is about.
    SendCursor* m_sending = nullptr;
    Operation m_sendingKind = Operation::Write;
    std::int64_t m_sendingOctets = 0;
    std::int64_t m_octets = 0; ///< of the response

    std::coroutine_handle<> m_story;
};

} // namespace lab
