// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/reactive_connection.h"
#include "engine/dispatch/hand_over.h"
#include "engine/server/server_context.h"

#include <memory>
#include <sys/socket.h>
#include <vector>

namespace lab {

namespace {

/// An event loop that never accepts: connections are handed over to it.
class Worker final : public LoopGuest {
public:
    Worker(ServerContext& context, std::unique_ptr<InitiationDispatcher> loop, std::atomic<std::int64_t>& depth)
        : m_context(context)
        , m_loop(std::move(loop))
        , m_handed(Queue::Accept, *m_loop, depth) {
        m_loop->invite(this);
    }

    /// No thread runs any more: what was handed over too late is closed.
    ~Worker() override {
        while (auto accepted = m_handed.take()) {
            if (m_context.handsOver()) {
                handOverConnection(m_context, *accepted, accepted->requests);
            } else {
                closeConnection(m_context, *accepted, CloseReason::ServerStopping, accepted->requests);
            }
        }
    }

    InitiationDispatcher& loop() { return *m_loop; }
    HandOver<AcceptedConnection>& handed() { return m_handed; }

    void afterHooks() override {
        while (auto accepted = m_handed.take()) {
            auto connection = std::make_unique<ReactiveConnection>(m_context, *m_loop, std::move(*accepted));
            connection->open();
            m_loop->registerHandler(std::move(connection), Interest::Read);
        }
    }
    bool hasMore() const override { return !m_handed.empty(); }
    bool isDone() const override { return m_handed.isClosed() && m_handed.empty(); }

private:
    ServerContext& m_context;
    const std::unique_ptr<InitiationDispatcher> m_loop;
    HandOver<AcceptedConnection> m_handed;
};

/// A coordinator accepts, and hands the connections to its workers in turn. Round robin, since it needs to know nothing
/// of them; a worker with long requests gets as many connections as the others.
class ReactorCoordinator final : public ConcurrencyModel {
public:
    explicit ReactorCoordinator(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        for (unsigned number = 0; number < m_context.options.threads; ++number) {
            auto loop = makeInitiationDispatcher(m_context, std::nullopt);
            if (!loop) {
                return loop.error();
            }
            m_workers.push_back(std::make_unique<Worker>(m_context, std::move(*loop), m_depth));
        }
        auto started = startThreads(m_context, "worker", [this](std::size_t index) { m_workers[index]->loop().run(); });
        return started ? m_context.threads.start("coordinator", [this] { coordinate(); }) : started;
    }

    void wake() override {
        for (const auto& worker : m_workers) {
            worker->loop().wake();
        }
    }

private:
    void coordinate() {
        std::size_t next = 0;
        while (auto connection = acceptBlocking(m_context, SOCK_NONBLOCK)) {
            const auto id = connection->id;
            m_workers[next]->handed().push(id, std::move(*connection));
            next = (next + 1) % m_workers.size();
        }
        for (const auto& worker : m_workers) {
            worker->handed().close();
        }
    }

    ServerContext& m_context;
    std::atomic<std::int64_t> m_depth{0}; ///< of all the workers' queues
    std::vector<std::unique_ptr<Worker>> m_workers;
};

} // namespace

const ModelDescription reactorCoordinatorModel{
    .id = "reactor-coordinator",
    .family = Family::Reactive,
    .title = "Reactor, coordinator and workers",
    .threads = "one that accepts, and event loops to which it hands connections in turn",
    .source = "López Ortega, Cherokee, section III, design 1",
    .summary = "A coordinator accepts and gives each worker a connection in turn; a worker is an event loop that never "
               "accepts.",
    .options = {"threads", "demultiplexer", "transfer"},
    .steps = {"reactor"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ReactorCoordinator>(context);
    },
};

} // namespace lab
