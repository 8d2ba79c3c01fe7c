// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/thread_group.h"

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace lab {

class Server;
class Trace;

/// Records ten times a second what the server's threads have cost, and how long each waited for a processor.
///
/// Role: instrument. Decides: the interval (longer while the run is paced, so that the samples do not crowd out
/// what the server does; and never so short that sampling takes more than a twentieth of a processor).
/// Threads: one of its own, "sampler"; start() and stop() by the owner. Owner: a LabRun; borrows server and trace.
class ResourceSampler {
public:
    ResourceSampler(Server& server, Trace& trace);
    ~ResourceSampler() { stop(); }

    /// `everyTime` is called on the sampler's thread before each sample. Error: no thread to be had.
    Result<void> start(std::function<void()> everyTime);
    /// Takes a last sample and ends.
    void stop();

private:
    void run();
    void sample();
    void sampleResources();
    void sampleDelays();

    Server& m_server;
    Trace& m_trace;
    std::function<void()> m_everyTime;
    // The sampler thread's own: what was recorded last.
    std::array<std::int64_t, 8> m_resources{};
    std::map<int, std::int64_t> m_delays; ///< by system thread id
    std::size_t m_nextThread = 0;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopping = false; ///< guarded by m_mutex

    ThreadGroup m_threads; ///< of its own, so that it is not counted as the server's
};

} // namespace lab
