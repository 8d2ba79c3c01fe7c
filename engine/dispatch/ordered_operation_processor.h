// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asynchronous_operation_processor.h"
#include "engine/dispatch/completion_queue.h"
#include "engine/dispatch/transmit_turns.h"
#include "engine/trace/gate.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace lab {

/// How many answers a processor sends at a time, and in which order.
struct TransmitLimit {
    ServiceOrder order = ServiceOrder::Fifo;
    unsigned atOnce = 0; ///< 0: all

    static TransmitLimit of(const ServerOptions& options) { return {options.order, options.transmitsAtOnce}; }
};

/// Tells of what the operating system has performed, and hands completed operations to the completion queue.
///
/// Role: the part of every Asynchronous Operation Processor that does not depend on the operating system's means.
/// Decides: the order in which completions are told. With the gate open it is the order in which they come. While
/// threads have their turns, all that has been performed is gathered first and told one after the other, in the
/// order of the schedule where one is followed, or as whoever steers the run chooses.
/// Threads: complete() by any; the rest by the performing one.
class OrderedOperationProcessor : public AsynchronousOperationProcessor {
public:
    void perform(SystemCall waiting) final;

    /// Hands a completed operation over: to be called last, the handler may be gone afterwards.
    void complete(AsynchronousOperation& operation, std::int64_t result);

    void performedByThread(AsynchronousOperation& operation, std::int64_t result) final {
        complete(operation, result);
        interrupt();
    }

    /// Something of an operation has been performed: goes on with `proceed`, at once or, while threads have their
    /// turns, when the performing thread comes to it.
    template <typename Function>
    void goOn(const AsynchronousOperation& operation, Function proceed) {
        if (m_gate.engaged() || !m_parked.empty()) {
            m_parked.push_back({operation.id, operation.connection, operation.kind, std::move(proceed)});
            return;
        }
        leaveWait();
        proceed();
    }

    TransmitTurns& turns() { return m_turns; }
    void lookForStalled(std::int64_t now) override { m_turns.lookForStalled(now); }

    /// While a schedule is followed: between two looks at what the kernel has done meanwhile.
    static constexpr std::chrono::milliseconds betweenLooks{20};

protected:
    OrderedOperationProcessor(CompletionQueue& queue, const Gate& gate, const TransmitLimit& limit)
        : m_queue(queue)
        , m_gate(gate)
        , m_turns(limit.order, limit.atOnce, gate) {}

    const Gate& gate() const { return m_gate; }

    /// A timer that is due at `due` (lab time) has run out by the kernel's clock: whether it may be told now.
    bool mayBeTold(std::uint32_t timer, std::int64_t due) const;
    /// For how long a timer that is due at `due` has to be given to the kernel: lab time may stand, or be planned.
    std::chrono::nanoseconds kernelTime(std::int64_t due) const;

private:
    // Each calls goOn() for everything that it finds performed.
    virtual void performOne() = 0;   ///< blocks until there is something, or interrupt()
    virtual void performReady() = 0; ///< what is there by now
    virtual void performWithin(std::chrono::milliseconds limit) = 0; ///< blocks, but no longer

    /// As what kind of call the wait is recorded, and what is said of it.
    virtual SystemCall callOf(SystemCall waiting) const { return waiting; }
    virtual std::int64_t entering() { return 0; }
    virtual std::int64_t found() const { return 1; }

    /// Something performed that was not told of yet.
    struct Parked {
        std::uint32_t operation;
        std::uint32_t connection;
        Operation kind;
        std::function<void()> proceed;
    };
    void leaveWait();
    void release(std::size_t index);
    bool releaseNext();
    std::size_t chooseParked() const;
    static PlannedEvent offer(const Parked& parked);
    static bool beginsWithOperation(EventType type);

    CompletionQueue& m_queue;
    const Gate& m_gate;
    TransmitTurns m_turns;
    // The performing thread's own.
    SystemCall m_waiting = SystemCall::None;
    std::vector<Parked> m_parked;
    std::uint32_t m_wanted = 0; ///< the operation that a schedule wants to complete next
};

} // namespace lab
