// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/server.h"

#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/configuration/service_configurator.h"
#include "engine/connection/accepted_connection.h"
#include "engine/protocol/protocol_list.h"
#include "engine/server/listening_socket.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <netinet/tcp.h>
#include <poll.h>

namespace lab {

std::unique_ptr<ProtocolHandler> ServerContext::makeHandler(const AcceptedConnection& connection) {
    return protocolOf(options).make(*this, connection);
}

void ServerContext::tellCache() {
    if (served != nullptr) {
        const auto now = files.counts();
        served->cacheHits.fetch_add(now.hits - cacheTold.hits, std::memory_order_relaxed);
        served->cacheMisses.fetch_add(now.misses - cacheTold.misses, std::memory_order_relaxed);
        served->evictions.fetch_add(now.evictions - cacheTold.evictions, std::memory_order_relaxed);
        cacheTold = now;
    }
}

namespace {

/// The owner's thread takes part in the trace while it starts and stops a server, unless it does already. It is not
/// held: a server can be started while everybody else is.
std::unique_ptr<TraceThread> takePart(Trace* trace) {
    return currentRing == nullptr && trace != nullptr ? std::make_unique<TraceThread>(trace, "main", Gated::No)
                                                      : nullptr;
}

class RunningServer final : public Server {
public:
    RunningServer(ServerOptions options, ListeningSocket listening, std::unique_ptr<CachedFilesystem> files,
                  Trace* trace)
        : m_options(std::move(options))
        , m_listening(std::move(listening))
        , m_files(std::move(files))
        , m_trace(trace)
        , m_threads(trace)
        , m_context{.options = m_options,
                    .listeningSocket = m_listening.descriptor.get(),
                    .trace = trace,
                    .gate = trace != nullptr ? trace->gate() : m_ownGate,
                    .files = *m_files,
                    .threads = m_threads,
                    .pipeline = m_pipeline}
        , m_configurator(m_pipeline, trace,
                         {.recording = trace != nullptr ? &trace->recording() : nullptr,
                          .state = &m_context.wide.state,
                          .files = m_files.get()}) {}

    ~RunningServer() override { stop(); }

    Result<void> begin(const ModelDescription& model) {
        const auto part = takePart(m_trace);
        LAB_MARK(RunStarted, Laboratory, "run starts", .value = m_trace->recording().intern(model.id));
        LAB_MARK(ListeningStarted, Acceptor, "listen", .value = m_listening.port);
        if (auto linked = m_configurator.configure(m_options.services); !linked) {
            return linked;
        }
        m_model = model.create(m_context);
        auto started = m_model->start();
        if (!started) {
            stop();
        } else if (m_context.processes) {
            m_configurator.close("the processes of " + m_options.model +
                                 " keep the services that they were forked with: start the server anew to change them");
        }
        return started;
    }

    void announceStop() override {
        if (!m_isAnnounced.exchange(true)) {
            const auto part = takePart(m_trace);
            LAB_MARK(DrainStarted, Laboratory, "drain", .value = static_cast<std::int64_t>(counts().open()));
        }
    }

    std::size_t stop() override {
        const std::lock_guard lock(m_stopping);
        if (!m_model) {
            return m_cutOff;
        }
        const auto part = takePart(m_trace);
        announceStop();
        m_context.state.store(ServerState::Draining, std::memory_order_release);
        const auto until = m_context.gate.now() + std::chrono::nanoseconds(m_options.drainLimit).count();
        m_model->wake();
        while (counts().open() > 0 && m_context.gate.now() < until) {
            constexpr int betweenLooks = 10; // ms
            ::poll(nullptr, 0, betweenLooks);
            m_model->wake();
        }
        m_cutOff = counts().open();
        m_context.state.store(ServerState::Stopping, std::memory_order_release);
        m_model->wake();
        m_threads.join();
        {
            const std::lock_guard ending(m_modelLives);
            m_model.reset();
        }
        m_configurator.finish();
        LAB_MARK(ListeningStopped, Acceptor, "close", .value = m_listening.port);
        m_listening.descriptor.reset();
        LAB_MARK(RunEnded, Laboratory, "run ends");
        return m_cutOff;
    }

    const ServerOptions& options() const override { return m_options; }
    std::uint16_t port() const override { return m_listening.port; }

    std::string url() const override {
        const auto host = m_listening.isIpv6 ? "[" + m_listening.address + "]" : m_listening.address;
        return std::string(protocolOf(m_options).scheme) + "://" + host + ":" + std::to_string(m_listening.port) + "/";
    }

