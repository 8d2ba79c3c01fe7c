// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asynchronous_operation.h"
#include "engine/server/server_options.h"

#include <cstdint>

namespace lab {

/// How important an operation is, the lower the more: 0 an accept or a timer, since they concern everybody; 1 an
/// operation of a connection whose request is for something under urgentFolder; 2 any other.
std::int64_t priorityOf(const AsynchronousOperation& operation);

/// Operations that wait for the same thing, and which of them goes next.
///
/// Decides: by their arrival, or by their ranks, of which the lowest goes first and, of equal ones, the one that came
/// first. Unfairness is bounded: who was overtaken mostOvertakings times goes next, whatever its rank. It counts, and
/// reads no clock, so that the same operations come out in the same order again.
/// Threads: one at a time. The operations are linked through themselves, so that no call can fail.
class OperationLine {
public:
    static constexpr std::uint32_t mostOvertakings = 32;

    explicit OperationLine(ServiceOrder order)
        : m_order(order) {}

    ServiceOrder order() const { return m_order; }
    bool empty() const { return m_first == nullptr; }

    /// Says how `operation` ranks, and why: an event, so with no lock held. `octetsLeft`: of its answer. By arrival
    /// nothing ranks.
    void rank(AsynchronousOperation& operation, std::int64_t octetsLeft) const;

    /// Behind the others. It was ranked before.
    void push(AsynchronousOperation& operation);
    /// The next one, or null. By rank it looks at all that wait.
    AsynchronousOperation* take();
    /// The next one is to go before an operation of this rank.
    bool goesBefore(std::int64_t rank) const;
    /// False: it is not there.
    bool remove(AsynchronousOperation& operation);

private:
    struct Place {
        AsynchronousOperation* before = nullptr; ///< null: none
        AsynchronousOperation* operation = nullptr;
    };
    Place next() const;
    void unlink(Place place);

    const ServiceOrder m_order;
    AsynchronousOperation* m_first = nullptr;
    AsynchronousOperation* m_last = nullptr;
};

} // namespace lab
