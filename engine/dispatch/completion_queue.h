// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asynchronous_operation.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace lab {

/// Completed operations on their way from the processor to the dispatchers, oldest first.
///
/// Role: completion event queue between Asynchronous Operation Processor and Completion Dispatcher (P section
/// 4.3). Every push and pop is an event of the trace. Threads: any. Owner: the model. The operations are linked
/// through themselves, so that neither call can fail.
///
/// While the gate is engaged, all who wait for a completion come to the gate, and the one whose turn it is takes it.
class CompletionQueue {
public:
    explicit CompletionQueue(const Gate& gate)
        : m_gate(gate) {}

    /// Hands over a completed operation. The caller holds no lock and must not touch the operation afterwards.
    void push(AsynchronousOperation& operation);

    /// The oldest one, or null when there is none.
    AsynchronousOperation* tryPop();

    /// The oldest one, once there is one; null after close() when there is none.
    AsynchronousOperation* pop();

    /// Lets all who wait in pop() go.
    void close();

    bool empty() const { return m_depth.load(std::memory_order_acquire) == 0; }

private:
    AsynchronousOperation* take(); // with m_mutex held
    void wait(std::unique_lock<std::mutex>& lock);
    std::optional<AsynchronousOperation*> waitAndTake();
    AsynchronousOperation* popInTurn();
    void markTaken(const AsynchronousOperation* operation);

    const Gate& m_gate;
    std::mutex m_mutex;
    std::condition_variable m_pushed;
    AsynchronousOperation* m_first = nullptr; ///< guarded by m_mutex
    AsynchronousOperation* m_last = nullptr;  ///< guarded by m_mutex
    int m_waiting = 0;                        ///< guarded by m_mutex
    bool m_closed = false;                    ///< guarded by m_mutex
    std::atomic<std::int64_t> m_depth{0};
};

} // namespace lab
