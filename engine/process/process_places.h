// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/process/process_memory.h"
#include "engine/process/process_words.h"
#include "engine/server/server.h"
#include "engine/trace/trace.h"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The places of a server's processes, as the lab keeps them: their rings, their numbers, their account.
///
/// Decides: what is told of a process that could not tell it itself. Threads: the account by any; the rest by the
/// process group's one. Owner: the process group.
class ProcessPlaces {
public:
    /// How a process came to its end, as wait() told; a status of 0 and no process where nobody could wait for it.
    struct End {
        std::size_t place = 0;
        int process = 0;
        int status = 0;
        ProcessCost cost;
    };

    /// `parentAccepts`: a process need not have accepted itself what it serves. `trace` may be null.
    ProcessPlaces(ProcessMemory& memory, Trace* trace, bool parentAccepts);

    /// Makes so many more places fit for use; fewer where there are no more.
    void prepare(std::size_t count);
    /// Numbers that are asked for; wakes of the collector.
    void answer();
    /// Processes have ended: tells the rest of their stories, settles their accounts, and frees their places.
    void settle(const std::vector<End>& ends);
    /// No process is left. Lets go of the rings.
    void close();

    // Any thread.
    ServerCounts counts() const;
    ThreadUsage usage() const;
    CacheCounts cacheCounts() const;
    std::vector<WorkerProcess> workers() const;
    std::string troubleOf(std::string_view service) const;
    /// Processes that live as far as is known, the parent included.
    std::vector<End> living() const;

private:
    struct Story;
    Story storyOf(std::size_t place) const;
    bool isUnserved(std::uint32_t connection) const;
    void tell(const End& end);
    std::uint32_t numberFor(IdTable::Kind kind, std::string_view text);
    std::size_t prepared() const { return m_memory.share().prepared.load(std::memory_order_acquire); }

    ProcessMemory& m_memory;
    Trace* const m_trace;
    const bool m_parentAccepts;
    std::vector<TraceRing*> m_rings; ///< by place
    mutable std::mutex m_mutex;
    ProcessCost m_ended;        ///< guarded by m_mutex, as the next one
    mutable ProcessCost m_told; ///< the most so far
};

} // namespace lab
