// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/asynchronous_connection.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace lab {

/// Owns the open connections of a proactive server, and looks after their time limits.
///
/// Role: time limits are an asynchronous timer operation like any other; this is its Completion Handler.
/// Threads: any. Owner: the model.
class ProactiveConnections final : public CompletionHandler {
public:
    /// Makes a connection, in the style in which a model's connections are written.
    using Maker = std::function<std::unique_ptr<AsynchronousConnection>(
        ServerContext& context, ProactiveConnections& all, AcceptedConnection connection,
        AsynchronousOperationProcessor& processor)>;

    ProactiveConnections(ServerContext& context, AsynchronousOperationProcessor& processor, Maker maker);

    /// Takes a connection in and starts its first operation.
    void add(AcceptedConnection connection);

    /// Destroys a connection that has no operation outstanding: called by itself.
    void remove(AsynchronousConnection& connection);

    /// Cancels the reads of those that wait for a next request.
    void closeIdle();

    /// Cancels what `connection` has outstanding: as Server::cancelOperation(). Records that it was asked for.
    Result<void> cancel(std::uint32_t connection, std::uint32_t operation);

    /// Destroys all. No thread performs or dispatches any more.
    void clear();

    void handleCompletion(AsynchronousOperation& operation) override;

private:
    void startTimer();

    ServerContext& m_context;
    AsynchronousOperationProcessor& m_processor;
    const Maker m_maker;
    const std::chrono::milliseconds m_period;
    AsynchronousOperation m_timer;
    std::mutex m_mutex;
    boost::unordered_flat_map<std::uint32_t, std::unique_ptr<AsynchronousConnection>>
        m_connections;        ///< guarded by m_mutex
    bool m_timerRuns = false; ///< guarded by m_mutex
};

} // namespace lab
