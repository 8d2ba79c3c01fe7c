// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/running_model.h"

#include <mutex>
#include <vector>

namespace lab {

/// What a server has done and cost, over all models that it has had.
///
/// Threads: any. Owner: the server.
class ServerAccount {
public:
    /// Counts with the others from now on.
    void add(const RunningModel& model);
    /// Has ended, and goes: what it has done is kept.
    void settle(const RunningModel& model);
    /// Connections that were closed while no model had them.
    void closedInTransit(std::uint64_t connections);

    ServerCounts counts() const;
    ThreadUsage usage() const;
    CacheCounts cacheCounts() const;
    std::vector<WorkerProcess> workers() const;
    Result<void> killWorker(int process) const;
    /// As ServerProcesses::troubleOf(), of the present models.
    std::string troubleOf(std::string_view service) const;

private:
    mutable std::mutex m_mutex;
    // Guarded by m_mutex.
    std::vector<const RunningModel*> m_models;
    ServerCounts m_pastCounts;
    ThreadUsage m_pastUsage;
    CacheCounts m_pastCache;
};

} // namespace lab
