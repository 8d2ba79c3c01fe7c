// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/completion_queue.h"

#include "engine/trace/trace.h"

namespace lab {

void CompletionQueue::push(AsynchronousOperation& operation) {
    const auto depth = m_depth.fetch_add(1, std::memory_order_relaxed) + 1;
    // Before the operation can be seen: a pop never stands before its push in the recording.
    LAB_MARK(QueuePushed, AsynchronousOperationProcessor, "push completion", .connection = operation.connection,
             .operation = operation.id, .kind = Queue::Completion, .value = depth);
    operation.next = nullptr;
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_last != nullptr) {
            m_last->next = &operation;
        } else {
            m_first = &operation;
        }
        m_last = &operation;
        wake = m_waiting > 0;
    }
    if (wake) {
        m_pushed.notify_one();
    }
}

AsynchronousOperation* CompletionQueue::take() {
    auto* operation = m_first;
    if (operation != nullptr) {
        m_first = operation->next;
        if (m_first == nullptr) {
            m_last = nullptr;
        }
    }
    return operation;
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
        operation = take();
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
    {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_pushed.wait(lock, [this] { return m_first != nullptr || m_closed; });
        --m_waiting;
        operation = take();
    }
    LAB_MARK(CallLeft, CompletionDispatcher, "wait for completion", .kind = SystemCall::QueueWait,
             .value = operation != nullptr ? 1 : 0);
    markTaken(operation);
    return operation;
}

void CompletionQueue::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_pushed.notify_all();
}

} // namespace lab
