// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/turn_token.h"

#include "engine/trace/trace.h"

namespace lab {

bool TurnToken::tryTake() {
    const std::lock_guard lock(m_mutex);
    if (m_isTaken || m_isClosed) {
        return false;
    }
    m_isTaken = true;
    return true;
}

/// Free, or closed: nothing to wait for.
bool TurnToken::isFree() const {
    const std::lock_guard lock(m_mutex);
    return !m_isTaken || m_isClosed;
}

bool TurnToken::take() {
    while (true) {
        if (tryTake()) {
            return true;
        }
        {
            const std::lock_guard lock(m_mutex);
            if (m_isClosed) {
                return false;
            }
        }
        markEntered();
        bool taken = waitAndTake();
        if (taken) {
            markLeft();
            return true;
        }
        // Closed; or who gets it is decided at the gate, where all who wait for it come.
        bool withdrawn = true;
        while (withdrawn) {
            {
                std::unique_lock lock(m_mutex);
                m_passed.wait(lock, [this] { return !m_isTaken || m_isClosed; });
            }
            const OnlyWhile free([this] { return isFree(); });
            markLeft();
            withdrawn = free.withdrawn();
        }
    }
}

/// False when closed, and when threads have their turns by now.
bool TurnToken::waitAndTake() {
    if (m_gate.engaged()) {
        return false;
    }
    std::unique_lock lock(m_mutex);
    m_passed.wait(lock, [this] { return !m_isTaken || m_isClosed; });
    if (m_isClosed || m_gate.engaged()) {
        return false;
    }
    m_isTaken = true;
    return true;
}

void TurnToken::pass() {
    {
        const std::lock_guard lock(m_mutex);
        m_isTaken = false;
    }
    if (m_gate.engaged()) {
        m_passed.notify_all();
    } else {
        m_passed.notify_one();
    }
}

void TurnToken::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
    }
    m_passed.notify_all();
}

void TurnToken::markEntered() const {
    if (m_right == Right::ListeningSocket) {
        LAB_MARK(CallEntered, Acceptor, "wait for the listening socket", .kind = SystemCall::QueueWait);
    } else {
        LAB_MARK(CallEntered, InitiationDispatcher, "wait to lead", .kind = SystemCall::QueueWait);
    }
}

void TurnToken::markLeft() const {
    [[maybe_unused]] bool isClosed = false;
    {
        const std::lock_guard lock(m_mutex);
        isClosed = m_isClosed;
    }
    if (m_right == Right::ListeningSocket) {
        LAB_MARK(CallLeft, Acceptor, "wait for the listening socket", .kind = SystemCall::QueueWait,
                 .value = isClosed ? 0 : 1);
    } else {
        LAB_MARK(CallLeft, InitiationDispatcher, "wait to lead", .kind = SystemCall::QueueWait,
                 .value = isClosed ? 0 : 1);
    }
}

} // namespace lab
