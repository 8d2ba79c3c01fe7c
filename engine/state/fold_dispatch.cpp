// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"
#include "engine/state/work_of.h"

#include <algorithm>
#include <cerrno>

namespace lab {

namespace {

constexpr std::size_t maximumQueued = 1 << 16;

/// The acceptor's handle_input accepts.
Work workOfHook(Hook hook, std::uint32_t connection) {
    return hook == Hook::HandleInput && connection == 0 ? Work::Accept : workOf(hook);
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
    if (registers && connection != nullptr && !connection->registered) {
        connection->registered = true;
        connection->registeredBy = m_event.actor;
        ++m_state.handleSet;
    } else if (registers && m_event.connection == 0) {
        // Each of several loops has the listening socket in a handle set of its own.
        m_state.acceptorRegistered = true;
        m_state.acceptorHeldBy.push_back(m_event.actor);
        ++m_state.handleSet;
    }
}

void Fold::handlerRemoved() {
    if (m_event.connection == 0) {
        takeAcceptorFromReady(false);
        auto& holders = m_state.acceptorHeldBy;
        if (!holders.empty()) {
            const auto own = std::find(holders.begin(), holders.end(), m_event.actor);
            holders.erase(own != holders.end() ? own : holders.begin()); // else another thread registered it
            --m_state.handleSet;
            m_state.acceptorRegistered = !holders.empty();
        }
        return;
    }
    auto* connection = known(m_event.connection);
    takeFromReady(m_event.connection);
    if (connection != nullptr && connection->registered) {
        connection->registered = false;
        connection->registeredBy = 0xffff;
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
    if (connection == nullptr) {
        return acceptorFoundReady();
    }
    if (connection->ready == Interest::None) {
        m_state.ready.push_back(m_event.connection);
    }
    connection->ready =
        static_cast<Interest>(static_cast<std::uint8_t>(connection->ready) | static_cast<std::uint8_t>(reported));
    connection->readyBy = m_event.actor;
}

/// Several loops may be told of the same listening socket, each of which then looks.
void Fold::acceptorFoundReady() {
    ++m_state.totals.acceptWakeUps;
    m_state.acceptorReady =
        static_cast<Interest>(static_cast<std::uint8_t>(m_state.acceptorReady) | static_cast<std::uint8_t>(interest()));
    m_state.acceptorReadyBy = m_event.actor;
    auto& told = m_state.acceptorsReady;
    if (std::find(told.begin(), told.end(), m_event.actor) == told.end()) {
        told.push_back(m_event.actor);
        m_state.ready.push_back(0);
    }
}

void Fold::takeFromReady(std::uint32_t id) {
    if (id == 0) {
        return takeAcceptorFromReady(true);
    }
    auto* connection = look(id);
    if (connection != nullptr && connection->ready != Interest::None) {
        connection->ready = Interest::None;
        take(m_state.ready, id);
    }
}

void Fold::takeAcceptorFromReady(bool fallBack) {
    auto& told = m_state.acceptorsReady;
    auto found = std::find(told.begin(), told.end(), m_event.actor);
    if (found == told.end() && fallBack) {
        found = told.begin();
    }
    if (found != told.end()) {
        told.erase(found);
        take(m_state.ready, 0);
    }
    if (told.empty()) {
        m_state.acceptorReady = Interest::None;
    }
}

void Fold::forgetReadyBy(std::uint16_t actor) {
    std::erase_if(m_state.ready, [&](std::uint32_t id) {
        auto* connection = id == 0 ? nullptr : look(id);
        const bool forgotten = connection != nullptr && connection->readyBy == actor;
        if (forgotten) {
            connection->ready = Interest::None;
        }
        return forgotten || (id != 0 && connection == nullptr);
    });
    if (!m_state.acceptorsReady.empty()) {
        takeAcceptorFromReady(false);
    }
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
    work(workOfHook(hook, m_event.connection));
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
        acceptorHookLeft();
    }
    dropOperation(*m_thread);
    if (auto* connection = look(m_thread->connection); connection && connection->thread == m_event.actor) {
        connection->thread = 0xffff;
    }
    m_thread->connection = 0;
    work(Work::None);
}

/// Of several threads in the acceptor's hook, another one may still be there.
void Fold::acceptorHookLeft() {
    const auto other = std::find_if(m_state.threads.begin(), m_state.threads.end(), [&](const auto& entry) {
        return entry.first != m_event.actor && entry.second.hook != Hook::None && entry.second.connection == 0;
    });
    m_state.acceptorHook = other == m_state.threads.end() ? Hook::None : (*other).second.hook;
}

void Fold::operationInitiated() {
    ++m_state.totals.operations;
    m_thread->dispatches = true;
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
        if (m_event.value() == -ECANCELED && operation->cancelAskedFor) {
            ++m_state.totals.cancelled;
        }
    }
    if (m_state.completionRing.depth > 0) {
        --m_state.completionRing.depth;
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

void Fold::operationRanked() {
    if (auto* operation = livingOperation()) {
        operation->rankedBy = kind(Rank::Count);
        operation->rank = m_event.value();
    }
}

void Fold::cancelRequested() {
    ++m_state.totals.cancelRequests;
    if (auto* operation = livingOperation()) {
        operation->cancelAskedFor = true;
    }
}

void Fold::submissionQueued() {
    auto& ring = m_state.submissionRing;
    ring.depth = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    ring.highWater = std::max(ring.highWater, ring.depth);
    ++ring.passed;
}

/// io_uring_enter takes submissions over to the kernel. Whoever enters has dealt with all completions that were there.
void Fold::submissionsEntered() {
    auto& ring = m_state.submissionRing;
    ring.depth -= std::min(ring.depth, static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value())));
    if (m_event.type() == EventType::CallEntered) {
        m_state.completionRing.depth = 0;
    }
}

void Fold::completionsFound() {
    auto& ring = m_state.completionRing;
    ring.depth = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()));
    ring.highWater = std::max(ring.highWater, ring.depth);
    ring.passed += ring.depth;
}

