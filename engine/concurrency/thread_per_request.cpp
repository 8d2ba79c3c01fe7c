// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace lab {

namespace {

/// One thread accepts, and starts a thread for each request. On a connection that is kept alive, the thread that has
/// answered starts the one for the next request, and ends.
class ThreadPerRequest final : public ConcurrencyModel {
public:
    explicit ThreadPerRequest(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        return m_context.threads.start("acceptor", [this] {
            while (auto connection = acceptBlocking(m_context)) {
                auto fresh = std::make_unique<BlockingConnection>(m_context, std::move(*connection));
                if (!serveOnNewThread(std::move(fresh), restOfAcceptor)) {
                    restFromAccepting(restOfAcceptor);
                }
            }
        });
    }

    void wake() override {} // their blocking calls return every quarter of a second

private:
    /// False when there is no thread to be had: the connection is closed, which is all that this model can do about it.
    /// `rest`: how long the caller accepts nobody then.
    bool serveOnNewThread(std::unique_ptr<BlockingConnection> connection, std::chrono::milliseconds rest) {
        const auto number = m_requests.fetch_add(1, std::memory_order_relaxed) + 1;
        // The thread's name is one of a few, so that names do not pile up in the recording.
        auto name = "request-" + std::to_string(number % 1000);
        // Stays here where no thread takes it.
        const auto offered = std::make_shared<std::unique_ptr<BlockingConnection>>(std::move(connection));
        const auto started = m_context.threads.start(std::move(name), [this, offered] {
            auto held = std::move(*offered);
            if (held->serveRequest()) {
                serveOnNewThread(std::move(held), std::chrono::milliseconds{0}); // it ends in any case
            }
        });
        if (!started) {
            (*offered)->refuse(rest);
        }
        return started.has_value();
    }

    ServerContext& m_context;
    std::atomic<std::uint64_t> m_requests{0};
};

} // namespace

const ModelDescription threadPerRequestModel{
    .id = "thread-per-request",
    .family = Family::Synchronous,
    .title = "Thread per request",
    .threads = "one that accepts, and one more for each GET",
    .source = "Hu, Pyarali, Schmidt, section 2; the book's section 2.4",
    .summary = "A new thread reads, parses and answers each request, and ends.",
    .options = {"transfer"},
    .steps = {"thread-per-request"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ThreadPerRequest>(context);
    },
};

} // namespace lab
