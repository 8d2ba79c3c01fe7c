// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/async_acceptor.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>

namespace lab {

AsyncAcceptor::AsyncAcceptor(ServerContext& context, ProactiveConnections& connections,
                             AsynchronousOperationProcessor& processor)
    : m_context(context)
    , m_connections(connections)
    , m_processor(processor) {
    m_operation.handler = this;
}

void AsyncAcceptor::start() {
    takeArrivals();
    initiateAccept();
}

void AsyncAcceptor::takeArrivals() {
    while (m_context.running()) {
        auto former = takeOverConnection(m_context, 0);
        if (!former) {
            break;
        }
        m_connections.add(std::move(*former));
    }
}

void AsyncAcceptor::initiateAccept() {
    m_operation.kind = Operation::Accept;
    m_operation.id = m_context.lastOperation.fetch_add(1, std::memory_order_relaxed) + 1;
    LAB_MARK(OperationInitiated, ProactiveInitiator, "initiate accept", .operation = m_operation.id,
             .kind = Operation::Accept);
    m_processor.accept(m_operation);
}

void AsyncAcceptor::initiateRest(std::chrono::milliseconds rest) {
    m_operation.kind = Operation::Timer;
    m_operation.id = m_context.lastOperation.fetch_add(1, std::memory_order_relaxed) + 1;
    LAB_MARK(OperationInitiated, ProactiveInitiator, "initiate rest", .operation = m_operation.id,
             .kind = Operation::Timer, .value = rest.count());
    m_processor.wait(m_operation, rest);
}

/// Steps 6 to 8: the dispatcher notifies the Async Acceptor, which creates a handler, which initiates a read.
void AsyncAcceptor::handleCompletion(AsynchronousOperation& operation) {
    const auto result = operation.result;
    std::chrono::milliseconds rest{0};
    if (operation.kind == Operation::Accept && result >= 0) {
        m_connections.add(admitConnection(m_context, FileDescriptor(static_cast<int>(result))));
    } else if (operation.kind == Operation::Accept && result != -ECANCELED) {
        rest = acceptFailed(static_cast<int>(-result));
    }
    // Who was taken out of the backlog already is served as one who came just before the end.
    const bool more = m_context.handsOver() ? m_processor.mayStillAccept() : m_processor.holdsAccepted();
    if (!m_context.running() && !more) {
        m_hasEnded.store(true, std::memory_order_release);
        return;
    }
    if (rest.count() > 0) {
        initiateRest(rest);
    } else {
        initiateAccept();
    }
}

} // namespace lab
