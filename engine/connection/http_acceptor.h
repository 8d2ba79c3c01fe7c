// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/initiation_dispatcher.h"

namespace lab {

struct ServerContext;

/// Accepts connections when the listening socket is ready, and registers a handler for each.
///
/// Role: HTTP Acceptor as an Event Handler (B): a factory that creates, accepts into and activates handlers.
/// Threads: the dispatcher's. Owner: the dispatcher.
class HttpAcceptor final : public EventHandler {
public:
    HttpAcceptor(ServerContext& context, InitiationDispatcher& dispatcher)
        : m_context(context)
        , m_dispatcher(dispatcher) {}

    int handle() const override;
    Outcome handleInput() override;
    Outcome handleOutput() override { return Outcome::Stay; }
    Outcome handleTimeout() override { return Outcome::Stay; }
    Outcome handleDraining() override { return Outcome::Remove; }

private:
    bool awaitPlanned() const;

    ServerContext& m_context;
    InitiationDispatcher& m_dispatcher;
};

} // namespace lab
