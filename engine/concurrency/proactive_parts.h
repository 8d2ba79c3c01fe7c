// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/connection/async_acceptor.h"
#include "engine/connection/proactive_connection.h"
#include "engine/connection/proactive_connections.h"
#include "engine/dispatch/asynchronous_operation_processor.h"
#include "engine/dispatch/completion_queue.h"

#include <memory>

namespace lab {

/// What all proactive models consist of; they differ in which threads dispatch.
///
/// Owner: the model. The order of the members is the order of dependence.
struct ProactiveParts {
    ServerContext& context;
    std::unique_ptr<CompletionQueue> ownedQueue;
    CompletionQueue& queue;
    std::unique_ptr<AsynchronousOperationProcessor> processor;
    ProactiveConnections connections;
    AsyncAcceptor acceptor;

    /// `oneThread`: the one thread that performs also dispatches. `maker`: how connections are written.
    /// Error: the processor cannot run here, or cannot send files as the options say; no descriptors to be had.
    static Result<std::unique_ptr<ProactiveParts>>
    create(ServerContext& context, bool oneThread, ProactiveConnections::Maker maker = &ProactiveConnection::make);

    ProactiveParts(ServerContext& server, std::unique_ptr<CompletionQueue> completions,
                   std::unique_ptr<AsynchronousOperationProcessor> performer, ProactiveConnections::Maker maker)
        : context(server)
        , ownedQueue(std::move(completions))
        , queue(*ownedQueue)
        , processor(std::move(performer))
        , connections(context, *processor, maker)
        , acceptor(context, connections, *processor) {}

    /// Ends the processor and destroys the connections. No thread of the model is left.
    ~ProactiveParts();

    /// Makes everybody look at the server's state; when it drains, ends accepting and closes who is idle.
    void wake();
};

} // namespace lab
