// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/server.h"

#include "engine/configuration/service_configurator.h"
#include "engine/process/parent_roles.h"
#include "engine/protocol/pipeline.h"
#include "engine/protocol/protocol_list.h"
#include "engine/server/former_models.h"
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

/// Kind of ChangeFailed: the former model could not be started again, either.
constexpr std::uint8_t nothingRuns = 1;

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
                          .root = m_options.root},
                         [this](std::string_view name) { return m_account.troubleOf(name); }) {}

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

    Result<void> change(ServerOptions options, const std::optional<std::vector<ServiceSpec>>& services) override;

    std::string whyNotServing() const override {
        const std::lock_guard lock(m_optionsMutex);
        return m_whyNotServing;
    }

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
    using Services = std::vector<ServiceSpec>;

    // With m_changing held.
    Result<void> startModel(ServerOptions options, std::shared_ptr<CachedFilesystem> files);
    Result<void> goOnWith(const ServerOptions& options, std::shared_ptr<CachedFilesystem> files,
                          const std::optional<Services>& services);
    Error goBack(std::string reason, const std::optional<Services>& services);
    Error rest(std::string reason);
    bool retire();
    std::vector<RunningModel*> allModels() const;
    std::uint64_t open() const;
    void closeTransit();
    void limitUnsentOctets(const ServerOptions& options) const;
    void openServices(const std::string& model);
    Result<void> link(const Services& services);
    Services linkedServices() const;
    Result<std::shared_ptr<CachedFilesystem>> filesFor(const ServerOptions& options) const;
    void tellChanges(const ServerOptions& options) const;
    bool isStopWanted() const { return m_isStopWanted.load(std::memory_order_acquire); }

    mutable std::mutex m_optionsMutex;
    // Written with both mutexes held.
    ServerOptions m_options;
    std::string m_whyNotServing;
    std::shared_ptr<CachedFilesystem> m_files;
    ListeningSocket m_listening;
    Trace* const m_trace;
    Gate m_ownGate;
    LocalTransit m_transit;
    std::atomic<std::uint32_t> m_lastConnection{0};
    std::atomic<std::uint32_t> m_lastOperation{0};
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
    std::size_t m_cutOff = 0;
    ServerAccount m_account;
    FormerModels m_formers{m_trace, m_isStopWanted, m_account};
};

/// On success the model is m_current, and what it was started with is the server's. One that was there before has its
/// end behind it, or finishes later.
Result<void> RunningServer::startModel(ServerOptions options, std::shared_ptr<CachedFilesystem> files) {
    const int socket = m_listening.descriptor.get();
    const int noDelay = options.cork == Cork::None ? 0 : 1; // accepted sockets inherit it
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &noDelay, sizeof noDelay);
    ::fcntl(socket, F_SETFL, 0); // a model that wants it otherwise says so
    limitUnsentOctets(options);
    openServices(options.model);
    options.services = linkedServices();
    auto model = std::make_unique<RunningModel>(options, files, m_shared);
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
    {
        const std::lock_guard lock(m_optionsMutex);
        m_options = std::move(options);
        m_files = std::move(files);
        m_whyNotServing.clear();
    }
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

/// Processes keep the services that they were forked with. Said before they are forked, so that what was linked by then
/// is theirs, and nothing is linked that is not.
void RunningServer::openServices(const std::string& model) {
    m_configurator.close(findParentRole(model) == nullptr
                             ? std::string()
                             : "the processes of " + model +
                                   " keep the services that they were forked with: start the server anew to change "
                                   "them");
}

/// For the model that comes next, whatever the present one keeps.
Result<void> RunningServer::link(const Services& services) {
    auto whyClosed = m_configurator.whyClosed();
    m_configurator.close({});
    auto linked = m_configurator.configure(services);
    if (!linked) {
        m_configurator.close(std::move(whyClosed));
    }
    return linked;
}

RunningServer::Services RunningServer::linkedServices() const {
    Services services;
    for (auto& entry : m_configurator.services()) {
        services.push_back(std::move(entry.spec));
    }
    return services;
}

