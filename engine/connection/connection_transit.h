// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace lab {

/// Where connections wait that one model of a running server has handed over and the next one has not taken yet: a
/// second backlog, of connections that are there already.
///
/// Threads: any. Owner: the server, or a process of its own.
class ConnectionTransit {
public:
    virtual ~ConnectionTransit() = default;

    /// No thread or operation of the model before has anything to do with it any more.
    virtual void push(AcceptedConnection connection) = 0;
    /// The one that waits longest; nothing where there is none. It may have lost its socket on the way.
    virtual std::optional<AcceptedConnection> take() = 0;
    virtual bool empty() const = 0;
};

/// The one of the lab's own process.
class LocalTransit final : public ConnectionTransit {
public:
    void push(AcceptedConnection connection) override;
    std::optional<AcceptedConnection> take() override;
    bool empty() const override { return m_count.load(std::memory_order_acquire) == 0; }

    /// Back to the front: it could not be taken after all. Rings no bell.
    void putBack(AcceptedConnection connection);

    /// Called after each push, by whoever pushed; empty: nobody. When this returns, the former one is not called any
    /// more.
    void setBell(std::function<void()> bell);

private:
    mutable std::mutex m_mutex;
    std::deque<AcceptedConnection> m_waiting; ///< guarded by m_mutex
    std::atomic<std::size_t> m_count{0};
    std::mutex m_bellMutex;
    std::function<void()> m_bell; ///< guarded by m_bellMutex
};

} // namespace lab
