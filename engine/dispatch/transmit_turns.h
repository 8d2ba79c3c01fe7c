// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/operation_line.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

namespace lab {

/// Somebody who sends an answer piece by piece: a stream of an Asynchronous Operation Processor.
class Transmitter {
public:
    virtual ~Transmitter() = default;

private:
    friend class TransmitTurns;

    /// It is its turn: sends the next piece. Any thread; nobody else is at this transmitter meanwhile.
    virtual void goOn() = 0;

    /// Octets that its peer's side has taken so far. Any thread.
    virtual std::int64_t octetsTaken() const = 0;

    AsynchronousOperation* m_waiting = nullptr; ///< guarded by the turns' lock, as is the rest
    bool m_hasTurn = false;
    std::int64_t m_since = 0; ///< lab time: when it last began a piece, or was seen to get on
    std::int64_t m_seen = 0;  ///< octetsTaken() by then
};

/// Lets so many answers be sent at a time, the next ones in the order that the server goes by.
///
/// Role: scheduling of outstanding transmits, as connection scheduling is done in "Connection Scheduling in Web
/// Servers" (Crovella, Frangioso, Harchol-Balter, USITS 1999): a server that writes to all its connections at once
/// leaves the order to the network; one that writes to a few decides it. Decides: first come, first served gives a turn
/// for a whole answer; the other orders look after each piece, so that a shorter job or a more important one comes in
/// between. A peer that has taken nothing for `patience` keeps nobody waiting: it loses its turn, and asks for another
/// when it takes octets again. Threads: any. Owner: an Asynchronous Operation Processor.
class TransmitTurns {
public:
    static constexpr std::int64_t patience = 500'000'000;  // ns of lab time
    static constexpr std::int64_t pieceOctets = 64 * 1024; ///< after so many others have a chance

    /// `atOnce` 0: everybody always has a turn, and nothing is recorded.
    TransmitTurns(ServiceOrder order, unsigned atOnce, const Gate& gate)
        : m_atOnce(atOnce)
        , m_gate(gate)
        , m_line(order) {}

    bool areLimited() const { return m_atOnce > 0; }

    /// True: it may send its next piece. False: goOn() will be called for it. `octetsLeft`: of its answer.
    bool ask(Transmitter& transmitter, AsynchronousOperation& operation, std::int64_t octetsLeft);

    /// A piece has gone, and more is to come. As ask().
    bool askAgain(Transmitter& transmitter, AsynchronousOperation& operation, std::int64_t octetsLeft);

    /// It sends no more. To be followed by pass(), when the operation has been completed.
    void leave(Transmitter& transmitter);

    /// Calls those who have their turn now.
    void pass();

    /// Takes it out of the queue. False: it does not wait.
    bool withdraw(Transmitter& transmitter);
    bool isWaiting(const Transmitter& transmitter) const;

    /// Takes the turns of those whose peers take nothing. Now and then.
    void lookForStalled(std::int64_t now);

private:
    bool takeTurn(Transmitter& transmitter); // with m_mutex held
    void drop(Transmitter& transmitter);     // with m_mutex held
    void wait(Transmitter& transmitter, AsynchronousOperation& operation);

    const unsigned m_atOnce;
    const Gate& m_gate;
    mutable std::mutex m_mutex;
    OperationLine m_line;                ///< guarded by m_mutex, but for its order
    std::vector<Transmitter*> m_sending; ///< guarded by m_mutex: who has a turn
    bool m_passing = false;              ///< guarded by m_mutex: somebody is in pass()
    std::atomic<std::int64_t> m_depth{0};
};

} // namespace lab
