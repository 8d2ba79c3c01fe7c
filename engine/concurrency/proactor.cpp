// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model_list.h"
#include "engine/concurrency/proactive_parts.h"
#include "engine/dispatch/completion_dispatcher.h"
#include "engine/server/server_context.h"

namespace lab {

namespace {

/// One thread dispatches completions; when there are none, it waits for one. With Asio, which emulates the
/// processor on epoll, the waiting thread also makes the system calls of the operations.
class Proactor final : public ConcurrencyModel {
public:
    explicit Proactor(ServerContext& context)
        : m_context(context) {}

    ~Proactor() override {
        if (m_parts) {
            m_parts->connections.clear();
        }
    }

    Result<void> start() override {
        auto parts = ProactiveParts::create(m_context, true);
        if (!parts) {
            return parts.error();
        }
        m_parts = std::move(*parts);
        return m_context.threads.start("dispatcher", [this] { run(); });
    }

    void wake() override { m_parts->wake(); }

private:
    /// The server's event loop: step 3 of "a client connects" (P section 3.2, figure 3).
    void run() {
        m_parts->acceptor.start();
        while (!m_context.stopping()) {
            while (auto* operation = m_parts->queue.tryPop()) {
                dispatchCompletion(*operation);
            }
            m_parts->processor->perform(SystemCall::QueueWait);
        }
    }

    ServerContext& m_context;
    std::unique_ptr<ProactiveParts> m_parts;
};

} // namespace

const ModelDescription proactorModel{
    .id = "proactor",
    .family = Family::Proactive,
    .title = "Proactor",
    .threads = "one that dispatches completions",
    .source = "Hu, Pyarali, Schmidt, sections 3.2 and 4",
    .summary = "Operations are started and wait in the kernel; one thread takes completions and calls their handlers.",
    .options = {"transfer"},
    .unavailable = {},
    .create = [](ServerContext& context) -> std::unique_ptr<ConcurrencyModel> {
        return std::make_unique<Proactor>(context);
    },
};

} // namespace lab
