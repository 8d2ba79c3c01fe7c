// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/http_acceptor.h"
#include "engine/server/server_context.h"

#include <fcntl.h>

namespace lab {

namespace {

/// One thread, one event loop: waits until handles are ready, then does the I/O itself.
class Reactor final : public ConcurrencyModel {
public:
    explicit Reactor(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        auto dispatcher = makeInitiationDispatcher(m_context, m_context.listeningSocket);
        if (!dispatcher) {
            return dispatcher.error();
        }
        m_dispatcher = std::move(*dispatcher);
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        return m_context.threads.start("event loop", [this] {
            m_dispatcher->registerHandler(std::make_unique<HttpAcceptor>(m_context, *m_dispatcher), Interest::Accept);
            m_dispatcher->run();
        });
    }

    void wake() override {
        if (m_dispatcher) { // else it could not be started
            m_dispatcher->wake();
        }
    }

private:
    ServerContext& m_context;
    std::unique_ptr<InitiationDispatcher> m_dispatcher;
};

} // namespace

const ModelDescription reactorModel{
    .id = "reactor",
    .family = Family::Reactive,
    .title = "Reactor",
    .threads = "one event loop over select, poll or epoll",
    .source = "the book's section 2.4; López Ortega, Cherokee, section II (thttpd, Boa)",
    .summary = "One thread waits for readiness of all sockets at once, then reads and writes what is ready by itself.",
    .options = {"demultiplexer", "transfer", "massive-accept"},
    .steps = {"reactor"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<Reactor>(context);
    },
};

} // namespace lab
