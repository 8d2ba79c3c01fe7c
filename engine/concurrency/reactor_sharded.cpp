// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/http_acceptor.h"
#include "engine/server/listening_socket.h"
#include "engine/server/server_context.h"

#include <fcntl.h>
#include <memory>
#include <sys/socket.h>
#include <vector>

namespace lab {

namespace {

/// Event loops that share nothing: each has a listening socket of its own at the same port, and the kernel picks one
/// for each connection.
class ReactorSharded final : public ConcurrencyModel {
public:
    explicit ReactorSharded(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        ::fcntl(m_context.listeningSocket, F_SETFL, O_NONBLOCK);
        const auto loops = m_context.options.threads;
        // In a steered run, which could be followed again, the kernel's choice must be the same each time.
        const auto pick = m_context.gate.engaged() ? Pick::ByAddress : Pick::AtRandom;
        auto siblings = openSiblings(m_context.listeningSocket, loops - 1, m_context.options.backlog, pick);
        if (!siblings) {
            return siblings.error();
        }
        m_owned = std::move(*siblings);
        while (m_loops.size() < loops) {
            auto loop = makeInitiationDispatcher(m_context, listeningSocket(m_loops.size()));
            if (!loop) {
                return loop.error();
            }
            m_loops.push_back(std::move(*loop));
        }
        return startThreads(m_context, "loop", [this](std::size_t index) { run(index); });
    }

    ~ReactorSharded() override {
        if (m_context.handsOver()) {
            emptyBacklogs(); // handshakes that were under way
        }
    }

    void wake() override {
        if (!m_context.running() && m_context.handsOver()) {
            emptyBacklogs();
        }
        for (const auto& loop : m_loops) {
            loop->wake();
        }
    }

private:
    /// The loops' own listening sockets will be closed, and with them whoever waits there.
    void emptyBacklogs() {
        leaveToFirst(m_context.listeningSocket);
        for (const auto& sibling : m_owned) {
            while (auto accepted = acceptConnection(m_context, SOCK_NONBLOCK, sibling.get()).connection) {
                handOverConnection(m_context, *accepted, 0);
            }
        }
    }

    int listeningSocket(std::size_t index) const {
        return index == 0 ? m_context.listeningSocket : m_owned[index - 1].get();
    }

    void run(std::size_t index) {
        auto& loop = *m_loops[index];
        HttpAcceptor::Options options{.socket = listeningSocket(index)};
        loop.registerHandler(std::make_unique<HttpAcceptor>(m_context, loop, std::move(options)), Interest::Accept);
        loop.run();
    }

    ServerContext& m_context;
    std::vector<FileDescriptor> m_owned; ///< all but the server's own, which belongs to the first loop
    std::vector<std::unique_ptr<InitiationDispatcher>> m_loops;
};

} // namespace

const ModelDescription reactorShardedModel{
    .id = "reactor-sharded",
    .family = Family::Reactive,
    .title = "Reactors, sharded",
    .threads = "event loops, each with a listening socket of its own",
    .source = "beyond the source documents (SO_REUSEPORT)",
    .summary = "Each loop listens at the same port with a socket of its own; the kernel picks one for each connection, "
               "and nobody is woken for nothing.",
    .options = {"threads", "demultiplexer", "transfer", "massive-accept"},
    .steps = {"reactor"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ReactorSharded>(context);
    },
};

} // namespace lab
