// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/thread_group.h"
#include "engine/concurrency/model.h"
#include "engine/connection/connection_transit.h"
#include "engine/server/server.h"
#include "engine/server/server_context.h"

#include <memory>
#include <mutex>

namespace lab {

/// One concurrency model at work in a server: its threads, its options and its own account. A server that changes has
/// two of them for a while.
///
/// Threads: start(), end() by the owner, one at a time; the rest by any. Owner: the server.
class RunningModel {
public:
    /// What it shares with the models before and after it.
    struct Shared {
        int listeningSocket;
        Trace* trace;
        Gate& gate;
        ConnectionTransit& transit;
        std::atomic<std::uint32_t>& lastConnection;
        std::atomic<std::uint32_t>& lastOperation;
        PipelineSlot& pipeline;
    };

    RunningModel(ServerOptions options, std::shared_ptr<CachedFilesystem> files, const Shared& shared);
    ~RunningModel() { end(); }

    /// Error: as the model's. Then end() is to be called.
    Result<void> start(const ModelDescription& model);
    void wake();

    /// No new connections; those on which nothing is under way go to the next model, or are closed.
    void handOver();
    void drain();

    /// As Server::cancelOperation().
    Result<void> cancel(std::uint32_t connection, std::uint32_t operation);

    /// Nothing is open, and nothing will be.
    bool isEmpty() const;

    /// Everything that is still open is cut off. Returns when no thread is left. The second call does nothing.
    void end();

    const ServerOptions& options() const { return m_options; }
    const std::shared_ptr<CachedFilesystem>& files() const { return m_files; }
    ServerProcesses* processes() const { return m_context.processes.get(); }
    std::uint64_t open() const;
    ServerCounts counts() const;
    ThreadUsage usage() const;
    CacheCounts cacheCountsOfProcesses() const;

private:
    const ServerOptions m_options;
    const std::shared_ptr<CachedFilesystem> m_files;
    ThreadGroup m_threads;
    ServerContext m_context;
    std::mutex m_modelLives;                   ///< nobody ends the model meanwhile
    std::unique_ptr<ConcurrencyModel> m_model; ///< null before start() and after end()
};

} // namespace lab
