// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"
#include "engine/dispatch/event_handler.h"

#include <functional>
#include <memory>

namespace lab {

struct ServerContext;

/// Accepts connections when the listening socket is ready, and registers a handler for each.
///
/// Role: HTTP Acceptor as an Event Handler (B): a factory that creates, accepts into and activates handlers.
/// Threads: the dispatcher's. Owner: the dispatcher.
class HttpAcceptor final : public EventHandler {
public:
    /// Makes the handler of a connection, and lets it begin.
    using Factory = std::function<std::unique_ptr<EventHandler>(AcceptedConnection)>;
    struct Options {
        int socket = -1;               ///< -1: the server's listening socket
        unsigned burst = 16;           ///< how many it takes in each time, unless the server's options say so
        bool staysForDraining = false; ///< whoever registered it takes it out
        Factory create = {};           ///< empty: of ReactiveConnection
    };

    HttpAcceptor(ServerContext& context, HandlerRegistry& dispatcher)
        : HttpAcceptor(context, dispatcher, Options()) {}
    HttpAcceptor(ServerContext& context, HandlerRegistry& dispatcher, Options options);

    int handle() const override { return m_options.socket; }
    Outcome handleInput() override;
    Outcome handleOutput() override { return Outcome::Stay; }
    Outcome handleTimeout() override { return Outcome::Stay; }
    Outcome handleDraining() override { return m_options.staysForDraining ? Outcome::Stay : Outcome::Remove; }
    bool isReadyAsPlanned() const override;
    void handleArrivals() override;

private:
    enum class Plan : std::uint8_t { Accept, FindNobody, Stop };
    enum class Taken : std::uint8_t { One, Nobody, None };
    Plan awaitPlanned() const;
    Taken acceptOne();
    bool isReadable() const;

    ServerContext& m_context;
    HandlerRegistry& m_dispatcher;
    Options m_options;
};

} // namespace lab
