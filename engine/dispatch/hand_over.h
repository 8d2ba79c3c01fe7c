// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/initiation_dispatcher.h"
#include "engine/trace/trace.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <poll.h>
#include <utility>

namespace lab {

/// What other threads hand over to an event loop, oldest first: a queue, and a wake-up for the loop that waits at its
/// handle set and not at the queue.
///
/// Every push and take is an event of the trace. Threads: push() and close() by any, the rest by the loop's. Owner: the
/// model. `depth` counts over all queues of the same kind that the server has, so that it is the depth on show.
template <typename Item>
class HandOver {
public:
    HandOver(Queue kind, InitiationDispatcher& loop, std::atomic<std::int64_t>& depth)
        : m_kind(kind)
        , m_loop(loop)
        , m_depth(depth) {}

    /// The caller holds no lock, and must not touch what a pointer of `item` leads to afterwards.
    void push(std::uint32_t connection, Item item) {
        [[maybe_unused]] const auto depth = m_depth.fetch_add(1, std::memory_order_relaxed) + 1;
        LAB_MARK(QueuePushed, InitiationDispatcher, "hand over", .connection = connection, .kind = m_kind,
                 .value = depth);
        bool wasEmpty = false;
        {
            const std::lock_guard lock(m_mutex);
            wasEmpty = m_items.empty();
            m_items.emplace_back(connection, std::move(item));
        }
        if (wasEmpty) { // else it has been woken, or is about to look
            m_loop.wake();
        }
    }

    /// The oldest one, or nothing when there is none. While a schedule is followed it says whether one is taken.
    std::optional<Item> take() {
        if (!awaitPlanned()) {
            return std::nullopt;
        }
        std::optional<std::pair<std::uint32_t, Item>> taken;
        {
            const std::lock_guard lock(m_mutex);
            if (m_items.empty()) {
                return std::nullopt;
            }
            taken.emplace(std::move(m_items.front()));
            m_items.pop_front();
        }
        [[maybe_unused]] const auto depth = m_depth.fetch_sub(1, std::memory_order_relaxed) - 1;
        LAB_MARK(QueuePopped, InitiationDispatcher, "take over", .connection = taken->first, .kind = m_kind,
                 .value = depth);
        return std::move(taken->second);
    }

    bool empty() const {
        const std::lock_guard lock(m_mutex);
        return m_items.empty();
    }

    /// Nothing more will be pushed.
    void close() {
        m_isClosed.store(true, std::memory_order_release);
        m_loop.wake();
    }
    bool isClosed() const { return m_isClosed.load(std::memory_order_acquire); }

private:
    bool awaitPlanned() const {
        while (const auto wanted = plannedEvent()) {
            if (wanted->type != EventType::QueuePopped || wanted->kind != static_cast<std::uint8_t>(m_kind) ||
                m_loop.isStopping()) {
                return false;
            }
            if (!empty()) {
                return true;
            }
            constexpr int betweenLooks = 1; // ms
            endTurn();
            ::poll(nullptr, 0, betweenLooks);
        }
        return true;
    }

    const Queue m_kind;
    InitiationDispatcher& m_loop;
    std::atomic<std::int64_t>& m_depth;
    mutable std::mutex m_mutex;
    std::deque<std::pair<std::uint32_t, Item>> m_items; ///< guarded by m_mutex; with the connection that it is of
    std::atomic<bool> m_isClosed{false};
};

} // namespace lab
