// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/load_judge.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/adaptive_connection.h"
#include "engine/connection/http_acceptor.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <memory>

namespace lab {

namespace {

constexpr std::int64_t judgedEvery = 50'000'000; ///< ns of lab time

/// An event loop that answers small requests itself, and a pool of threads to which it leaves large files when that was
/// found to be better; with the transfer that was found to be better. No connection is dropped for it: one goes to the
/// pool for an answer, and comes back.
class Adaptive final : public ConcurrencyModel, private LoopGuest {
public:
    explicit Adaptive(ServerContext& context)
        : m_context(context)
        , m_answers(Queue::Ready, context.options.queueLimit, context.gate)
        , m_judge(context.options.transfer) {
        m_load.transfer.store(context.options.transfer, std::memory_order_relaxed);
    }

    Result<void> start() override {
        auto loop = makeInitiationDispatcher(m_context, m_context.listeningSocket);
        if (!loop) {
            return loop.error();
        }
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        m_halves = std::make_unique<TwoHalves>(std::move(*loop), m_answers);
        m_halves->loop->invite(this);
        auto started = startThreads(m_context, "pool", [this](std::size_t) {
            while (auto answer = m_answers.pop()) {
                answer->call();
            }
        });
        return started ? m_context.threads.start("loop", [this] { react(); }) : started;
    }

    void wake() override {
        if (m_context.stopping()) {
            m_answers.close();
        }
        if (m_halves) {
            m_halves->loop->wake();
        }
    }

private:
    struct TwoHalves {
        std::unique_ptr<InitiationDispatcher> loop;
        std::atomic<std::int64_t> depth{0};
        HandOver<HalfSyncConnection*> returned;
        HalfSyncLayers layers;

        TwoHalves(std::unique_ptr<InitiationDispatcher> dispatcher, ActivationQueue& answers)
            : loop(std::move(dispatcher))
            , returned(Queue::Returned, *loop, depth)
            , layers{*loop, answers, returned} {}
    };

    void react() {
        m_since = m_context.gate.now();
        auto& loop = *m_halves->loop;
        HttpAcceptor::Options options{.create = [this](AcceptedConnection accepted) {
            auto connection =
                std::make_unique<AdaptiveConnection>(m_context, m_halves->layers, m_load, std::move(accepted));
            connection->open();
            return connection;
        }};
        loop.registerHandler(std::make_unique<HttpAcceptor>(m_context, loop, std::move(options)), Interest::Accept);
        loop.run();
    }

    void beforeWait() override { m_waitsSince = m_context.gate.now(); }
    void beforeHooks() override { m_waited += m_context.gate.now() - m_waitsSince; }

    void afterHooks() override {
        while (auto connection = m_halves->returned.take()) {
            if ((*connection)->handleReturn() == EventHandler::Outcome::Remove) {
                m_halves->loop->remove(**connection);
            }
        }
        if (m_halves->loop->now() - m_since >= judgedEvery) {
            adapt();
        }
    }
    bool hasMore() const override { return !m_halves->returned.empty(); }

    /// Once an interval is over.
    void adapt() {
        MeasuredLoad load{.nanoseconds = m_halves->loop->now() - m_since,
                          .answers = m_load.answers.exchange(0, std::memory_order_relaxed),
                          .octets = m_load.octets.exchange(0, std::memory_order_relaxed),
                          .largeOctets = m_load.largeOctets.exchange(0, std::memory_order_relaxed)};
        const auto waited = static_cast<double>(m_waited) / static_cast<double>(load.nanoseconds);
        load.busy = std::clamp(1.0 - waited, 0.0, 1.0);
        m_since = m_halves->loop->now();
        m_waited = 0;
        for ([[maybe_unused]] const auto& decision : m_judge.judge(load)) {
            LAB_MARK(ServerAdapted, InitiationDispatcher, "adapt", .kind = decision.what,
                     .value = adaptationValue(static_cast<unsigned>(std::lround(load.busy * 100)), decision.figure,
                                              load.meanOctets()));
        }
        m_load.byPool.store(m_judge.way().byPool, std::memory_order_relaxed);
        m_load.transfer.store(m_judge.way().transfer, std::memory_order_relaxed);
    }

    ServerContext& m_context;
    ActivationQueue m_answers;
    AdaptiveLoad m_load;
    std::unique_ptr<TwoHalves> m_halves;

    // The loop's own.
    LoadJudge m_judge;
    std::int64_t m_since = 0; ///< lab time: when the interval began
    std::int64_t m_waitsSince = 0;
    std::int64_t m_waited = 0; ///< ns of the interval
};

} // namespace

const ModelDescription adaptiveModel{
    .id = "adaptive",
    .family = Family::Adaptive,
    .title = "Adaptive",
    .threads = "an event loop, and a pool that sends large files when that was measured to be better",
    .source = "Hu, Pyarali, Schmidt, conclusion",
    .summary = "An event loop answers; where most octets are in large files it measures whether it or a pool sends "
               "them better, and by which transfer, and goes on that way.",
    .options = {"threads", "demultiplexer", "transfer", "massive-accept", "queue"},
    .steps = {"reactor"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<Adaptive>(context);
    },
};

} // namespace lab
