// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/gate.h"

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lab {

class Trace;

/// What threads have cost: sums over all that ever ran, the living included.
struct ThreadUsage {
    std::int64_t processorNanoseconds = 0;
    std::int64_t voluntarySwitches = 0;
    std::int64_t involuntarySwitches = 0;
    std::size_t threads = 0; ///< alive now
    std::size_t peakThreads = 0;
    std::size_t startedThreads = 0; ///< ever
};

/// Named, traced, joined threads, with an account of what they cost.
///
/// Role: all threads of a server belong to one group. Threads: start(), usage() by any; join() by the owner.
class ThreadGroup {
public:
    /// `trace` may be null: then the threads record nothing.
    explicit ThreadGroup(Trace* trace, Gated gated = Gated::Yes)
        : m_trace(trace)
        , m_gated(gated) {}
    ~ThreadGroup(); ///< joins

    /// Runs `work` on a new thread called `name` (15 letters reach the operating system).
    /// Error: the system has no thread to give.
    Result<void> start(std::string name, std::function<void()> work);

    /// Joins those that have finished; called by start() too, so that they do not pile up.
    void reap();

    /// Waits for all.
    void join();

    std::size_t alive() const;
    ThreadUsage usage() const;

private:
    struct Member {
        std::thread thread;
        int systemId = 0;
        bool finished = false;
    };
    void finish(std::list<Member>::iterator member);

    Trace* m_trace;
    Gated m_gated;
    mutable std::mutex m_mutex;
    std::list<Member> m_members;  ///< guarded by m_mutex
    std::list<Member> m_finished; ///< guarded by m_mutex
    ThreadUsage m_ended;          ///< guarded by m_mutex
};

} // namespace lab
