// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/server/server_context.h"

#include <memory>
#include <string>

namespace lab {

namespace {

/// One thread accepts, and starts a thread for each connection, which serves it to its end.
class ThreadPerSession final : public ConcurrencyModel {
public:
    explicit ThreadPerSession(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        return m_context.threads.start("acceptor", [this] {
            while (auto connection = acceptBlocking(m_context)) {
                if (!serveOnNewThread(std::make_unique<BlockingConnection>(m_context, std::move(*connection)))) {
                    restFromAccepting(restOfAcceptor);
                }
            }
        });
    }

    void wake() override {} // their blocking calls return every quarter of a second

private:
    /// False when there is no thread to be had: the connection is closed, which is all that this model can do about it.
    bool serveOnNewThread(std::unique_ptr<BlockingConnection> connection) const {
        // The thread's name is one of a few, so that names do not pile up in the recording.
        auto name = "session-" + std::to_string(connection->id() % 1000);
        // Stays here where no thread takes it.
        const auto offered = std::make_shared<std::unique_ptr<BlockingConnection>>(std::move(connection));
        const auto started = m_context.threads.start(std::move(name), [offered] {
            auto held = std::move(*offered);
            held->serve();
            held.reset(); // closes, as the thread's own act
        });
        if (!started) {
            (*offered)->refuse(restOfAcceptor);
        }
        return started.has_value();
    }

    ServerContext& m_context;
};

} // namespace

const ModelDescription threadPerSessionModel{
    .id = "thread-per-session",
    .family = Family::Synchronous,
    .title = "Thread per session",
    .threads = "one that accepts, and one more for each connection",
    .source = "the book's section 2.4",
    .summary = "A new thread serves a connection to its end: all its requests, one after the other.",
    .options = {"transfer"},
    .steps = {"own-thread"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ThreadPerSession>(context);
    },
};

} // namespace lab
