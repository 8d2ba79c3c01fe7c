// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/ordered_operation_processor.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <array>

namespace lab {

void OrderedOperationProcessor::complete(AsynchronousOperation& operation, std::int64_t result) {
    operation.result = result;
    LAB_MARK(OperationCompleted, AsynchronousOperationProcessor, "operation completes",
             .connection = operation.connection, .operation = operation.id, .kind = operation.kind, .value = result);
    m_queue.push(operation);
}

bool OrderedOperationProcessor::mayBeTold(std::uint32_t timer, std::int64_t due) const {
    return m_gate.follows() ? m_wanted == timer : due <= m_gate.now();
}

std::chrono::nanoseconds OrderedOperationProcessor::kernelTime(std::int64_t due) const {
    const std::chrono::nanoseconds shortest = std::chrono::milliseconds(m_gate.engaged() ? 10 : 1);
    const auto left = std::max(std::chrono::nanoseconds(due - m_gate.now()), shortest);
    return m_gate.follows() ? std::min<std::chrono::nanoseconds>(left, betweenLooks) : left;
}

/// The performing thread waits no more.
void OrderedOperationProcessor::leaveWait() {
    if (m_waiting != SystemCall::None) {
        LAB_MARK(CallLeft, AsynchronousOperationProcessor, "wait for something to perform", .kind = m_waiting,
                 .value = found());
        m_waiting = SystemCall::None;
    }
}

void OrderedOperationProcessor::perform(SystemCall waiting) {
    m_waiting = callOf(waiting);
    LAB_MARK(CallEntered, AsynchronousOperationProcessor, "wait for something to perform", .kind = m_waiting,
             .value = entering());
    if (m_gate.follows()) {
        performReady();
        while (releaseNext()) {
        }
        m_wanted = 0;
        leaveWait();
    } else if (m_parked.empty()) {
        performOne();
        if (m_parked.empty()) {
            leaveWait();
        }
    }
    // In turns, everything is gathered before the first of it is told.
    performReady();
    if (!m_gate.follows()) {
        leaveWait();
        while (!m_parked.empty()) {
            release(chooseParked());
        }
    }
}

void OrderedOperationProcessor::release(std::size_t index) {
    const auto proceed = std::move(m_parked[index].proceed);
    m_parked.erase(m_parked.begin() + static_cast<std::ptrdiff_t>(index));
    leaveWait();
    proceed();
}

PlannedEvent OrderedOperationProcessor::offer(const Parked& parked) {
    return {.type = EventType::OperationCompleted,
            .kind = static_cast<std::uint8_t>(parked.kind),
            .connection = parked.connection,
            .operation = parked.operation};
}

/// Which of what was performed is told of next: who steers the run chooses. Also of one alone, for what going on with
/// it changes before its first event must not come earlier than its turn.
std::size_t OrderedOperationProcessor::chooseParked() const {
    std::vector<PlannedEvent> offers;
    offers.reserve(m_parked.size());
    for (const auto& each : m_parked) {
        offers.push_back(offer(each));
    }
    return chooseAmong(offers);
}

/// What somebody of an operation does first when it goes on; its turn to transmit may be over.
bool OrderedOperationProcessor::beginsWithOperation(EventType type) {
    return type == EventType::OperationCompleted || type == EventType::CallPerformed ||
           type == EventType::SubmissionQueued || type == EventType::OperationRanked || type == EventType::QueuePushed;
}

/// What was performed is told in the schedule's order: what comes earlier than it is wanted stays parked. False: the
/// schedule wants this thread to do something else, or it wants no more of it.
bool OrderedOperationProcessor::releaseNext() {
    const auto wanted = plannedEvent(m_waiting != SystemCall::None ? 1 : 0);
    if (!wanted) {
        if (m_waiting != SystemCall::None && m_parked.empty() && m_gate.follows() && !plannedEvent()) {
            performWithin(betweenLooks);
            return true;
        }
        return false;
    }
    if (!beginsWithOperation(wanted->type)) {
        return false;
    }
    const auto found = std::find_if(m_parked.begin(), m_parked.end(), [&](const Parked& parked) {
        return wanted->operation != 0 ? parked.operation == wanted->operation : parked.connection == wanted->connection;
    });
    if (found != m_parked.end()) {
        leaveWait();
        chooseAmong(std::array{offer(*found)}); // when its turn has come
        release(static_cast<std::size_t>(found - m_parked.begin()));
        return true;
    }
    m_wanted = wanted->operation;
    if (m_waiting == SystemCall::None) {
        awaitTraffic();
    }
    performWithin(betweenLooks);
    return true;
}

} // namespace lab
