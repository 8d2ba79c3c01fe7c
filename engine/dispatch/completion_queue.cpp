// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/completion_queue.h"

#include "engine/trace/trace.h"

namespace lab {

void CompletionQueue::push(AsynchronousOperation& operation) {
    m_line.rank(operation, operation.octetsBehind);
    const auto depth = m_depth.fetch_add(1, std::memory_order_relaxed) + 1;
    // Before the operation can be seen: a pop never stands before its push in the recording.
    LAB_MARK_WITH(QueuePushed, AsynchronousOperationProcessor, "push completion", .connection = operation.connection,
                  .operation = operation.id, .kind = Queue::Completion, .value = depth);
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        m_line.push(operation);
        wake = m_waiting > 0;
    }
    if (wake && m_gate.engaged()) {
        m_pushed.notify_all();
    } else if (wake) {
        m_pushed.notify_one();
    }
}

void CompletionQueue::markTaken(const AsynchronousOperation* operation) {
    if (operation != nullptr) {
        [[maybe_unused]] const auto depth = m_depth.fetch_sub(1, std::memory_order_relaxed) - 1;
        LAB_MARK(QueuePopped, CompletionDispatcher, "pop completion", .connection = operation->connection,
                 .operation = operation->id, .kind = Queue::Completion, .value = depth);
    }
}

AsynchronousOperation* CompletionQueue::tryPop() {
    AsynchronousOperation* operation = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        operation = m_line.take();
    }
    markTaken(operation);
    return operation;
}

AsynchronousOperation* CompletionQueue::pop() {
    auto* operation = tryPop();
    if (operation != nullptr) {
        return operation;
    }
    LAB_MARK(CallEntered, CompletionDispatcher, "wait for completion", .kind = SystemCall::QueueWait);
    const auto taken = m_gate.engaged() ? std::nullopt : waitAndTake();
    if (!taken) {
        return popInTurn();
    }
    LAB_MARK(CallLeft, CompletionDispatcher, "wait for completion", .kind = SystemCall::QueueWait,
             .value = *taken != nullptr ? 1 : 0);
    markTaken(*taken);
    return *taken;
}

/// Nothing when threads have their turns by now.
std::optional<AsynchronousOperation*> CompletionQueue::waitAndTake() {
    std::unique_lock lock(m_mutex);
    wait(lock);
    return m_gate.engaged() ? std::nullopt : std::optional(m_line.take());
}

void CompletionQueue::wait(std::unique_lock<std::mutex>& lock) {
    ++m_waiting;
    m_pushed.wait(lock, [this] { return !m_line.empty() || m_closed; });
    --m_waiting;
}

/// Who gets a completion is decided at the gate: all who wait for one come there, and whose turn it is takes it.
AsynchronousOperation* CompletionQueue::popInTurn() {
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            wait(lock);
        }
        const OnlyWhile present([this] {
            const std::lock_guard lock(m_mutex);
            return !m_line.empty() || m_closed;
        });
        LAB_MARK(CallLeft, CompletionDispatcher, "wait for completion", .kind = SystemCall::QueueWait,
                 .value = empty() ? 0 : 1);
        if (!present.withdrawn()) {
            return tryPop(); // null after close(); or where the gate was opened, and another one was faster
        }
    }
}

void CompletionQueue::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_pushed.notify_all();
}

} // namespace lab
