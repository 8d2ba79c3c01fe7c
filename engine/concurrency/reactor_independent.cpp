// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/http_acceptor.h"
#include "engine/server/server_context.h"

#include <fcntl.h>
#include <memory>
#include <vector>

namespace lab {

namespace {

/// Several event loops, all alike, all with the one listening socket in their handle sets: a client wakes all that
/// wait, one of them accepts, and the others find nobody. The kernel could be told to wake one only (EPOLLEXCLUSIVE);
/// then there were nothing to see.
class ReactorIndependent final : public ConcurrencyModel {
public:
    explicit ReactorIndependent(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        for (unsigned number = 0; number < m_context.options.threads; ++number) {
            auto loop = makeInitiationDispatcher(m_context, m_context.listeningSocket);
            if (!loop) {
                return loop.error();
            }
            m_loops.push_back(std::move(*loop));
        }
        return startThreads(m_context, "loop", [this](std::size_t index) {
            auto& loop = *m_loops[index];
            loop.registerHandler(std::make_unique<HttpAcceptor>(m_context, loop, HttpAcceptor::Options{.burst = 1}),
                                 Interest::Accept);
            loop.run();
        });
    }

    void wake() override {
        for (const auto& loop : m_loops) {
            loop->wake();
        }
    }

private:
    ServerContext& m_context;
    std::vector<std::unique_ptr<InitiationDispatcher>> m_loops;
};

} // namespace

const ModelDescription reactorIndependentModel{
    .id = "reactor-independent",
    .family = Family::Reactive,
    .title = "Reactors, independent",
    .threads = "event loops that all watch the listening socket",
    .source = "López Ortega, Cherokee, section III, design 2",
    .summary = "Every loop watches the listening socket: all that wait are woken for a client, one accepts, the others "
               "were woken for nothing.",
    .options = {"threads", "demultiplexer", "transfer", "massive-accept"},
    .steps = {"reactor"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ReactorIndependent>(context);
    },
};

} // namespace lab
