// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t maximumQueued = 1 << 16;

Work workIn(Hook hook, std::uint32_t connection) {
    switch (hook) {
    case Hook::HandleAccept: return Work::Accept;
    case Hook::HandleInput: return connection == 0 ? Work::Accept : Work::Read;
    case Hook::HandleRead: return Work::Parse;
    case Hook::HandleOutput:
    case Hook::HandleWrite: return Work::Write;
    default: return Work::None;
    }
}

Work workFor(Operation operation) {
    switch (operation) {
    case Operation::Accept: return Work::Accept;
    case Operation::Read: return Work::Read;
    case Operation::Write:
    case Operation::Transmit: return Work::Write;
    case Operation::FileRead: return Work::File;
    default: return Work::None;
    }
}

bool isSending(Operation operation) { return operation == Operation::Write || operation == Operation::Transmit; }

/// First come, first served, so it is nearly always the first; several threads can overtake each other.
void take(std::deque<std::uint32_t>& items, std::uint32_t item) {
    if (!items.empty() && items.front() == item) {
        items.pop_front();
    } else if (const auto place = std::find(items.begin(), items.end(), item); place != items.end()) {
        items.erase(place);
    }
}

} // namespace

/// HandlerRegistered, InterestChanged.
void Fold::handlerRegistered() {
    const bool registers = m_event.type() == EventType::HandlerRegistered;
    auto* connection = living(m_event.connection);
    if (connection != nullptr) {
        connection->watchedFor = interest();
    }
    bool* registered = connection != nullptr     ? &connection->registered
                       : m_event.connection == 0 ? &m_state.acceptorRegistered
                                                 : nullptr;
    if (registers && registered != nullptr && !*registered) {
        *registered = true;
        ++m_state.handleSet;
    }
}

void Fold::handlerRemoved() {
    auto* connection = known(m_event.connection);
    takeFromReady(m_event.connection);
    bool* registered = connection != nullptr     ? &connection->registered
                       : m_event.connection == 0 ? &m_state.acceptorRegistered
                                                 : nullptr;
    if (registered != nullptr && *registered) {
        *registered = false;
        --m_state.handleSet;
    }
    if (connection != nullptr) {
        connection->watchedFor = Interest::None;
    }
}

void Fold::handleReady() {
    const auto reported = interest();
    auto* connection = living(m_event.connection);
    if (reported == Interest::None || (connection == nullptr && m_event.connection != 0)) {
        return; // hung up while nothing was asked for: no hook will be called
    }
    auto& ready = connection != nullptr ? connection->ready : m_state.acceptorReady;
    if (ready == Interest::None) {
        m_state.ready.push_back(m_event.connection);
    }
    ready = static_cast<Interest>(static_cast<std::uint8_t>(ready) | static_cast<std::uint8_t>(reported));
    (connection != nullptr ? connection->readyBy : m_state.acceptorReadyBy) = m_event.actor;
}

void Fold::takeFromReady(std::uint32_t id) {
    auto* connection = look(id);
    if (id != 0 && connection == nullptr) {
        return;
    }
    auto& ready = connection != nullptr ? connection->ready : m_state.acceptorReady;
    if (ready != Interest::None) {
        ready = Interest::None;
        take(m_state.ready, id);
    }
}

void Fold::forgetReadyBy(std::uint16_t actor) {
    std::erase_if(m_state.ready, [&](std::uint32_t id) {
        auto* connection = look(id);
        auto& ready = connection != nullptr ? connection->ready : m_state.acceptorReady;
        const auto by = connection != nullptr ? connection->readyBy : m_state.acceptorReadyBy;
        if (by == actor) {
            ready = Interest::None;
        }
        return by == actor;
    });
}

void Fold::hookEntered() {
    const auto hook = kind(Hook::Count);
    ++m_state.totals.hooks;
    ++m_state.totals.hooksEntered[static_cast<std::size_t>(hook)];
    takeFromReady(m_event.connection);
    workFor(m_event.connection);
    if (m_event.operation != 0 && m_thread->operation != m_event.operation) {
        carryOperation();
    }
    m_thread->hook = hook;
    work(lab::workIn(hook, m_event.connection));
    if (auto* connection = living(m_event.connection)) {
        connection->hook = hook;
        connection->thread = m_event.actor;
    } else if (m_event.connection == 0) {
        m_state.acceptorHook = hook;
    }
}

