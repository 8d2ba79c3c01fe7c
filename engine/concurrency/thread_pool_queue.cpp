// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/activation_queue.h"
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/server/server_context.h"

#include <memory>
#include <string>

namespace lab {

namespace {

/// The call "serve this connection", made an object.
class ServeConnection final : public MethodObject {
public:
    ServeConnection(ServerContext& context, AcceptedConnection accepted)
        : MethodObject(accepted.id)
        , m_connection(context, std::move(accepted)) {}

    void call() override { m_connection.serve(); }

private:
    BlockingConnection m_connection;
};

/// One thread accepts and makes a method object of each connection; threads of a pool take them from the activation
/// queue and turn them back into calls. When the queue is full the acceptor waits, and clients in the backlog with it.
class ThreadPoolQueue final : public ConcurrencyModel {
public:
    explicit ThreadPoolQueue(ServerContext& context)
        : m_context(context)
        , m_queue(Queue::Accept, context.options.queueLimit, context.gate) {}

    Result<void> start() override {
        for (unsigned number = 1; number <= m_context.options.threads; ++number) {
            auto started = m_context.threads.start("pool-" + std::to_string(number), [this] {
                while (auto object = m_queue.pop()) {
                    if (!m_context.stopping()) { // else it is closed unserved
                        object->call();
                    }
                }
            });
            if (!started) {
                return started;
            }
        }
        return m_context.threads.start("acceptor", [this] { accept(); });
    }

    /// While the server drains, what is queued already is still served.
    void wake() override {
        if (m_context.stopping()) {
            m_queue.close();
        }
    }

private:
    void accept() {
        while (auto connection = acceptBlocking(m_context)) {
            m_queue.push(std::make_unique<ServeConnection>(m_context, std::move(*connection)));
        }
    }

    ServerContext& m_context;
    ActivationQueue m_queue;
};

} // namespace

const ModelDescription threadPoolQueueModel{
    .id = "thread-pool-queue",
    .family = Family::Synchronous,
    .title = "Thread pool with a queue",
    .threads = "one that accepts and queues, and a pool that takes connections from the queue",
    .source = "the book's section 2.4 (queue-based thread pool, Active Object)",
    .summary = "An acceptor makes a method object of each connection; threads of a pool take it from a bounded queue "
               "and call it.",
    .options = {"threads", "transfer", "queue"},
    .steps = {"active-object"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ThreadPoolQueue>(context);
    },
};

} // namespace lab
