// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/server/server_context.h"

#include <cerrno>
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
                serveOnNewThread(std::make_shared<BlockingConnection>(m_context, std::move(*connection)));
            }
        });
    }

    void wake() override {} // their blocking calls return every quarter of a second

private:
    void serveOnNewThread(std::shared_ptr<BlockingConnection> connection) const {
        // The thread's name is one of a few, so that names do not pile up in the recording.
        auto name = "session-" + std::to_string(connection->id() % 1000);
        const auto started = m_context.threads.start(std::move(name), [held = std::move(connection)]() mutable {
            held->serve();
            held.reset(); // closes, as the thread's own act
        });
        if (!started) {
            // No thread to be had: the connection is closed, which is all that this model can do about it.
            acceptFailed(ENOMEM);
        }
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
