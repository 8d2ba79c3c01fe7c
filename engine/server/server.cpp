// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/server.h"

#include "engine/configuration/service_configurator.h"
#include "engine/protocol/pipeline.h"
#include "engine/protocol/protocol_list.h"
#include "engine/server/listening_socket.h"
#include "engine/server/running_model.h"
#include "engine/server/server_account.h"
#include "engine/server/server_change.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <vector>

namespace lab {

namespace {

/// The owner's thread takes part in the trace while it starts, changes and stops a server, unless it does already. It
/// is not held: a server can be started while everybody else is.
std::unique_ptr<TraceThread> takePart(Trace* trace) {
    return currentRing == nullptr && trace != nullptr ? std::make_unique<TraceThread>(trace, "main", Gated::No)
                                                      : nullptr;
}

/// Between two looks whether somebody has come to an end.
void waitALittle(int milliseconds) { ::poll(nullptr, 0, milliseconds); }

class RunningServer final : public Server {
public:
    RunningServer(ServerOptions options, ListeningSocket listening, std::shared_ptr<CachedFilesystem> files,
                  Trace* trace)
        : m_options(std::move(options))
        , m_files(std::move(files))
        , m_listening(std::move(listening))
        , m_trace(trace)
        , m_finishers(trace, Gated::No)
        , m_shared{.listeningSocket = m_listening.descriptor.get(),
                   .trace = trace,
                   .gate = trace != nullptr ? trace->gate() : m_ownGate,
                   .transit = m_transit,
                   .lastConnection = m_lastConnection,
                   .lastOperation = m_lastOperation,
                   .pipeline = m_pipeline}
        , m_configurator(m_pipeline, trace,
                         {.recording = trace != nullptr ? &trace->recording() : nullptr,
                          .state = &m_state,
                          .root = m_options.root}) {}

    ~RunningServer() override { stop(); }

    Result<void> begin() {
        const auto part = takePart(m_trace);
        LAB_MARK(RunStarted, Laboratory, "run starts", .value = m_trace->recording().intern(m_options.model));
        LAB_MARK(ListeningStarted, Acceptor, "listen", .value = m_listening.port);
        if (auto linked = m_configurator.configure(m_options.services); !linked) {
            return linked;
        }
        m_hasBegun = true;
        auto started = startModel(m_options, m_files);
        if (!started) {
            stop();
        }
        return started;
    }

    Result<void> change(ServerOptions options) override;

    void announceStop() override {
        m_isStopWanted.store(true, std::memory_order_release);
        if (!m_isAnnounced.exchange(true)) {
            const auto part = takePart(m_trace);
            LAB_MARK(DrainStarted, Laboratory, "drain", .value = static_cast<std::int64_t>(counts().open()));
        }
    }

    std::size_t stop() override;

    ServerOptions options() const override {
        const std::lock_guard lock(m_optionsMutex);
        return m_options;
    }
    std::uint16_t port() const override { return m_listening.port; }

    std::string url() const override {
        const auto host = m_listening.isIpv6 ? "[" + m_listening.address + "]" : m_listening.address;
        return std::string(protocolOf(options()).scheme) + "://" + host + ":" + std::to_string(m_listening.port) + "/";
    }

    ServerCounts counts() const override { return m_account.counts(); }
    ThreadUsage usage() const override { return m_account.usage(); }
    CacheCounts cacheCounts() const override { return m_account.cacheCounts(); }
    std::vector<WorkerProcess> workers() const override { return m_account.workers(); }
    Result<void> killWorker(int process) override { return m_account.killWorker(process); }
    ServiceConfigurator& configurator() override { return m_configurator; }
    Result<void> cancelOperation(std::uint32_t connection, std::uint32_t operation) override;

private:
    // With m_changing held.
    Result<void> startModel(const ServerOptions& options, std::shared_ptr<CachedFilesystem> files);
    Result<void> goOnWith(ServerOptions options, std::shared_ptr<CachedFilesystem> files);
    bool retire();
    void finishLater();
    void forgetFinished();
    std::uint64_t open() const;
    void closeTransit();
    void limitUnsentOctets(const ServerOptions& options) const;
    void openServices();
    void tellChanges(const ServerOptions& options) const;
    bool isStopWanted() const { return m_isStopWanted.load(std::memory_order_acquire); }

    /// A model that has been followed by another one, while it finishes what is under way.
    struct Former {
        std::unique_ptr<RunningModel> model;
        std::atomic<bool> hasEnded{false};
    };

