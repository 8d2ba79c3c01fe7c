// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/http_acceptor.h"
#include "engine/dispatch/turn_token.h"
#include "engine/server/server_context.h"

#include <fcntl.h>
#include <memory>
#include <utility>
#include <vector>

namespace lab {

namespace {

/// An event loop that has the listening socket in its handle set while no other loop has: for one wait. It takes in the
/// client, if there is one, lets the socket go at once, and only then looks after its connections.
class SelfManagedLoop final : public LoopGuest {
public:
    SelfManagedLoop(ServerContext& context, std::unique_ptr<InitiationDispatcher> loop, TurnToken& listening)
        : m_context(context)
        , m_loop(std::move(loop))
        , m_listening(listening)
        , m_acceptor(std::make_unique<HttpAcceptor>(context, *m_loop,
                                                    HttpAcceptor::Options{.burst = 1, .staysForDraining = true})) {
        m_loop->invite(this);
    }

    InitiationDispatcher& loop() { return *m_loop; }

    /// A loop without a connection has nothing else to wait for than the listening socket.
    void beforeWait() override {
        if (!m_context.running()) {
            letGo();
        } else if (m_watched == nullptr && (m_loop->handlers() > 0 ? m_listening.tryTake() : m_listening.take())) {
            m_watched = m_acceptor.get();
            m_loop->registerHandler(std::move(m_acceptor), Interest::Accept);
        }
    }

    void beforeHooks() override {
        if (m_watched != nullptr) {
            m_loop->dispatchFirst(*m_watched);
            if (!m_loop->isPaused(*m_watched)) { // else there are no descriptors to be had, for any loop
                letGo();
            }
        }
    }

private:
    void letGo() {
        if (m_watched != nullptr) {
            m_acceptor = m_loop->release(*std::exchange(m_watched, nullptr));
            m_listening.pass();
        }
    }

    ServerContext& m_context;
    const std::unique_ptr<InitiationDispatcher> m_loop;
    TurnToken& m_listening;
    std::unique_ptr<EventHandler> m_acceptor; ///< while it is not registered
    EventHandler* m_watched = nullptr;        ///< the same while it is: then this loop has the listening socket
};

/// Event loops, all alike, that manage the listening socket among themselves: one at a time has it.
class ReactorSelfManaged final : public ConcurrencyModel {
public:
    explicit ReactorSelfManaged(ServerContext& context)
        : m_context(context)
        , m_listening(TurnToken::Right::ListeningSocket, context.gate) {}

    Result<void> start() override {
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        for (unsigned number = 0; number < m_context.options.threads; ++number) {
            auto loop = makeInitiationDispatcher(m_context, m_context.listeningSocket);
            if (!loop) {
                return loop.error();
            }
            m_loops.push_back(std::make_unique<SelfManagedLoop>(m_context, std::move(*loop), m_listening));
        }
        return startThreads(m_context, "loop", [this](std::size_t index) { m_loops[index]->loop().run(); });
    }

    void wake() override {
        if (!m_context.running()) {
            m_listening.close();
        }
        for (const auto& each : m_loops) {
            each->loop().wake();
        }
    }

private:
    ServerContext& m_context;
    TurnToken m_listening;
    std::vector<std::unique_ptr<SelfManagedLoop>> m_loops;
};

} // namespace

const ModelDescription reactorSelfManagedModel{
    .id = "reactor-self-managed",
    .family = Family::Reactive,
    .title = "Reactors, self-managed",
    .threads = "event loops, of which one at a time holds the listening socket",
    .source = "López Ortega, Cherokee, section III, design 3",
    .summary = "One loop at a time holds the listening socket: it takes a client in and at once leaves the socket to "
               "whichever loop looks next.",
    .options = {"threads", "demultiplexer", "transfer", "massive-accept"},
    .steps = {"reactor"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ReactorSelfManaged>(context);
    },
};

} // namespace lab
