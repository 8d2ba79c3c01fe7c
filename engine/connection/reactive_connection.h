// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"
#include "engine/connection/response_sender.h"
#include "engine/dispatch/event_handler.h"
#include "engine/protocol/protocol_handler.h"

#include <memory>
#include <optional>

namespace lab {

/// Serves one connection from an event loop: called when the socket is ready, it reads or writes what goes without
/// blocking, and returns to the loop.
///
/// Role: HTTP Handler as an Event Handler (B). Threads: the dispatcher's. Owner: the dispatcher.
class ReactiveConnection : public EventHandler {
public:
    ReactiveConnection(ServerContext& context, HandlerRegistry& dispatcher, AcceptedConnection connection);
    ~ReactiveConnection() override; ///< closes

    /// Before it is registered: what the protocol wants first.
    void open();

    int handle() const override { return m_connection.socket.get(); }
    std::uint32_t connection() const override { return m_connection.id; }
    Outcome handleInput() override;
    Outcome handleOutput() override;
    Outcome handleTimeout() override;
    Outcome handleDraining() override;
    void handleRefusal() override { m_reason = CloseReason::Failed; }

protected:
    /// Does what the protocol handler wants until the socket would block.
    Outcome proceed(Action action);
    /// A request is whole that the protocol handler has not answered yet (ProtocolHandler::separateAnswers).
    virtual Outcome answerRequest() { return proceed(m_handler->answer()); }
    void requestAnswered();
    /// So many octets of the answer under way were taken by the kernel. By whoever sends.
    virtual void sentSome(std::int64_t) {}
    Outcome giveUp(CloseReason reason);

    ServerContext& context() const { return m_context; }
    ProtocolHandler& protocol() { return *m_handler; }
    /// Sends responses, whoever calls: one thread at a time.
    ResponseSender& sender() { return m_sender; }
    int socket() const { return m_connection.socket.get(); }

private:
    bool canLeave(Deadline deadline) const;
    bool sendUntilBlocked();
    void expect(Deadline deadline);

    ServerContext& m_context;
    HandlerRegistry& m_dispatcher;
    AcceptedConnection m_connection;
    std::unique_ptr<ProtocolHandler> m_handler;
    ResponseSender m_sender;
    std::optional<CloseReason> m_reason;
    Deadline m_deadline = Deadline::None;
};

} // namespace lab
