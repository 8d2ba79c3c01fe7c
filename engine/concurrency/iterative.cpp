// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/connection/blocking_acceptor.h"
#include "engine/connection/blocking_connection.h"
#include "engine/server/server_context.h"

namespace lab {

namespace {

/// One thread accepts a connection, serves it to its end, and only then accepts the next.
class Iterative final : public ConcurrencyModel {
public:
    explicit Iterative(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        return m_context.threads.start("server", [this] {
            while (auto connection = acceptBlocking(m_context)) {
                BlockingConnection(m_context, std::move(*connection)).serve();
            }
        });
    }

    void wake() override {} // its blocking calls return every quarter of a second

private:
    ServerContext& m_context;
};

} // namespace

const ModelDescription iterativeModel{
    .id = "iterative",
    .family = Family::Synchronous,
    .title = "Iterative",
    .threads = "one, serving one connection at a time",
    .source = "López Ortega, Cherokee, section II",
    .summary = "One thread serves one connection to its end; everybody else waits in the backlog.",
    .options = {"transfer"},
    .steps = {"thread-pool"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<Iterative>(context);
    },
};

} // namespace lab
