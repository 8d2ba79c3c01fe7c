// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/server/server_context.h"

#include <string>

namespace lab {

namespace {

/// Threads made beforehand; each blocks in accept itself, and the kernel wakes one for a connection.
class ThreadPool final : public ConcurrencyModel {
public:
    explicit ThreadPool(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        for (unsigned number = 1; number <= m_context.options.threads; ++number) {
            auto started = m_context.threads.start("pool-" + std::to_string(number), [this] { work(); });
            if (!started) {
                return started;
            }
        }
        return {};
    }

    void wake() override {} // their blocking calls return every quarter of a second

private:
    void work() {
        while (auto connection = acceptBlocking(m_context)) {
            BlockingConnection(m_context, std::move(*connection)).serve();
        }
    }

    ServerContext& m_context;
};

} // namespace

const ModelDescription threadPoolModel{
    .id = "thread-pool",
    .family = Family::Synchronous,
    .title = "Thread pool",
    .threads = "a pool, each thread blocked in accept",
    .source = "Hu, Pyarali, Schmidt, section 3.1",
    .summary =
        "Each thread of a pool accepts a connection, reads, parses, reads the file and sends it, blocking each time.",
    .options = {"threads", "transfer"},
    .steps = {"thread-pool"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ThreadPool>(context);
    },
};

} // namespace lab
