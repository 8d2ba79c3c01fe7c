// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/orphaned_transfer_watch.h"

#include <algorithm>

namespace lab {

void OrphanedTransferWatch::apply(const Event& event, std::size_t index) {
    switch (event.type()) {
    case EventType::OperationInitiated:
        if (event.connection != 0) {
            m_outstanding.push_back({event.operation, event.connection, std::nullopt});
        }
        return;
    case EventType::ConnectionClosed:
        for (auto& one : m_outstanding) {
            if (one.connection == event.connection) {
                one.closed = index;
            }
        }
        return;
    case EventType::CallPerformed: moved(event, index); return;
    case EventType::OperationCompleted:
        moved(event, index);
        std::erase_if(m_outstanding, [&](const auto& one) { return one.operation == event.operation; });
        return;
    default: return;
    }
}

void OrphanedTransferWatch::moved(const Event& event, std::size_t index) {
    const auto found = std::find_if(m_outstanding.begin(), m_outstanding.end(), [&](const Outstanding& one) {
        return one.operation == event.operation && one.connection == event.connection;
    });
    if (m_fault || event.operation == 0 || event.value() <= 0 || found == m_outstanding.end() || !found->closed) {
        return;
    }
    const auto connection = "#" + std::to_string(event.connection);
    m_fault =
        Fault{*found->closed, index,
              "Event " + std::to_string(index) + " moves octets for operation " + std::to_string(event.operation) +
                  " of " + connection + ", but event " + std::to_string(*found->closed) + " had closed " + connection +
                  " while that operation was outstanding: the buffer’s owner was gone."};
}

std::string OrphanedTransferWatch::key() const {
    std::string key = m_fault ? "!" : "";
    for (const auto& one : m_outstanding) {
        key += std::to_string(one.operation) + ' ' + std::to_string(one.connection) + (one.closed ? 'c' : 'o');
    }
    return key;
}

} // namespace lab
