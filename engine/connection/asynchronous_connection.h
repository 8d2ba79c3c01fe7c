// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"
#include "engine/dispatch/asynchronous_operation_processor.h"
#include "engine/protocol/protocol_handler.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace lab {

class ProactiveConnections;

/// One connection that is served by asynchronous operations: what does not depend on how the service is written.
///
/// Role: Proactive Initiator. Decides: when an operation takes too long, and is cancelled for it. Threads: whichever
/// dispatches its completion, one at a time; lookAtTimeLimit() and cancelIfIdle() by any.
/// Owner: ProactiveConnections. While an operation is outstanding no thread is anywhere in here.
class AsynchronousConnection {
public:
    virtual ~AsynchronousConnection(); ///< closes
    AsynchronousConnection(const AsynchronousConnection&) = delete;
    AsynchronousConnection& operator=(const AsynchronousConnection&) = delete;

    /// Starts the first operation. The connection may be gone when this returns.
    virtual void open() = 0;

    /// Cancels the outstanding operation if its time has passed. Any thread, with the owner's lock held.
    void lookAtTimeLimit(std::int64_t now);
    /// The number of the operation that is outstanding; 0: none, at the moment. Any thread.
    std::uint32_t outstanding() const { return m_outstanding.load(std::memory_order_acquire); }
    /// Somebody outside wants the connection's outstanding operation cancelled. Any thread, with the owner's lock held.
    void cancelFromOutside();
    /// Cancels the outstanding operation if it waits for a next request. Any thread, with the owner's lock held.
    void cancelIfIdle();

    std::uint32_t id() const { return m_id; }

protected:
    AsynchronousConnection(ServerContext& context, ProactiveConnections& all, AcceptedConnection connection,
                           AsynchronousOperationProcessor& processor);

    /// Gives `operation` its number and records its start: before the processor knows of it, so that it cannot complete
    /// before it was initiated. `octetsBehind`: see AsynchronousOperation.
    void initiate(AsynchronousOperation& operation, Operation kind, std::int64_t octets, std::int64_t octetsBehind = 0);
    /// The operation has been dispatched.
    void settle() { m_outstanding.store(0, std::memory_order_release); }
    /// Somebody outside has asked for what the connection is at to be cancelled, and it still is.
    bool wasCancelled() const { return m_cancelAsked.load(std::memory_order_acquire); }

    /// The next operation must not take longer than `deadline` allows. For a header, content or the rest of a
    /// connection the time goes on.
    void expect(Deadline deadline);
    /// The server does not run any more, and this connection need not wait for anything.
    bool mustLeave(Deadline deadline) const;
    void expectNothing() { m_deadline.store(Deadline::None, std::memory_order_relaxed); }
    Deadline deadline() const { return m_deadline.load(std::memory_order_relaxed); }

    /// What an operation that was cancelled was cancelled for.
    enum class Cancelled : std::uint8_t {
        FromOutside,    ///< somebody has asked for it
        ServerStopping, ///< nobody has asked for anything, and the server ends
        TimePassed,     ///< recorded as DeadlineExpired
        Mistaken        ///< it was meant for the operation before: start this one again
    };
    Cancelled whyCancelled();

    /// A request was answered whole, with so many octets.
    void requestDone(std::int64_t octets);

    /// Destroys the connection.
    void close(std::optional<CloseReason> reason = std::nullopt);

    ServerContext& context() { return m_context; }
    ProtocolHandler& handler() { return *m_handler; }
    AsynchronousStream& stream() { return *m_stream; }

private:
    ServerContext& m_context;
    ProactiveConnections& m_all;
    const std::uint32_t m_id;
    AcceptedConnection m_connection; ///< its socket is the stream's
    std::unique_ptr<AsynchronousStream> m_stream;
    std::unique_ptr<ProtocolHandler> m_handler;
    std::optional<CloseReason> m_reason;

    // Read by whoever looks at time limits.
    std::atomic<Deadline> m_deadline{Deadline::None};
    std::atomic<bool> m_isBetweenRequests{false};
    std::atomic<std::int64_t> m_until{0}; ///< lab time, ns
    std::atomic<std::uint32_t> m_outstanding{0};
    std::atomic<bool> m_cancelAsked{false};
    std::int64_t m_progressSeen = 0; ///< guarded by the owner's lock
};

} // namespace lab
