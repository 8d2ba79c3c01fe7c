// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/single_dispatcher.h"

#include "engine/dispatch/completion_dispatcher.h"
#include "engine/server/server_context.h"

namespace lab {

Result<void> SingleDispatcher::start() {
    auto parts = ProactiveParts::create(m_context, true, m_maker);
    if (!parts) {
        return parts.error();
    }
    m_parts = std::move(*parts);
    return m_context.threads.start("dispatcher", [this] { run(); });
}

/// The server's event loop: step 3 of "a client connects" (P section 3.2, figure 3).
void SingleDispatcher::run() {
    m_parts->acceptor.start();
    while (!m_context.stopping()) {
        while (auto* operation = m_parts->queue.tryPop()) {
            dispatchCompletion(*operation);
        }
        m_parts->acceptor.takeArrivals();
        m_betweenWaits();
        m_parts->processor->perform(SystemCall::QueueWait);
    }
}

} // namespace lab