    mutable std::mutex m_optionsMutex;
    ServerOptions m_options; ///< written with both mutexes held
    std::shared_ptr<CachedFilesystem> m_files;
    ListeningSocket m_listening;
    Trace* const m_trace;
    Gate m_ownGate;
    LocalTransit m_transit;
    std::atomic<std::uint32_t> m_lastConnection{0};
    std::atomic<std::uint32_t> m_lastOperation{0};
    ThreadGroup m_finishers;
    PipelineSlot m_pipeline;
    std::atomic<ServerState> m_state{ServerState::Running}; ///< of all models together, for the services
    const RunningModel::Shared m_shared;
    ServiceConfigurator m_configurator;
    std::atomic<bool> m_isAnnounced{false};
    std::atomic<bool> m_isStopWanted{false};
    std::mutex m_changing;
    // Guarded by m_changing.
    bool m_hasBegun = false; ///< and not stopped
    std::unique_ptr<RunningModel> m_current;
    std::vector<std::unique_ptr<Former>> m_formers;
    std::size_t m_cutOff = 0;
    ServerAccount m_account;
};

/// On success the model is m_current. One that was there before is m_former's, or gone.
Result<void> RunningServer::startModel(const ServerOptions& options, std::shared_ptr<CachedFilesystem> files) {
    const int socket = m_listening.descriptor.get();
    const int noDelay = options.cork == Cork::None ? 0 : 1; // accepted sockets inherit it
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &noDelay, sizeof noDelay);
    ::fcntl(socket, F_SETFL, 0); // a model that wants it otherwise says so
    limitUnsentOctets(options);
    auto model = std::make_unique<RunningModel>(options, std::move(files), m_shared);
    if (auto started = model->start(*findModel(options.model)); !started) {
        model->handOver(); // whom its threads have taken in already
        model->end();
        return started;
    }
    m_account.add(*model);
    if (m_current) {
        m_account.settle(*m_current);
    }
    m_current = std::move(model);
    openServices();
    m_transit.setBell([this, &current = *m_current] { current.wake(); });
    if (!m_transit.empty()) {
        m_current->wake(); // for what has come meanwhile
    }
    return {};
}

/// Accepted sockets inherit it. A run in turns is to come out the same again, and how much is taken at once would
/// depend on the moment.
void RunningServer::limitUnsentOctets(const ServerOptions& options) const {
    constexpr int asTheSystemDoes = 0;
    constexpr int inTurn = 16 * 1024; // what the kernel has taken goes in the kernel's order
    int octets = asTheSystemDoes;
    if (!m_shared.gate.engaged()) {
        octets = options.transmitsAtOnce > 0 ? inTurn : unsentOctets;
    }
    limitUnsent(m_listening.descriptor.get(), octets);
}

/// Processes keep the services that they were forked with.
void RunningServer::openServices() {
    m_configurator.close(
        m_current->processes() == nullptr
            ? std::string()
            : "the processes of " + m_current->options().model +
                  " keep the services that they were forked with: start the server anew to change them");
}

Result<void> RunningServer::cancelOperation(std::uint32_t connection, std::uint32_t operation) {
    const std::lock_guard lock(m_changing);
    if (!m_current) {
        return Error{"the server has ended"};
    }
    const auto part = takePart(m_trace);
    auto cancelled = m_current->cancel(connection, operation);
    for (const auto& former : m_formers) {
        if (!cancelled) {
            cancelled = former->model->cancel(connection, operation);
        }
    }
    return cancelled;
}

Result<void> RunningServer::change(ServerOptions options) {
    const std::lock_guard lock(m_changing);
    if (!m_hasBegun || isStopWanted()) {
        return Error{"the server is being stopped, and cannot be changed"};
    }
    if (const auto reason = whyNoChange(m_options, options, m_listening.port); !reason.empty()) {
        return Error{reason};
    }
    options.port = m_options.port;
    const auto checked = checkOptions(options);
    if (!checked) {
        return checked.error();
    }
    forgetFinished();
    options.services.clear();
    for (const auto& entry : m_configurator.services()) {
        options.services.push_back(entry.spec);
    }
    auto files = m_files;
    if (hasOtherCache(m_options, options)) {
        auto opened =
            CachedFilesystem::open(options.root, m_trace != nullptr ? &m_trace->recording() : nullptr, options.files);
        if (!opened) {
            return opened.error();
        }
        files = std::move(*opened);
    }
    return goOnWith(std::move(options), std::move(files));
}

Result<void> RunningServer::goOnWith(ServerOptions options, std::shared_ptr<CachedFilesystem> files) {
    const auto part = takePart(m_trace);
    LAB_MARK(ChangeStarted, Laboratory, "change", .value = static_cast<std::int64_t>(counts().open()));
    if (!retire()) {
        return Error{"the server was stopped while it changed"};
    }
    tellChanges(options);
    LAB_MARK(ModelChanged, Laboratory, "change", .value = m_trace->recording().intern(options.model));
    auto started = startModel(options, files);
    if (started) {
        const std::lock_guard lock(m_optionsMutex);
        m_options = std::move(options);
        m_files = std::move(files);
        return {};
    }
    LAB_MARK(ChangeFailed, Laboratory, "change", .value = m_trace->recording().intern(started.error().message));
    LAB_MARK(ModelChanged, Laboratory, "change", .value = m_trace->recording().intern(m_options.model));
    if (const auto again = startModel(m_options, m_files); !again) {
        return Error{started.error().message +
                     "; and the former model could not be started again: " + again.error().message};
    }
    return started;
}

/// What is different from now on, one event each.
void RunningServer::tellChanges([[maybe_unused]] const ServerOptions& options) const {
    if (m_trace == nullptr) {
        return;
    }
    for (const auto& [name, text] : changedSettings(m_options, options)) {
        auto& names = m_trace->recording();
        LAB_MARK(SettingChanged, Laboratory, "change", .value = settingValue(names.intern(name), names.intern(text)));
    }
}

/// The present model's end, or, where that takes its time, its beginning. False: the server is to be stopped.
bool RunningServer::retire() {
    constexpr std::int64_t patience =
        500'000'000; // ns of lab time; longer than any blocking call of a synchronous model
    m_transit.setBell({});
    if (!m_current) {
        return true; // it could not be started again
    }
    m_current->handOver();
    const auto until = m_shared.gate.now() + patience;
    while (!m_current->isEmpty() && m_shared.gate.now() < until && !isStopWanted()) {
        constexpr int betweenLooks = 1; // ms
        waitALittle(betweenLooks);
        m_current->wake();
    }
    if (isStopWanted()) {
        return false;
    }
    if (m_current->isEmpty()) {
        m_current->end();
    } else {
        finishLater();
    }
    return !isStopWanted();
}

/// Responses that take their time are finished while the next model works already.
void RunningServer::finishLater() {
    auto& former = *m_formers.emplace_back(std::make_unique<Former>());
    former.model = std::move(m_current);
    const auto work = [this, &former] {
        while (!former.model->isEmpty() && !isStopWanted()) {
            constexpr int betweenLooks = 10; // ms
            waitALittle(betweenLooks);
            former.model->wake();
        }
        if (!isStopWanted()) {
            former.model->end();
            former.hasEnded.store(true, std::memory_order_release);
        }
    };
    static_cast<void>(m_finishers.start("former model", work)); // without a thread: when the server stops
}

void RunningServer::forgetFinished() {
    m_finishers.reap();
    std::erase_if(m_formers, [this](const auto& former) {
        const bool hasEnded = former->hasEnded.load(std::memory_order_acquire);
        if (hasEnded) {
            m_account.settle(*former->model);
        }
        return hasEnded;
    });
}

std::uint64_t RunningServer::open() const {
    std::uint64_t sum = m_current ? m_current->open() : 0;
    for (const auto& former : m_formers) {
        sum += former->model->open();
    }
    return sum;
}

std::size_t RunningServer::stop() {
    m_isStopWanted.store(true, std::memory_order_release); // ends a change that waits
    const std::lock_guard lock(m_changing);
    if (!m_hasBegun) {
        return m_cutOff;
    }
    const auto part = takePart(m_trace);
    announceStop();
    m_transit.setBell({});
    m_finishers.join();
    m_state.store(ServerState::Draining, std::memory_order_release);
    std::vector<RunningModel*> all;
    for (const auto& former : m_formers) {
        all.push_back(former->model.get());
    }
    if (m_current) {
        all.push_back(m_current.get());
    }
    for (auto* model : all) {
        model->drain();
    }
    const auto until = m_shared.gate.now() + std::chrono::nanoseconds(m_options.drainLimit).count();
    while (open() > 0 && m_shared.gate.now() < until) {
        constexpr int betweenLooks = 10; // ms
        waitALittle(betweenLooks);
        for (auto* model : all) {
            model->wake();
        }
    }
    m_cutOff = open();
    m_state.store(ServerState::Stopping, std::memory_order_release);
    for (auto* model : all) {
        model->end();
    }
    m_configurator.finish();
    closeTransit();
    LAB_MARK(ListeningStopped, Acceptor, "close", .value = m_listening.port);
    m_listening.close();
    LAB_MARK(RunEnded, Laboratory, "run ends");
    m_hasBegun = false;
    return m_cutOff;
}

/// Connections that no model has taken in time are closed like those in the backlog.
void RunningServer::closeTransit() {
    while (auto connection = m_transit.take()) {
        LAB_MARK(ConnectionClosed, HttpHandler, "close", .connection = connection->id,
                 .kind = CloseReason::ServerStopping, .value = connection->requests);
        m_account.closedInTransit(1);
    }
}

} // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Trace* trace) {
    if (const auto checked = checkOptions(options); !checked) {
        return checked.error();
    }
    auto files = CachedFilesystem::open(options.root, trace != nullptr ? &trace->recording() : nullptr, options.files);
    if (!files) {
        return files.error();
    }
    auto listening = ListeningSocket::open(options.address, options.port, options.backlog);
    if (!listening) {
        return listening.error();
    }
    auto server = std::make_unique<RunningServer>(std::move(options), std::move(*listening), std::move(*files), trace);
    if (auto begun = server->begin(); !begun) {
        return begun.error();
    }
    return std::unique_ptr<Server>(std::move(server));
}

} // namespace lab
