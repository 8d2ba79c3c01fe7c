// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"
#include "engine/trace/gate.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace lab {

/// A call that was made an object, to be called later and on another thread.
///
/// Role: method object of the Active Object (B, figure 2.9). Owner: the queue, then whoever took it.
class MethodObject {
public:
    /// `operation`: asynchronous operation that it performs, if it does.
    explicit MethodObject(std::uint32_t connection, std::uint32_t operation = 0)
        : m_connection(connection)
        , m_operation(operation) {}
    virtual ~MethodObject() = default;

    /// Turns it back into the call that it was made of.
    virtual void call() = 0;

    std::uint32_t connection() const { return m_connection; } ///< that it is about
    std::uint32_t operation() const { return m_operation; }   ///< 0: none

private:
    const std::uint32_t m_connection;
    const std::uint32_t m_operation;
};

/// Method objects on their way from the thread that makes them to those that perform them, oldest first; no more than
/// a bound.
///
/// Role: activation queue of the Active Object (B, figure 2.9); queueing layer of Half-Sync/Half-Async. Decides: who
/// waits when it is empty or full. Every push and pop is an event of the trace, every wait a blocking call. Threads:
/// any. Owner: the model.
///
/// While the gate is engaged, all who wait for work come to the gate, and the one whose turn it is takes it.
class ActivationQueue {
public:
    /// Of at most `bound` (at least 1).
    ActivationQueue(Queue kind, std::size_t bound, const Gate& gate);

    /// Waits until there is room. False after close(): the object is destroyed.
    bool push(std::unique_ptr<MethodObject> object);

    /// False when it is full, or closed: the object is destroyed.
    bool tryPush(std::unique_ptr<MethodObject> object);

    /// The oldest one, once there is one; null after close() when there is none.
    std::unique_ptr<MethodObject> pop();

    /// Nothing more comes in. Lets all who wait go.
    void close();

    /// Where only one thread pushes: whether its next push will find room.
    bool hasRoom();

    std::int64_t depth() const { return m_depth.load(std::memory_order_relaxed); }

private:
    enum class Room : std::uint8_t { Reserved, Full, Closed };
    Room reserve();
    void put(std::unique_ptr<MethodObject> object);
    std::unique_ptr<MethodObject> take(); // with m_mutex held
    std::unique_ptr<MethodObject> tryPop();
    std::unique_ptr<MethodObject> popInTurn();
    void taken(const MethodObject& object);
    bool hasWorkOrClosed() const { return !m_objects.empty() || m_isClosed; } // with m_mutex held

    const Queue m_kind;
    const std::size_t m_bound;
    const Gate& m_gate;
    std::atomic<std::int64_t> m_depth{0};
    std::mutex m_mutex;
    std::condition_variable m_pushed;
    std::condition_variable m_madeRoom;
    std::deque<std::unique_ptr<MethodObject>> m_objects; ///< guarded by m_mutex
    std::size_t m_reserved = 0;                          ///< guarded by m_mutex; places for objects on their way in
    bool m_isClosed = false;                             ///< guarded by m_mutex
};

} // namespace lab
