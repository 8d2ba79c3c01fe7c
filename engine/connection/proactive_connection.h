// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"
#include "engine/connection/send_cursor.h"
#include "engine/dispatch/asynchronous_operation_processor.h"
#include "engine/protocol/protocol_handler.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace lab {

class ProactiveConnections;

/// Serves one connection by asynchronous operations: each completion hook starts the next one and returns.
///
/// Role: Proactive Initiator and Completion Handler; the Protocol Handler of P section 3.2, figures 3 and 4.
/// Threads: whichever dispatches its completion, one at a time. Owner: ProactiveConnections. While an operation is
/// outstanding no thread is anywhere in here.
class ProactiveConnection final : public CompletionHandler {
public:
    ProactiveConnection(ServerContext& context, ProactiveConnections& all, AcceptedConnection connection,
                        AsynchronousOperationProcessor& processor);
    ~ProactiveConnection() override; ///< closes

    /// Starts the first operation. The connection may be gone when this returns.
    void open();

    void handleCompletion(AsynchronousOperation& operation) override;

    /// Cancels the outstanding operation if its time has passed. Any thread, with the owner's lock held.
    void lookAtTimeLimit(std::int64_t now);
    /// Cancels the outstanding operation if it waits for a next request. Any thread, with the owner's lock held.
    void cancelIfIdle();

    std::uint32_t id() const { return m_id; }

private:
    void handleRead(std::int64_t octets);
    void handleWrite(std::int64_t octets);
    void proceed(Action action);
    void initiateRead(Deadline deadline);
    void initiateSend();
    void cancelled();
    void close(std::optional<CloseReason> reason = std::nullopt);
    void initiated(Operation kind, std::int64_t octets);
    void expect(Deadline deadline);

    ServerContext& m_context;
    ProactiveConnections& m_all;
    const std::uint32_t m_id;
    AcceptedConnection m_connection; ///< its socket is the stream's
    std::unique_ptr<AsynchronousStream> m_stream;
    std::unique_ptr<ProtocolHandler> m_handler;
    AsynchronousOperation m_operation; ///< never more than one outstanding
    SendCursor m_cursor;
    std::optional<CloseReason> m_reason;

    // Read by whoever looks at time limits.
    std::atomic<Deadline> m_deadline{Deadline::None};
    std::atomic<std::int64_t> m_until{0}; ///< lab time, ns
    std::int64_t m_progressSeen = 0;      ///< guarded by the owner's lock
};

} // namespace lab
