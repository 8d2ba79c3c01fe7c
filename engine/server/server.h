// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/thread_group.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class ServiceConfigurator;
class Trace;

/// Counts that are exact whether or not events are recorded.
struct ServerCounts {
    std::uint64_t accepted = 0;
    std::uint64_t closed = 0;
    std::uint64_t requests = 0;
    std::uint64_t acceptWakeUps = 0;     ///< an event loop was told that the listening socket is ready
    std::uint64_t acceptsForNothing = 0; ///< of these: nobody was there any more
    std::uint64_t rejected = 0;          ///< requests that a full queue had no room for
    std::uint64_t takenOver = 0;         ///< connections that a model took from the one before it
    std::uint64_t handedOver = 0;        ///< connections that a model left to the next one
    std::uint64_t open() const { return accepted - closed; }

    ServerCounts& operator+=(const ServerCounts& other) {
        accepted += other.accepted;
        closed += other.closed;
        requests += other.requests;
        acceptWakeUps += other.acceptWakeUps;
        acceptsForNothing += other.acceptsForNothing;
        rejected += other.rejected;
        takenOver += other.takenOver;
        handedOver += other.handedOver;
        return *this;
    }
};

/// A process of a server that serves connections.
struct WorkerProcess {
    int process = 0;              ///< its id at the system
    std::uint16_t actor = 0;      ///< in the recording; meaningless without a trace
    std::uint32_t connection = 0; ///< that it serves now; 0: none
};

/// The processes of a server, as its owner sees them. Threads: any.
class ServerProcesses {
public:
    virtual ~ServerProcesses() = default;
    virtual ServerCounts counts() const = 0; ///< of all processes, the ended ones included
    virtual ThreadUsage usage() const = 0;   ///< a process counts as a thread
    virtual CacheCounts cacheCounts() const = 0;
    virtual std::vector<WorkerProcess> workers() const = 0;
    /// What a service of that name has trouble with in them; empty: all is well.
    virtual std::string troubleOf(std::string_view service) const = 0;
    /// As Server::killWorker().
    virtual Result<void> kill(int process) = 0;
};

/// A running Web server: a listening socket, a filesystem and one concurrency model.
///
/// Role: Event Dispatcher of the framework (P section 2): ties the concurrency strategy to the I/O strategy.
/// Threads: start(), change() and stop() by the owner (a stop() by another thread ends a change()); the rest by any.
/// Owner: whoever runs it; borrows the trace.
class Server {
public:
    /// Listens and starts the model's threads. `trace` may be null: then nothing is recorded.
    /// Error: an unknown or unavailable model, options that make no sense with it (see refusal()), a
    /// missing root, an address in use or not permitted.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, Trace* trace);

    virtual ~Server() = default; ///< stops

    /// Goes on under another model, or with other options, at the same listening socket and under load. What is in
    /// flight finishes where it began; connections on which nothing is under way go to the new model, open as they are;
    /// clients who come meanwhile wait in the backlog. A response that takes its time does not delay the change: its
    /// thread stays until it is sent. Root, address, port and backlog must stay as they are; 0 stands for the port.
    /// `services`: these and no others are linked from then on, as ServiceConfigurator::configure() does it, also where
    /// processes keep theirs, since the new ones begin with them; nothing: those that are linked now.
    /// Error: as start() and configure(); or the server is being stopped. Then the server goes on as it was, but for
    /// whyNotServing().
    virtual Result<void> change(ServerOptions options,
                                const std::optional<std::vector<ServiceSpec>>& services = std::nullopt) = 0;

    /// Why no model runs at all: neither the next one nor the former one could be started in the last change (no
    /// descriptors, no processes to be had). Clients wait in the backlog; change(options()) tries again. Empty: one runs.
    virtual std::string whyNotServing() const = 0;

    /// Records that the server is about to be stopped, before whoever was held is let go for it; once.
    virtual void announceStop() = 0;

    /// Stops accepting, lets what is in flight finish within options().drainLimit, closes the rest, joins.
    /// Returns how many connections had to be cut off. The second call does nothing.
    virtual std::size_t stop() = 0;

    virtual ServerOptions options() const = 0; ///< of now
    virtual std::uint16_t port() const = 0;
    virtual std::string url() const = 0; ///< "http://127.0.0.1:8080/"; "tcp://…" where HTTP is not spoken
    virtual ServerCounts counts() const = 0;
    virtual ThreadUsage usage() const = 0;
    virtual CacheCounts cacheCounts() const = 0;

    /// What is linked into the Protocol Pipeline, and how to change it while the server serves. A server whose
    /// connections are served by processes of their own has the services that it began with: see whyClosed().
    virtual ServiceConfigurator& configurator() = 0;

    /// The processes that serve connections; none for a server of threads.
    virtual std::vector<WorkerProcess> workers() const = 0;
    /// Ends one of them as `kill -9` does: its connection is lost, the others and the server go on. Asked for, not
    /// yet done, when it returns. Error: no process of this server's.
    virtual Result<void> killWorker(int process) = 0;

    /// Cancels the operation that `connection` has outstanding (P section 4.5.2): its completion handler is called with
    /// "operation cancelled", and closes the connection; the others go on. `operation` not 0: only that one.
    /// Asked for, not yet done, when it returns; an operation that completes meanwhile has completed.
    /// Error: no such connection, nothing outstanding, or a model whose threads make the calls themselves.
    virtual Result<void> cancelOperation(std::uint32_t connection, std::uint32_t operation = 0) = 0;
};

} // namespace lab
