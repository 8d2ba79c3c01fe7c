// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/thread_group.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <memory>
#include <string>

namespace lab {

class Trace;

/// Counts that are exact whether or not events are recorded.
struct ServerCounts {
    std::uint64_t accepted = 0;
    std::uint64_t closed = 0;
    std::uint64_t requests = 0;
    std::uint64_t open() const { return accepted - closed; }
};

/// A running Web server: a listening socket, a filesystem and one concurrency model.
///
/// Role: Event Dispatcher of the framework (P section 2): ties the concurrency strategy to the I/O strategy.
/// Threads: start() and stop() by the owner; the rest by any. Owner: whoever runs it; borrows the trace.
class Server {
public:
    /// Listens and starts the model's threads. `trace` may be null: then nothing is recorded.
    /// Error: an unknown or unavailable model, a missing root, an address in use or not permitted.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, Trace* trace);

    virtual ~Server() = default; ///< stops

    /// Records that the server is about to be stopped, before whoever was held is let go for it; once.
    virtual void announceStop() = 0;

    /// Stops accepting, lets what is in flight finish within options().drainLimit, closes the rest, joins.
    /// Returns how many connections had to be cut off. The second call does nothing.
    virtual std::size_t stop() = 0;

    virtual const ServerOptions& options() const = 0;
    virtual std::uint16_t port() const = 0;
    virtual std::string url() const = 0; ///< "http://127.0.0.1:8080/"
    virtual ServerCounts counts() const = 0;
    virtual ThreadUsage usage() const = 0;
};

} // namespace lab
