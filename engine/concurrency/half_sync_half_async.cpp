// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/half_sync_connection.h"
#include "engine/connection/http_acceptor.h"
#include "engine/server/server_context.h"

#include <fcntl.h>
#include <memory>

namespace lab {

namespace {

/// A reactor reads and parses requests, and never waits for anything but its handles; threads of a pool answer them by
/// blocking calls; between them a bounded queue. What it has no room for is rejected with status 503.
class HalfSyncHalfAsync final : public ConcurrencyModel, private LoopGuest {
public:
    explicit HalfSyncHalfAsync(ServerContext& context)
        : m_context(context)
        , m_requests(Queue::Ready, context.options.queueLimit, context.gate) {}

    Result<void> start() override {
        auto loop = makeInitiationDispatcher(m_context, m_context.listeningSocket);
        if (!loop) {
            return loop.error();
        }
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        m_halves = std::make_unique<Halves>(std::move(*loop), m_requests);
        m_halves->loop->invite(this);
        auto started = startThreads(m_context, "pool", [this](std::size_t) { workOff(); });
        return started ? m_context.threads.start("reactor", [this] { react(); }) : started;
    }

    void wake() override {
        if (m_context.stopping()) {
            m_requests.close();
        }
        if (m_halves) {
            m_halves->loop->wake();
        }
    }

private:
    struct Halves {
        std::unique_ptr<InitiationDispatcher> loop;
        std::atomic<std::int64_t> depth{0};
        HandOver<HalfSyncConnection*> returned;
        HalfSyncLayers layers;

        Halves(std::unique_ptr<InitiationDispatcher> dispatcher, ActivationQueue& requests)
            : loop(std::move(dispatcher))
            , returned(Queue::Returned, *loop, depth)
            , layers{*loop, requests, returned} {}
    };

    void react() {
        auto& loop = *m_halves->loop;
        HttpAcceptor::Options options{.create = [this](AcceptedConnection accepted) {
            auto connection = std::make_unique<HalfSyncConnection>(m_context, m_halves->layers, std::move(accepted));
            connection->open();
            return connection;
        }};
        loop.registerHandler(std::make_unique<HttpAcceptor>(m_context, loop, std::move(options)), Interest::Accept);
        loop.run();
    }

    void workOff() {
        while (auto request = m_requests.pop()) {
            request->call();
        }
    }

    /// Connections whose requests were answered go on in the loop.
    void afterHooks() override {
        while (auto connection = m_halves->returned.take()) {
            if ((*connection)->handleReturn() == EventHandler::Outcome::Remove) {
                m_halves->loop->remove(**connection);
            }
        }
    }
    bool hasMore() const override { return !m_halves->returned.empty(); }

    ServerContext& m_context;
    ActivationQueue m_requests;
    std::unique_ptr<Halves> m_halves;
};

} // namespace

const ModelDescription halfSyncHalfAsyncModel{
    .id = "half-sync-half-async",
    .family = Family::Reactive,
    .title = "Half-Sync/Half-Async",
    .threads = "a reactor that reads, and a pool that answers",
    .source = "the book's section 2.4 (Half-Sync/Half-Async)",
    .summary = "A reactor reads and queues whole requests; threads of a pool answer them by blocking calls. A full "
               "queue rejects.",
    .options = {"threads", "demultiplexer", "transfer", "massive-accept", "queue"},
    .steps = {"half-sync-half-async"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<HalfSyncHalfAsync>(context);
    },
};

} // namespace lab
