// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/thread_group.h"
#include "engine/process/connection_channel.h"
#include "engine/process/gate_agents.h"
#include "engine/process/parent_program.h"
#include "engine/process/process_memory.h"
#include "engine/process/process_places.h"
#include "engine/server/server.h"
#include "engine/server/server_context.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace lab {

/// What a model wants of its processes.
struct ProcessPlan {
    std::size_t mostProcesses = 0; ///< at once, the parent not counted
    bool parentAccepts = false;    ///< else each process does for itself
};

/// All processes of a server, seen from the lab.
///
/// Role: what a concurrency model of processes is made of, on the lab's side. Decides: when the parent is started, and
/// that a new one follows where it was killed. Threads: one of its own, "processes", which starts the parent and stays
/// as long as it does: the kernel ends the parent with that thread, and the children with the parent, so that nothing
/// is left of a lab that was killed. Owner: the server's context, which it outlives by nothing.
class ProcessGroup final : public ServerProcesses {
public:
    /// Error: no memory, no program, or what the parent says against it.
    static Result<std::shared_ptr<ProcessGroup>> start(ServerContext& context, ProcessPlan plan);
    ~ProcessGroup() override; ///< stops

    /// The server's state has changed.
    void wake();

    /// Waits until no process is left: within a few seconds, after which those that do not end are killed.
    void stop();

    ServerCounts counts() const override { return m_places.counts(); }
    ThreadUsage usage() const override { return m_places.usage(); }
    CacheCounts cacheCounts() const override { return m_places.cacheCounts(); }
    std::vector<WorkerProcess> workers() const override { return m_places.workers(); }
    std::string troubleOf(std::string_view service) const override { return m_places.troubleOf(service); }
    Result<void> kill(int process) override;

private:
    ProcessGroup(ServerContext& context, ProcessPlan plan, ProcessMemory memory, FileDescriptor bell,
                 FileDescriptor calls, ConnectionChannel channel);
    Result<void> begin();
    void run();
    Result<void> startOne();
    void serve();
    void passConnections();
    void recoverConnections();
    void keepNumbers();
    void hear(bool& hasGone);
    void settleEnded();
    void endOne();
    void awaitOrphans();
    void announce(Result<void> begun);
    void tellParent(const LabWord& word);
    bool isStopping() const;
    bool rest(std::chrono::milliseconds time);

    ServerContext& m_context;
    const ProcessPlan m_plan;
    ProcessMemory m_memory;
    FileDescriptor m_bell;  ///< rung by processes that want something
    FileDescriptor m_calls; ///< rung by the server's owner
    ConnectionChannel m_channel;
    ProcessPlaces m_places;
    std::unique_ptr<GateAgents> m_agents;

    // The own thread's.
    std::optional<StartedParent> m_parent;
    std::vector<ProcessPlaces::End> m_ended; ///< and not settled yet
    std::optional<ProcessCost> m_parentCost; ///< where it has taken its leave
    std::int64_t m_stopSince = 0;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    // Guarded by m_mutex.
    std::optional<Result<void>> m_begun;
    std::vector<LabWord> m_words; ///< for the parent
    bool m_stopping = false;
    bool m_isClosed = false;

    ThreadGroup m_threads{nullptr}; ///< of its own, so that it is not counted as the server's
};

} // namespace lab
