// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/thread_group.h"
#include "engine/process/process_memory.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <map>
#include <memory>

namespace lab {

/// Threads of the lab that stand at the gate in place of processes of a server, so that a process can be held, paced,
/// stepped and chosen as a thread can.
///
/// Decides: nothing. A process gets its agent with its first event while the gate is engaged, and none before.
/// Threads: one an agent; begin() and end() by one. Owner: the process group.
class GateAgents {
public:
    GateAgents(const ProcessMemory& memory, Gate& gate, int listeningSocket)
        : m_memory(memory)
        , m_gate(gate)
        , m_listeningSocket(listeningSocket) {}
    ~GateAgents(); ///< ends all

    /// The process at `place` is at the gate, and nobody stands there for it yet.
    void begin(std::size_t place);
    /// It has gone.
    void end(std::size_t place);

private:
    struct Agent {
        std::atomic<bool> isNeeded{true};
        std::atomic<bool> hasEnded{false};
    };
    void run(std::size_t place, Agent& agent);
    void pass(std::size_t place, const Agent& agent);

    const ProcessMemory& m_memory;
    Gate& m_gate;
    const int m_listeningSocket;
    std::map<std::size_t, std::shared_ptr<Agent>> m_agents; ///< by place
    ThreadGroup m_threads{nullptr};
};

} // namespace lab
