// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/model.h"
#include "engine/concurrency/proactive_parts.h"

#include <functional>
#include <memory>
#include <utility>

namespace lab {

/// One thread dispatches completions; when there are none, it waits for one. With Asio, which emulates the processor on
/// epoll, the waiting thread also makes the system calls of the operations; with io_uring it makes none but the wait.
///
/// Role: Concurrency Strategy of the proactive models with one thread, which differ in how a connection is written.
class SingleDispatcher final : public ConcurrencyModel {
public:
    /// `betweenWaits`: called by the thread each time before it waits, when all that was completed is dispatched.
    SingleDispatcher(
        ServerContext& context, ProactiveConnections::Maker maker, std::function<void()> betweenWaits = [] {})
        : m_context(context)
        , m_maker(std::move(maker))
        , m_betweenWaits(std::move(betweenWaits)) {}

    Result<void> start() override;
    void wake() override {
        if (m_parts) {
            m_parts->wake();
        }
    }

    bool isAccepting() const override { return m_parts && !m_parts->acceptor.hasEnded(); }

    Result<void> cancel(std::uint32_t connection, std::uint32_t operation) override {
        return m_parts->connections.cancel(connection, operation);
    }

private:
    void run();

    ServerContext& m_context;
    const ProactiveConnections::Maker m_maker;
    const std::function<void()> m_betweenWaits;
    std::unique_ptr<ProactiveParts> m_parts;
};

} // namespace lab
