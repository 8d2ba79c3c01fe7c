// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/running_model.h"

#include "engine/connection/accepted_connection.h"
#include "engine/protocol/protocol_list.h"

#include <algorithm>
#include <utility>

namespace lab {

std::unique_ptr<ProtocolHandler> ServerContext::makeHandler(const AcceptedConnection& connection) {
    return protocolOf(options).make(*this, connection);
}

bool ServerContext::hasArrivals() const { return transit != nullptr && !transit->empty(); }

void ServerContext::tellAccount() {
    if (tellTrouble) {
        tellTrouble();
    }
    if (served != nullptr) {
        const auto now = files.counts();
        served->cacheHits.fetch_add(now.hits - cacheTold.hits, std::memory_order_relaxed);
        served->cacheMisses.fetch_add(now.misses - cacheTold.misses, std::memory_order_relaxed);
        served->evictions.fetch_add(now.evictions - cacheTold.evictions, std::memory_order_relaxed);
        cacheTold = now;
    }
}

RunningModel::RunningModel(ServerOptions options, std::shared_ptr<CachedFilesystem> files, const Shared& shared)
    : m_options(std::move(options))
    , m_files(std::move(files))
    , m_threads(shared.trace)
    , m_context{.options = m_options,
                .listeningSocket = shared.listeningSocket,
                .trace = shared.trace,
                .gate = shared.gate,
                .files = *m_files,
                .threads = m_threads,
                .pipeline = shared.pipeline,
                .transit = &shared.transit,
                .lastConnection = shared.lastConnection,
                .lastOperation = shared.lastOperation} {}

Result<void> RunningModel::start(const ModelDescription& model) {
    m_model = model.create(m_context);
    return m_model->start();
}

void RunningModel::wake() {
    if (m_model) {
        m_model->wake();
    }
}

Result<void> RunningModel::cancel(std::uint32_t connection, std::uint32_t operation) {
    const std::lock_guard lock(m_modelLives);
    return m_model ? m_model->cancel(connection, operation) : Result<void>(Error{"the server has ended"});
}

void RunningModel::handOver() {
    m_context.wide.handsOver.store(true, std::memory_order_release);
    m_context.state.store(ServerState::Draining, std::memory_order_release);
    wake();
}

void RunningModel::drain() {
    m_context.wide.handsOver.store(false, std::memory_order_release);
    m_context.state.store(ServerState::Draining, std::memory_order_release);
    wake();
}

bool RunningModel::isEmpty() const { return open() == 0 && (!m_model || !m_model->isAccepting()); }

void RunningModel::end() {
    if (!m_model) {
        return;
    }
    m_context.state.store(ServerState::Stopping, std::memory_order_release);
    m_model->wake();
    m_threads.join();
    const std::lock_guard lock(m_modelLives);
    m_model.reset();
}

std::uint64_t RunningModel::open() const {
    // What goes is looked at first: never too few.
    auto open = m_context.counts.open();
    if (m_context.processes) {
        const auto others = m_context.processes->counts();
        open += others.accepted + others.takenOver - others.closed - others.handedOver;
    }
    return open;
}

ServerCounts RunningModel::counts() const {
    // Closed before accepted: the difference is never negative.
    const auto closed = m_context.closed.load(std::memory_order_acquire);
    const auto& own = m_context.counts;
    ServerCounts counts{.accepted = m_context.accepted.load(std::memory_order_acquire),
                        .closed = closed,
                        .requests = m_context.requests.load(std::memory_order_relaxed),
                        .acceptWakeUps = own.acceptWakeUps.load(std::memory_order_relaxed),
                        .acceptsForNothing = own.acceptsForNothing.load(std::memory_order_relaxed),
                        .rejected = own.rejected.load(std::memory_order_relaxed),
                        .takenOver = own.takenOver.load(std::memory_order_relaxed),
                        .handedOver = own.handedOver.load(std::memory_order_relaxed)};
    if (m_context.processes) {
        counts += m_context.processes->counts();
    }
    return counts;
}

ThreadUsage RunningModel::usage() const {
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

CacheCounts RunningModel::cacheCountsOfProcesses() const {
    return m_context.processes ? m_context.processes->cacheCounts() : CacheCounts();
}

} // namespace lab