/// What the present ones hold stays, where they are as `options` want them.
Result<std::shared_ptr<CachedFilesystem>> RunningServer::filesFor(const ServerOptions& options) const {
    if (!hasOtherCache(m_options, options)) {
        return m_files;
    }
    auto opened =
        CachedFilesystem::open(options.root, m_trace != nullptr ? &m_trace->recording() : nullptr, options.files);
    return opened ? Result<std::shared_ptr<CachedFilesystem>>(std::move(*opened)) : opened.error();
}

Result<void> RunningServer::cancelOperation(std::uint32_t connection, std::uint32_t operation) {
    const std::lock_guard lock(m_changing);
    if (!m_current) {
        return Error{"the server has ended"};
    }
    const auto part = takePart(m_trace);
    auto cancelled = m_current->cancel(connection, operation);
    for (auto* former : m_formers.all()) {
        if (!cancelled) {
            cancelled = former->cancel(connection, operation);
        }
    }
    return cancelled;
}

Result<void> RunningServer::change(ServerOptions options, const std::optional<Services>& services) {
    const std::lock_guard lock(m_changing);
    if (!m_hasBegun || isStopWanted()) {
        return Error{"the server is being stopped, and cannot be changed"};
    }
    if (const auto reason = whyNoChange(m_options, options, m_listening.port); !reason.empty()) {
        return Error{reason};
    }
    options.port = m_options.port;
    if (const auto checked = checkOptions(options); !checked) {
        return checked.error();
    }
    m_formers.forgetFinished();
    auto files = filesFor(options);
    if (!files) {
        return files.error();
    }
    const auto former = services ? std::optional(linkedServices()) : std::nullopt;
    if (services) {
        if (auto linked = link(*services); !linked) {
            return linked;
        }
    }
    return goOnWith(options, std::move(*files), former);
}

/// `services`: to which it goes back where that fails; nothing: they are as they were.
Result<void> RunningServer::goOnWith(const ServerOptions& options, std::shared_ptr<CachedFilesystem> files,
                                     const std::optional<Services>& services) {
    const auto part = takePart(m_trace);
    LAB_MARK(ChangeStarted, Laboratory, "change", .value = static_cast<std::int64_t>(counts().open()));
    if (!retire()) {
        return Error{"the server was stopped while it changed"};
    }
    tellChanges(options);
    LAB_MARK(ModelChanged, Laboratory, "change", .value = m_trace->recording().intern(options.model));
    const bool isFormer = !services && !isOther(m_options, options);
    auto started = startModel(options, std::move(files));
    if (started) {
        return started;
    }
    auto reason = std::move(started.error().message);
    return isFormer ? rest(std::move(reason)) : goBack(std::move(reason), services);
}

/// The next model could not be started, for `reason`: the former one goes on. Returns what there is to tell of it.
Error RunningServer::goBack(std::string reason, const std::optional<Services>& services) {
    LAB_MARK(ChangeFailed, Laboratory, "change", .value = m_trace->recording().intern(reason));
    if (services) {
        if (const auto linked = link(*services); !linked) {
            reason += "; and the former services could not be linked again: " + linked.error().message;
        }
    }
    LAB_MARK(ModelChanged, Laboratory, "change", .value = m_trace->recording().intern(m_options.model));
    if (const auto again = startModel(m_options, m_files); !again) {
        reason += "; and the former model could not be started again: " + rest(again.error().message).message;
    }
    return Error{std::move(reason)};
}

/// No model runs, for `reason`, until the next change.
Error RunningServer::rest(std::string reason) {
    LAB_MARK(ChangeFailed, Laboratory, "change", .kind = nothingRuns, .value = m_trace->recording().intern(reason));
    m_configurator.close({}); // nobody keeps anything
    const std::lock_guard lock(m_optionsMutex);
    m_whyNotServing = reason;
    return Error{std::move(reason)};
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
    } else { // responses that take their time are finished while the next model works already
        m_formers.finishLater(std::move(m_current));
    }
    return !isStopWanted();
}

std::vector<RunningModel*> RunningServer::allModels() const {
    auto all = m_formers.all();
    if (m_current) {
        all.push_back(m_current.get());
    }
    return all;
}

std::uint64_t RunningServer::open() const {
    std::uint64_t sum = 0;
    for (const auto* model : allModels()) {
        sum += model->open();
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
    m_formers.join();
    m_state.store(ServerState::Draining, std::memory_order_release);
    const auto all = allModels();
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
