// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/proactive_connections.h"
#include "engine/dispatch/asynchronous_operation_processor.h"

#include <atomic>

namespace lab {

/// Keeps one asynchronous accept outstanding, and creates a connection for each that completes.
///
/// Role: Async Acceptor (P section 3.2, figure 3): Proactive Initiator of accepts and their Completion Handler.
/// Threads: start() by the owner; the hook by a dispatcher, one at a time. Owner: the model.
class AsyncAcceptor final : public CompletionHandler {
public:
    AsyncAcceptor(ServerContext& context, ProactiveConnections& connections, AsynchronousOperationProcessor& processor);

    /// Step 2 of "a client connects": initiates the first accept.
    void start();

    /// Takes in what the model before has left. By the thread that called start().
    void takeArrivals();

    /// No accept is outstanding, nor will be.
    bool hasEnded() const { return m_hasEnded.load(std::memory_order_acquire); }

    void handleCompletion(AsynchronousOperation& operation) override;

private:
    void initiateAccept();
    void initiateRest(std::chrono::milliseconds rest);

    ServerContext& m_context;
    ProactiveConnections& m_connections;
    AsynchronousOperationProcessor& m_processor;
    AsynchronousOperation m_operation;
    std::atomic<bool> m_hasEnded{false};
};

} // namespace lab