    ServerCounts counts() const override {
        // Closed before accepted: the difference is never negative.
        const auto closed = m_context.closed.load(std::memory_order_acquire);
        ServerCounts counts{.accepted = m_context.accepted.load(std::memory_order_acquire),
                            .closed = closed,
                            .requests = m_context.requests.load(std::memory_order_relaxed),
                            .acceptWakeUps = m_context.counts.acceptWakeUps.load(std::memory_order_relaxed),
                            .acceptsForNothing = m_context.counts.acceptsForNothing.load(std::memory_order_relaxed),
                            .rejected = m_context.counts.rejected.load(std::memory_order_relaxed)};
        if (m_context.processes) {
            const auto others = m_context.processes->counts();
            counts.accepted += others.accepted;
            counts.closed += others.closed;
            counts.requests += others.requests;
        }
        return counts;
    }

    ThreadUsage usage() const override {
        auto sum = m_threads.usage();
        if (m_context.processes) {
            const auto others = m_context.processes->usage();
            sum.processorNanoseconds += others.processorNanoseconds;
            sum.voluntarySwitches += others.voluntarySwitches;
            sum.involuntarySwitches += others.involuntarySwitches;
            sum.threads += others.threads;
            sum.peakThreads += others.peakThreads;
            sum.startedThreads += others.startedThreads;
        }
        return sum;
    }

    CacheCounts cacheCounts() const override {
        auto sum = m_files->counts();
        if (m_context.processes) {
            const auto others = m_context.processes->cacheCounts();
            sum.hits += others.hits;
            sum.misses += others.misses;
            sum.evictions += others.evictions;
        }
        return sum;
    }

    ServiceConfigurator& configurator() override { return m_configurator; }

    std::vector<WorkerProcess> workers() const override {
        return m_context.processes ? m_context.processes->workers() : std::vector<WorkerProcess>();
    }

    Result<void> killWorker(int process) override {
        return m_context.processes ? m_context.processes->kill(process)
                                   : Result<void>(Error{"this server has no processes of its own but the lab's"});
    }

    Result<void> cancelOperation(std::uint32_t connection, std::uint32_t operation) override {
        const std::lock_guard lock(m_modelLives);
        if (!m_model) {
            return Error{"the server has ended"};
        }
        const auto part = takePart(m_trace);
        return m_model->cancel(connection, operation);
    }

private:
    const ServerOptions m_options;
    ListeningSocket m_listening;
    const std::unique_ptr<CachedFilesystem> m_files;
    Trace* const m_trace;
    Gate m_ownGate;
    ThreadGroup m_threads;
    PipelineSlot m_pipeline;
    ServerContext m_context;
    ServiceConfigurator m_configurator;
    std::atomic<bool> m_isAnnounced{false};
    std::mutex m_stopping;
    std::mutex m_modelLives;                   ///< nobody ends the model meanwhile
    std::unique_ptr<ConcurrencyModel> m_model; ///< guarded by m_stopping; null when stopped
    std::size_t m_cutOff = 0;                  ///< guarded by m_stopping
};

std::string knownModels() {
    std::string list;
    for (const auto& model : models()) {
        list += (list.empty() ? "" : ", ") + std::string(model.id);
    }
    return list;
}

} // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Trace* trace) {
    const auto* model = findModel(options.model);
    if (model == nullptr) {
        return Error{"there is no model '" + options.model + "'; there are: " + knownModels()};
    }
    if (model->unavailable) {
        if (const auto reason = model->unavailable(); !reason.empty()) {
            return Error{"the model '" + options.model + "' cannot run here: " + reason};
        }
    }
    if (const auto reason = refusal(*model, options); !reason.empty()) {
        return Error{reason};
    }
    if (options.threads < 1 || options.threads > 1000) {
        return Error{"threads must be from 1 to 1000, not " + std::to_string(options.threads)};
    }
    if (options.transfer == FileTransfer::Suited) {
        options.transfer = suitedTransfer(*model, options);
    }
    auto files = CachedFilesystem::open(options.root, trace != nullptr ? &trace->recording() : nullptr, options.files);
    if (!files) {
        return files.error();
    }
    auto listening = ListeningSocket::open(options.address, options.port, options.backlog);
    if (!listening) {
        return listening.error();
    }
    if (options.cork == Cork::None) { // accepted sockets inherit it
        const int off = 0;
        ::setsockopt(listening->descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &off, sizeof off);
    }
    // A run in turns is to come out the same again, and how much is taken at once would depend on the moment.
    const bool inTurns = trace != nullptr && trace->gate().engaged();
    if (options.transmitsAtOnce > 0 && !inTurns) {
        // What the kernel has taken goes in the kernel's order: let it take little in advance. Inherited as well.
        limitUnsent(listening->descriptor.get(), 16 * 1024);
    } else if (model->family != Family::Synchronous && !inTurns) {
        limitUnsent(listening->descriptor.get(), unsentOctets);
    }
    auto server = std::make_unique<RunningServer>(std::move(options), std::move(*listening), std::move(*files), trace);
    if (auto begun = server->begin(*model); !begun) {
        return begun.error();
    }
    return std::unique_ptr<Server>(std::move(server));
}

} // namespace lab
