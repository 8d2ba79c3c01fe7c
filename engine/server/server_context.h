// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/thread_group.h"
#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_options.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace lab {

class Trace;

enum class ServerState : std::uint8_t {
    Running,
    Draining, ///< no new connections; what is in flight finishes, who is idle is closed
    Stopping  ///< everything is closed now
};

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

    std::atomic<ServerState> state{ServerState::Running};
    std::atomic<std::uint32_t> lastConnection{0};
    std::atomic<std::uint32_t> lastOperation{0};
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> closed{0};
    std::atomic<std::uint64_t> requests{0};

    bool running() const { return state.load(std::memory_order_acquire) == ServerState::Running; }
    bool stopping() const { return state.load(std::memory_order_acquire) == ServerState::Stopping; }

    /// The protocol handler of a new connection.
    std::unique_ptr<ProtocolHandler> makeHandler(std::uint32_t connection);
};

} // namespace lab
