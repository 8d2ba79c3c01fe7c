// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/proactive_connections.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <utility>

namespace lab {

namespace {

/// Where peers that take nothing keep others waiting, they are looked at more often.
std::chrono::milliseconds periodOf(const ServerOptions& options) {
    const auto shortest = options.limits.shortest();
    constexpr std::chrono::milliseconds often{250};
    return options.transmitsAtOnce > 0 ? std::min(shortest, often) : shortest;
}

} // namespace

ProactiveConnections::ProactiveConnections(ServerContext& context, AsynchronousOperationProcessor& processor,
                                           Maker maker)
    : m_context(context)
    , m_processor(processor)
    , m_maker(maker)
    , m_period(periodOf(context.options)) {
    m_timer.handler = this;
    m_timer.kind = Operation::Timer;
}

void ProactiveConnections::add(AcceptedConnection connection) {
    auto created = m_maker(m_context, *this, std::move(connection), m_processor);
    auto& borrowed = *created;
    bool firstOne = false;
    {
        const std::lock_guard lock(m_mutex);
        m_connections.emplace(borrowed.id(), std::move(created));
        firstOne = !std::exchange(m_timerRuns, true);
    }
    if (firstOne) {
        startTimer();
    }
    borrowed.open();
}

void ProactiveConnections::remove(AsynchronousConnection& connection) {
    std::unique_ptr<AsynchronousConnection> removed;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_connections.find(connection.id());
        removed = std::move(found->second);
        m_connections.erase(found);
    }
    // Destroyed here, with the lock given back: closing is an event.
}

void ProactiveConnections::closeIdle() {
    const std::lock_guard lock(m_mutex);
    for (const auto& [id, connection] : m_connections) {
        connection->cancelIfIdle();
    }
}

Result<void> ProactiveConnections::cancel(std::uint32_t connection, std::uint32_t operation) {
    const auto name = "connection " + std::to_string(connection);
    std::uint32_t outstanding = 0;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_connections.find(connection);
        if (found == m_connections.end()) {
            return Error{"there is no " + name};
        }
        outstanding = found->second->outstanding();
    }
    if (outstanding == 0 || (operation != 0 && operation != outstanding)) {
        return Error{operation == 0
                         ? name + " has no operation outstanding at the moment"
                         : "operation " + std::to_string(operation) + " of " + name + " is no longer outstanding"};
    }
    // With the lock given back, and before anything can come of it.
    LAB_MARK(CancelRequested, Laboratory, "cancel operation", .connection = connection, .operation = outstanding);
    const std::lock_guard lock(m_mutex);
    const auto found = m_connections.find(connection);
    if (found == m_connections.end()) {
        return Error{name + " was closed before it could be cancelled"};
    }
    found->second->cancelFromOutside();
    return {};
}

void ProactiveConnections::clear() {
    decltype(m_connections) all;
    {
        const std::lock_guard lock(m_mutex);
        all.swap(m_connections);
    }
}

void ProactiveConnections::startTimer() {
    m_timer.id = m_context.lastOperation.fetch_add(1, std::memory_order_relaxed) + 1;
    LAB_MARK(OperationInitiated, ProactiveInitiator, "initiate timer", .operation = m_timer.id,
             .kind = Operation::Timer, .value = m_period.count());
    m_processor.wait(m_timer, m_period);
}

void ProactiveConnections::handleCompletion(AsynchronousOperation&) {
    const auto now = m_context.gate.now();
    m_processor.lookForStalled(now);
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [id, connection] : m_connections) {
            connection->lookAtTimeLimit(now);
        }
        if (m_connections.empty()) {
            m_timerRuns = false;
            return;
        }
    }
    startTimer();
}

} // namespace lab
