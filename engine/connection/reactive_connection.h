// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"
#include "engine/connection/send_cursor.h"
#include "engine/dispatch/initiation_dispatcher.h"
#include "engine/protocol/protocol_handler.h"

#include <memory>
#include <optional>
#include <vector>

namespace lab {

/// Serves one connection from an event loop: called when the socket is ready, it reads or writes what goes without
/// blocking, and returns to the loop.
///
/// Role: HTTP Handler as an Event Handler (B). Threads: the dispatcher's. Owner: the dispatcher.
class ReactiveConnection final : public EventHandler {
public:
    ReactiveConnection(ServerContext& context, InitiationDispatcher& dispatcher, AcceptedConnection connection);
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

private:
    Outcome proceed(Action action);
    bool sendUntilBlocked();
    void expect(Deadline deadline);
    Outcome giveUp(CloseReason reason);

    ServerContext& m_context;
    InitiationDispatcher& m_dispatcher;
    AcceptedConnection m_connection;
    std::unique_ptr<ProtocolHandler> m_handler;
    SendCursor m_cursor;
    std::vector<char> m_buffer;
    std::optional<CloseReason> m_reason;
    Deadline m_deadline = Deadline::None;
};

} // namespace lab
