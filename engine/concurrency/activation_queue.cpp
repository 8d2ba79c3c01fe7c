// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/activation_queue.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <utility>

namespace lab {

ActivationQueue::ActivationQueue(Queue kind, std::size_t bound, const Gate& gate)
    : m_kind(kind)
    , m_bound(std::max<std::size_t>(1, bound))
    , m_gate(gate) {}

/// A place is reserved before the push is told of, and the push is told of before it can be seen.
ActivationQueue::Room ActivationQueue::reserve() {
    const std::lock_guard lock(m_mutex);
    if (m_isClosed) {
        return Room::Closed;
    }
    if (m_objects.size() + m_reserved >= m_bound) {
        return Room::Full;
    }
    ++m_reserved;
    m_depth.fetch_add(1, std::memory_order_relaxed);
    return Room::Reserved;
}

void ActivationQueue::put(std::unique_ptr<MethodObject> object) {
    if (m_kind == Queue::Accept) {
        LAB_MARK(QueuePushed, Acceptor, "push method object", .connection = object->connection(), .kind = m_kind,
                 .value = depth());
    } else {
        LAB_MARK(QueuePushed, HttpHandler, "push method object", .connection = object->connection(),
                 .operation = object->operation(), .kind = m_kind, .value = depth());
    }
    {
        const std::lock_guard lock(m_mutex);
        --m_reserved;
        m_objects.push_back(std::move(object));
    }
    if (m_gate.engaged()) {
        m_pushed.notify_all();
    } else {
        m_pushed.notify_one();
    }
}

bool ActivationQueue::hasRoom() {
    const std::lock_guard lock(m_mutex);
    return m_objects.size() + m_reserved < m_bound;
}

bool ActivationQueue::tryPush(std::unique_ptr<MethodObject> object) {
    const bool reserved = reserve() == Room::Reserved;
    if (reserved) {
        put(std::move(object));
    }
    return reserved;
}

bool ActivationQueue::push(std::unique_ptr<MethodObject> object) {
    auto room = reserve();
    while (room == Room::Full) {
        LAB_MARK(CallEntered, Acceptor, "wait for room", .kind = SystemCall::QueueWait);
        {
            std::unique_lock lock(m_mutex);
            m_madeRoom.wait(lock, [this] { return m_objects.size() + m_reserved < m_bound || m_isClosed; });
        }
        LAB_MARK(CallLeft, Acceptor, "wait for room", .kind = SystemCall::QueueWait, .value = 1);
        room = reserve();
    }
    if (room == Room::Reserved) {
        put(std::move(object));
    }
    return room == Room::Reserved;
}

std::unique_ptr<MethodObject> ActivationQueue::take() {
    if (m_objects.empty()) {
        return nullptr;
    }
    auto object = std::move(m_objects.front());
    m_objects.pop_front();
    m_depth.fetch_sub(1, std::memory_order_relaxed);
    return object;
}

void ActivationQueue::taken(const MethodObject& object) {
    m_madeRoom.notify_one();
    LAB_MARK(QueuePopped, Thread, "pop method object", .connection = object.connection(),
             .operation = object.operation(), .kind = m_kind, .value = depth());
}

std::unique_ptr<MethodObject> ActivationQueue::tryPop() {
    std::unique_ptr<MethodObject> object;
    {
        const std::lock_guard lock(m_mutex);
        object = take();
    }
    if (object) {
        taken(*object);
    }
    return object;
}

std::unique_ptr<MethodObject> ActivationQueue::pop() {
    if (auto object = tryPop()) {
        return object;
    }
    LAB_MARK(CallEntered, Thread, "wait for work", .kind = SystemCall::QueueWait);
    std::unique_ptr<MethodObject> object;
    bool inTurn = m_gate.engaged();
    if (!inTurn) {
        std::unique_lock lock(m_mutex);
        m_pushed.wait(lock, [this] { return hasWorkOrClosed(); });
        inTurn = m_gate.engaged(); // threads may have their turns by now
        object = inTurn ? nullptr : take();
    }
    if (inTurn) {
        return popInTurn();
    }
    LAB_MARK(CallLeft, Thread, "wait for work", .kind = SystemCall::QueueWait, .value = object ? 1 : 0);
    if (object) {
        taken(*object);
    }
    return object;
}

/// Who gets the work is decided at the gate. Where it was opened, and another thread was faster, the wait begins anew.
std::unique_ptr<MethodObject> ActivationQueue::popInTurn() {
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_pushed.wait(lock, [this] { return hasWorkOrClosed(); });
        }
        const OnlyWhile present([this] {
            const std::lock_guard lock(m_mutex);
            return hasWorkOrClosed();
        });
        LAB_MARK(CallLeft, Thread, "wait for work", .kind = SystemCall::QueueWait, .value = depth() > 0 ? 1 : 0);
        if (present.withdrawn()) {
            continue;
        }
        auto object = tryPop();
        const bool isOver = !object && [this] {
            const std::lock_guard lock(m_mutex);
            return m_isClosed;
        }();
        if (object || isOver) {
            return object;
        }
        LAB_MARK(CallEntered, Thread, "wait for work", .kind = SystemCall::QueueWait);
    }
}

void ActivationQueue::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
    }
    m_pushed.notify_all();
    m_madeRoom.notify_all();
}

} // namespace lab