void Fold::hookLeft() {
    m_thread->hook = Hook::None;
    if (auto* connection = known(m_event.connection)) {
        connection->hook = Hook::None;
    } else if (m_event.connection == 0) {
        m_state.acceptorHook = Hook::None;
    }
    dropOperation(*m_thread);
    if (auto* connection = look(m_thread->connection); connection && connection->thread == m_event.actor) {
        connection->thread = 0xffff;
    }
    m_thread->connection = 0;
    work(Work::None);
}

void Fold::operationInitiated() {
    ++m_state.totals.operations;
    if (m_event.operation == 0 ||
        (m_state.operations.size() >= maximumOperationsShown && !m_state.operations.contains(m_event.operation))) {
        return;
    }
    auto& operation = m_state.operations[m_event.operation];
    operation = {};
    operation.id = m_event.operation;
    operation.kind = kind(Operation::Count);
    operation.connection = m_event.connection;
    operation.asked = m_event.value();
    operation.initiatedBy = m_event.actor;
    operation.initiatedAt = m_now;
    operation.initiatedEvent = m_state.next;
    if (auto* connection = living(m_event.connection); connection && isSending(operation.kind)) {
        connection->phase = ConnectionPhase::Sending;
    }
}

/// The event's operation; one whose start was missed is made.
OperationState* Fold::livingOperation() {
    auto* operation = m_event.operation == 0 ? nullptr : m_state.operations.get(m_event.operation);
    if (operation != nullptr || m_event.operation == 0 || !somethingMissed() ||
        m_state.operations.size() >= maximumOperationsShown) {
        return operation;
    }
    operation = &m_state.operations[m_event.operation];
    operation->id = m_event.operation;
    operation->connection = m_event.connection;
    operation->initiatedBy = m_event.actor;
    operation->initiatedAt = m_now;
    operation->initiatedEvent = m_state.next;
    return operation;
}

void Fold::operationCompleted() {
    const auto performed = kind(Operation::Count);
    ++m_state.totals.operationsCompleted[static_cast<std::size_t>(performed)];
    if (auto* operation = livingOperation()) {
        operation->kind = performed;
        operation->result = m_event.value();
        operation->completedBy = m_event.actor;
        operation->completedAt = m_now;
    }
    auto* connection = known(m_event.connection);
    if (connection == nullptr || m_event.value() <= 0) {
        return;
    }
    if (performed == Operation::Read) {
        octetsReceived(*connection);
    } else if (isSending(performed)) {
        add(connection->octetsSent, m_event.value());
    }
}

QueueState* Fold::queue() {
    switch (m_event.kindAs<Queue>()) {
    case Queue::Completion: return &m_state.completionQueue;
    case Queue::Accept: return &m_state.acceptQueue;
    case Queue::Ready: return &m_state.readyQueue;
    default: return nullptr;
    }
}

std::uint32_t Fold::queueItem() const {
    return m_event.kindAs<Queue>() == Queue::Completion ? m_event.operation : m_event.connection;
}

void Fold::queuePushed() {
    auto* at = queue();
    if (at == nullptr) {
        return;
    }
    known(m_event.connection);
    ++at->pushed;
    if (at->items.size() < maximumQueued) {
        at->items.push_back(queueItem());
    }
    at->highWater = std::max(at->highWater, at->items.size());
    if (at == &m_state.completionQueue) {
        if (auto* operation = livingOperation()) {
            operation->phase = OperationPhase::Queued;
        }
    }
}

void Fold::queuePopped() {
    auto* at = queue();
    if (at == nullptr) {
        return;
    }
    ++at->popped;
    take(at->items, queueItem());
    if (m_state.totals.lost > 0 && m_event.value() == 0) {
        at->items.clear(); // what is still there was taken by events that were lost
    }
    auto* connection = known(m_event.connection);
    workFor(m_event.connection);
    if (connection != nullptr) {
        connection->thread = m_event.actor;
    }
    if (at == &m_state.completionQueue) {
        carryOperation();
    }
}

/// The thread carries the event's operation to its handler from now on.
void Fold::carryOperation() {
    dropOperation(*m_thread);
    m_thread->operation = m_event.operation;
    if (auto* operation = livingOperation()) {
        operation->phase = OperationPhase::Dispatched;
        operation->dispatchedBy = m_event.actor;
        work(lab::workFor(operation->kind));
    }
}

} // namespace lab
