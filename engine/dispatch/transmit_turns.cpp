// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/transmit_turns.h"

#include "engine/trace/trace.h"

#include <algorithm>

namespace lab {

bool TransmitTurns::takeTurn(Transmitter& transmitter) {
    if (m_sending.size() >= m_atOnce) {
        return false;
    }
    m_sending.push_back(&transmitter);
    transmitter.m_hasTurn = true;
    transmitter.m_since = m_gate.now();
    return true;
}

void TransmitTurns::drop(Transmitter& transmitter) {
    if (transmitter.m_hasTurn) {
        transmitter.m_hasTurn = false;
        std::erase(m_sending, &transmitter);
    }
}

bool TransmitTurns::ask(Transmitter& transmitter, AsynchronousOperation& operation, std::int64_t octetsLeft) {
    if (!areLimited()) {
        return true;
    }
    {
        const std::lock_guard lock(m_mutex);
        if (m_line.empty() && takeTurn(transmitter)) {
            return true;
        }
    }
    m_line.rank(operation, octetsLeft);
    wait(transmitter, operation);
    return false;
}

bool TransmitTurns::askAgain(Transmitter& transmitter, AsynchronousOperation& operation, std::int64_t octetsLeft) {
    if (!areLimited()) {
        return true;
    }
    {
        const std::lock_guard lock(m_mutex);
        const auto rank = m_line.order() == ServiceOrder::Priority ? priorityOf(operation) : octetsLeft;
        if (transmitter.m_hasTurn && !m_line.goesBefore(rank)) {
            transmitter.m_since = m_gate.now();
            return true;
        }
        drop(transmitter);
    }
    m_line.rank(operation, octetsLeft);
    wait(transmitter, operation);
    return false;
}

/// The caller touches nothing of its own afterwards: another thread may have its turn already.
void TransmitTurns::wait(Transmitter& transmitter, AsynchronousOperation& operation) {
    const auto depth = m_depth.fetch_add(1, std::memory_order_relaxed) + 1;
    LAB_MARK_WITH(QueuePushed, AsynchronousOperationProcessor, "wait to transmit", .connection = operation.connection,
                  .operation = operation.id, .kind = Queue::Transmit, .value = depth);
    operation.transmitter = &transmitter;
    {
        const std::lock_guard lock(m_mutex);
        transmitter.m_waiting = &operation;
        m_line.push(operation);
    }
    pass();
}

void TransmitTurns::leave(Transmitter& transmitter) {
    if (areLimited()) {
        const std::lock_guard lock(m_mutex);
        drop(transmitter);
    }
}

/// One thread at a time, and not from within: what a transmitter does in its turn may end it, and so on.
void TransmitTurns::pass() {
    while (areLimited()) {
        AsynchronousOperation* operation = nullptr;
        {
            const std::lock_guard lock(m_mutex);
            if (m_passing || m_sending.size() >= m_atOnce || m_line.empty()) {
                return;
            }
            m_passing = true;
            operation = m_line.take();
            operation->transmitter->m_waiting = nullptr;
            takeTurn(*operation->transmitter);
        }
        const auto depth = m_depth.fetch_sub(1, std::memory_order_relaxed) - 1;
        LAB_MARK(QueuePopped, AsynchronousOperationProcessor, "turn to transmit", .connection = operation->connection,
                 .operation = operation->id, .kind = Queue::Transmit, .value = depth);
        operation->transmitter->goOn();
        const std::lock_guard lock(m_mutex);
        m_passing = false;
    }
}

bool TransmitTurns::withdraw(Transmitter& transmitter) {
    if (!areLimited()) {
        return false;
    }
    const std::lock_guard lock(m_mutex);
    const bool waited = transmitter.m_waiting != nullptr && m_line.remove(*transmitter.m_waiting);
    if (waited) {
        transmitter.m_waiting = nullptr;
        m_depth.fetch_sub(1, std::memory_order_relaxed);
    }
    return waited;
}

bool TransmitTurns::isWaiting(const Transmitter& transmitter) const {
    if (!areLimited()) {
        return false;
    }
    const std::lock_guard lock(m_mutex);
    return transmitter.m_waiting != nullptr;
}

void TransmitTurns::lookForStalled(std::int64_t now) {
    if (!areLimited()) {
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_sending, [now](Transmitter* each) {
            if (const auto taken = each->octetsTaken(); taken != each->m_seen) {
                each->m_seen = taken;
                each->m_since = now;
            }
            const bool isStalled = now - each->m_since > patience;
            each->m_hasTurn = each->m_hasTurn && !isStalled;
            return isStalled;
        });
    }
    pass();
}

} // namespace lab