QueueState* Fold::queue() {
    switch (m_event.kindAs<Queue>()) {
    case Queue::Completion: return &m_state.completionQueue;
    case Queue::Accept: return &m_state.acceptQueue;
    case Queue::Ready: return &m_state.readyQueue;
    case Queue::Returned: return &m_state.returnQueue;
    case Queue::Transmit: return &m_state.transmitQueue;
    default: return nullptr;
    }
}

std::uint32_t Fold::queueItem() const {
    return holdsOperations(m_event.kindAs<Queue>()) ? m_event.operation : m_event.connection;
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
    } else if (at == &m_state.transmitQueue) {
        if (auto* operation = livingOperation()) {
            operation->waitsToTransmit = true;
        }
    } else if (auto* operation = livingOperation()) {
        operation->isOfPool = true;
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
    if (at == &m_state.transmitQueue) {
        // The thread that lets it go on has not turned to its connection: it goes on with what it was at.
        if (auto* operation = livingOperation()) {
            operation->waitsToTransmit = false;
        }
        return;
    }
    workFor(m_event.connection);
    if (connection != nullptr) {
        connection->thread = m_event.actor;
    }
    if (at == &m_state.completionQueue) {
        carryOperation();
    } else if (auto* operation = livingOperation()) {
        operation->isOfPool = true;
        operation->performedBy = m_event.actor;
    }
}

/// The thread carries the event's operation to its handler from now on.
void Fold::carryOperation() {
    dropOperation(*m_thread);
    m_thread->dispatches = true;
    m_thread->operation = m_event.operation;
    if (auto* operation = livingOperation()) {
        operation->phase = OperationPhase::Dispatched;
        operation->dispatchedBy = m_event.actor;
        work(workOf(operation->kind));
    }
}

} // namespace lab
