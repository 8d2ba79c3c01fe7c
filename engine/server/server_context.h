// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/thread_group.h"
#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_options.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace lab {

class ConnectionTransit;
class PipelineSlot;
class Trace;
struct AcceptedConnection;

enum class ServerState : std::uint8_t {
    Running,
    Draining, ///< no new connections; what is in flight finishes, who is idle is closed
    Stopping  ///< everything is closed now
};

/// What all threads of a server look at and count together, and its processes where it has such. Holds no address.
struct ServerWide {
    std::atomic<ServerState> state{ServerState::Running};
    /// Not Running because another model follows: connections on which nothing is under way go to it.
    std::atomic<bool> handsOver{false};
    std::atomic<std::uint32_t> lastConnection{0};
    std::atomic<std::uint32_t> lastOperation{0};
};

/// What one model of a server has done in one process. Holds no address.
struct ProcessCounts {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> closed{0};
    std::atomic<std::uint64_t> takenOver{0};  ///< from a model before
    std::atomic<std::uint64_t> handedOver{0}; ///< to a model that follows
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> acceptWakeUps{0};     ///< an event loop was told that the listening socket is ready
    std::atomic<std::uint64_t> acceptsForNothing{0}; ///< of these: nobody was there any more
    std::atomic<std::uint64_t> rejected{0};          ///< requests that a full queue had no room for

    /// Never too few: what goes is looked at first.
    std::uint64_t open() const {
        const auto gone = closed.load(std::memory_order_acquire) + handedOver.load(std::memory_order_acquire);
        return accepted.load(std::memory_order_acquire) + takenOver.load(std::memory_order_acquire) - gone;
    }
};

/// Which connection a process serves that serves one at a time, so that others can tell what was lost with it.
struct ServedConnection {
    std::atomic<std::uint32_t> connection{0}; ///< the present one, or the last
    std::atomic<std::uint64_t> requestsBefore{0};
    // Of the processes' own caches.
    std::atomic<std::uint64_t> cacheHits{0};
    std::atomic<std::uint64_t> cacheMisses{0};
    std::atomic<std::uint64_t> evictions{0};
};

class ServerProcesses;

/// What a concurrency model works with: the server's parts, borrowed for as long as the model lives.
///
/// Threads: all members may be used by all of the model's threads at once.
struct ServerContext {
    const ServerOptions& options;
    const int listeningSocket; ///< blocking calls on it return every quarter of a second, to look at `state`
    Trace* const trace;        ///< null: nothing is recorded
    Gate& gate;                ///< for its time: deadlines count in it
    CachedFilesystem& files;
    ThreadGroup& threads;
    PipelineSlot& pipeline;                     ///< the services that are linked now
    ConnectionTransit* const transit = nullptr; ///< from the model before and to the next one; null: nowhere

    ServerWide ownWide{};
    ProcessCounts ownCounts{};
    ServerWide& wide = ownWide;
    ProcessCounts& counts = ownCounts;
    ServedConnection* served = nullptr; ///< of a process that serves one at a time
    CacheCounts cacheTold{};            ///< of these, what was added to `served`

    std::atomic<ServerState>& state = wide.state;
    std::atomic<std::uint32_t>& lastConnection = wide.lastConnection;
    std::atomic<std::uint32_t>& lastOperation = wide.lastOperation;
    std::atomic<std::uint64_t>& accepted = counts.accepted;
    std::atomic<std::uint64_t>& closed = counts.closed;
    std::atomic<std::uint64_t>& requests = counts.requests;

    /// In a process: tells the lab what its services have trouble with.
    std::function<void()> tellTrouble{};

    /// Set by the start() of a model with processes, before anybody else knows the server; outlives the model.
    std::shared_ptr<ServerProcesses> processes{};

    bool running() const { return state.load(std::memory_order_acquire) == ServerState::Running; }
    bool stopping() const { return state.load(std::memory_order_acquire) == ServerState::Stopping; }

    /// The server goes on under another model.
    bool handsOver() const { return transit != nullptr && wide.handsOver.load(std::memory_order_acquire); }
    /// Connections have come from the model before.
    bool hasArrivals() const;
    /// From now on each request is told that it was the last one on its connection.
    bool refusesMore() const { return !running() && !handsOver(); }

    /// Brings what the lab knows of a process's own cache and services up to date, where it is one.
    void tellAccount();

    /// The protocol handler of a new connection.
    std::unique_ptr<ProtocolHandler> makeHandler(const AcceptedConnection& connection);
};

} // namespace lab
