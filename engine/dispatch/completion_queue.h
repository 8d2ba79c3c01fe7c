// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/operation_line.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace lab {

/// Completed operations on their way from the processor to the dispatchers.
///
/// Role: completion event queue between Asynchronous Operation Processor and Completion Dispatcher (P section
/// 4.3). Decides: which one goes next, by the server's order; see OperationLine. Every push and pop is an event of the
/// trace. Threads: any. Owner: the model. The operations are linked through themselves, so that neither call can fail.
///
/// While the gate is engaged, all who wait for a completion come to the gate, and the one whose turn it is takes it.
class CompletionQueue {
public:
    explicit CompletionQueue(const Gate& gate, ServiceOrder order = ServiceOrder::Fifo)
        : m_gate(gate)
        , m_line(order) {}

    /// Hands over a completed operation. The caller holds no lock and must not touch the operation afterwards.
    void push(AsynchronousOperation& operation);

    /// The next one, or null when there is none.
    AsynchronousOperation* tryPop();

    /// The next one, once there is one; null after close() when there is none.
    AsynchronousOperation* pop();

    /// Lets all who wait in pop() go.
    void close();

    bool empty() const { return m_depth.load(std::memory_order_acquire) == 0; }

private:
    void wait(std::unique_lock<std::mutex>& lock);
    std::optional<AsynchronousOperation*> waitAndTake();
    AsynchronousOperation* popInTurn();
    void markTaken(const AsynchronousOperation* operation);

    const Gate& m_gate;
    std::mutex m_mutex;
    std::condition_variable m_pushed;
    OperationLine m_line;  ///< guarded by m_mutex, but for its order
    int m_waiting = 0;     ///< guarded by m_mutex
    bool m_closed = false; ///< guarded by m_mutex
    std::atomic<std::int64_t> m_depth{0};
};

} // namespace lab
