// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/gate.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace lab {

/// One thread at a time has it: the right to watch the listening socket, or to wait at a shared handle set.
///
/// Decides: who has it next (whoever asks while it is free, or one of those who wait). Waiting is a blocking call of
/// the trace. Threads: any; pass() by who has it. Owner: the model. No lock is held while somebody has it.
///
/// While the gate is engaged, all who wait for it come to the gate, and whose turn it is takes it.
class TurnToken {
public:
    enum class Right : std::uint8_t { ListeningSocket, Leadership };

    TurnToken(Right right, const Gate& gate)
        : m_right(right)
        , m_gate(gate) {}

    /// Takes it if it is free.
    bool tryTake();

    /// Takes it once it is free. False after close().
    bool take();

    void pass();

    /// Lets all who wait go, for good.
    void close();

private:
    bool waitAndTake();
    bool isFree() const;
    void markEntered() const;
    void markLeft() const;

    const Right m_right;
    const Gate& m_gate;
    mutable std::mutex m_mutex;
    std::condition_variable m_passed;
    bool m_isTaken = false;  ///< guarded by m_mutex
    bool m_isClosed = false; ///< guarded by m_mutex
};

} // namespace lab
