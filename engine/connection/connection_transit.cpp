// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/connection_transit.h"

#include <utility>

namespace lab {

void LocalTransit::push(AcceptedConnection connection) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(connection));
        m_count.store(m_waiting.size(), std::memory_order_release);
    }
    const std::lock_guard lock(m_bellMutex);
    if (m_bell) {
        m_bell();
    }
}

void LocalTransit::putBack(AcceptedConnection connection) {
    const std::lock_guard lock(m_mutex);
    m_waiting.push_front(std::move(connection));
    m_count.store(m_waiting.size(), std::memory_order_release);
}

std::optional<AcceptedConnection> LocalTransit::take() {
    const std::lock_guard lock(m_mutex);
    if (m_waiting.empty()) {
        return std::nullopt;
    }
    std::optional<AcceptedConnection> taken(std::move(m_waiting.front()));
    m_waiting.pop_front();
    m_count.store(m_waiting.size(), std::memory_order_release);
    return taken;
}

void LocalTransit::setBell(std::function<void()> bell) {
    const std::lock_guard lock(m_bellMutex);
    m_bell = std::move(bell);
}

} // namespace lab
