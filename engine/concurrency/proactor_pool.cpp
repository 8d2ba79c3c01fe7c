// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/concurrency/proactive_parts.h"
#include "engine/dispatch/completion_dispatcher.h"
#include "engine/server/server_context.h"

#include <string>

namespace lab {

namespace {

/// Several threads dispatch from one completion queue. The processor has a thread of its own: with Asio it makes the
/// system calls, and stands for what a kernel with asynchronous sockets would do by itself; with io_uring it only takes
/// completions out of the ring.
class ProactorPool final : public ConcurrencyModel {
public:
    explicit ProactorPool(ServerContext& context)
        : m_context(context) {}

    Result<void> start() override {
        auto parts = ProactiveParts::create(m_context, false);
        if (!parts) {
            return parts.error();
        }
        m_parts = std::move(*parts);
        for (unsigned number = 1; number <= m_context.options.threads; ++number) {
            auto started = m_context.threads.start("dispatcher-" + std::to_string(number), [this] { dispatch(); });
            if (!started) {
                return started;
            }
        }
        return m_context.threads.start("processor", [this] {
            m_parts->acceptor.start();
            while (!m_context.stopping()) {
                m_parts->acceptor.takeArrivals();
                m_parts->processor->perform(SystemCall::Epoll);
            }
        });
    }

    void wake() override {
        if (!m_parts) {
            return; // it could not be started
        }
        if (m_context.stopping()) {
            m_parts->queue.close();
        }
        m_parts->wake();
    }

    bool isAccepting() const override { return m_parts && !m_parts->acceptor.hasEnded(); }

    Result<void> cancel(std::uint32_t connection, std::uint32_t operation) override {
        return m_parts->connections.cancel(connection, operation);
    }

private:
    void dispatch() {
        while (!m_context.stopping()) {
            if (auto* operation = m_parts->queue.pop()) {
                dispatchCompletion(*operation);
            }
        }
    }

    ServerContext& m_context;
    std::unique_ptr<ProactiveParts> m_parts;
};

} // namespace

const ModelDescription proactorPoolModel{
    .id = "proactor-pool",
    .family = Family::Proactive,
    .title = "Proactor, thread pool",
    .threads = "several that dispatch from one completion queue, and the processor's own",
    .source = "Hu, Pyarali, Schmidt, section 4; the book's section 2.4 (asynchronous thread pool)",
    .summary = "As the proactor, with a pool of threads: whichever is free takes the next completion.",
    .options = {"threads", "transfer", "processor"},
    .steps = {"proactor-connect", "proactor-get", "proactor-get-read-write", "proactor-get-async-read-write",
              "proactor-collaborations"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<ProactorPool>(context);
    },
};

} // namespace lab
