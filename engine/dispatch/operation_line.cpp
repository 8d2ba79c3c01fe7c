// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/operation_line.h"

#include "engine/trace/trace.h"

namespace lab {

std::int64_t priorityOf(const AsynchronousOperation& operation) {
    if (operation.kind == Operation::Accept || operation.kind == Operation::Timer) {
        return 0;
    }
    return operation.isUrgent ? 1 : 2;
}

void OperationLine::rank(AsynchronousOperation& operation, std::int64_t octetsLeft) const {
    if (m_order == ServiceOrder::Fifo) {
        return;
    }
    const bool byPriority = m_order == ServiceOrder::Priority;
    operation.rank = byPriority ? priorityOf(operation) : octetsLeft;
    LAB_MARK_WITH(OperationRanked, AsynchronousOperationProcessor, "rank operation", .connection = operation.connection,
                  .operation = operation.id, .kind = byPriority ? Rank::Priority : Rank::OctetsLeft,
                  .value = operation.rank);
}

void OperationLine::push(AsynchronousOperation& operation) {
    operation.next = nullptr;
    operation.overtakings = 0;
    if (m_last != nullptr) {
        m_last->next = &operation;
    } else {
        m_first = &operation;
    }
    m_last = &operation;
}

OperationLine::Place OperationLine::next() const {
    Place best{nullptr, m_first};
    if (m_order == ServiceOrder::Fifo) {
        return best;
    }
    const AsynchronousOperation* before = nullptr;
    for (auto* each = m_first; each != nullptr; before = each, each = each->next) {
        if (each->overtakings >= mostOvertakings) {
            return {const_cast<AsynchronousOperation*>(before), each};
        }
        if (each->rank < best.operation->rank) {
            best = {const_cast<AsynchronousOperation*>(before), each};
        }
    }
    return best;
}

AsynchronousOperation* OperationLine::take() {
    const auto place = next();
    if (place.operation != nullptr) {
        for (auto* each = m_first; each != place.operation; each = each->next) {
            ++each->overtakings;
        }
        unlink(place);
    }
    return place.operation;
}

bool OperationLine::goesBefore(std::int64_t rank) const {
    const auto* waiting = next().operation;
    return waiting != nullptr && m_order != ServiceOrder::Fifo &&
           (waiting->rank < rank || waiting->overtakings >= mostOvertakings);
}

bool OperationLine::remove(AsynchronousOperation& operation) {
    AsynchronousOperation* before = nullptr;
    for (auto* each = m_first; each != nullptr; before = each, each = each->next) {
        if (each == &operation) {
            unlink({before, each});
            return true;
        }
    }
    return false;
}

void OperationLine::unlink(Place place) {
    (place.before != nullptr ? place.before->next : m_first) = place.operation->next;
    if (m_last == place.operation) {
        m_last = place.before;
    }
}

} // namespace lab
