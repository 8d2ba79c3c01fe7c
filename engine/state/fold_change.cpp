// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"

#include <algorithm>
#include <vector>

namespace lab {

void Fold::settingChanged() {
    constexpr std::size_t most = 64; // a damaged recording may name any
    const auto name = static_cast<NameId>(changedSetting(m_event.value()));
    const auto text = static_cast<NameId>(settingText(m_event.value()));
    auto& all = m_state.settings;
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& setting) { return setting.first == name; });
    if (known != all.end()) {
        known->second = text;
    } else if (all.size() < most) {
        all.emplace_back(name, text);
    }
}

/// What belonged to the former model as a whole is gone with it; its threads and connections tell of themselves.
void Fold::modelChanged() {
    m_state.model = static_cast<NameId>(m_event.value());
    m_state.changing = false;
    ++m_state.totals.changes;
    m_state.leader = 0xffff;
    m_state.adaptedConcurrency = m_state.adaptedTransfer = Adaptation::None;
    std::vector<std::uint32_t> orphans; // accepts and timers, which end with their processor
    for (const auto& [id, operation] : m_state.operations) {
        if (operation.connection == 0) {
            orphans.push_back(id);
        }
    }
    for (const auto id : orphans) {
        m_state.operations.erase(id);
    }
    std::erase_if(m_state.completionQueue.items,
                  [this](std::uint32_t id) { return m_state.operations.get(id) == nullptr; });
    m_state.submissionRing.depth = m_state.completionRing.depth = 0;
}

void Fold::connectionHandedOver() {
    ++m_state.totals.handedOver;
    if (m_thread->connection == m_event.connection) {
        m_thread->connection = 0;
    }
    if (auto* connection = living(m_event.connection)) {
        if (auto* thread = m_state.threads.get(connection->thread); thread && thread->connection == connection->id) {
            thread->connection = 0;
        }
        connection->thread = 0xffff;
        connection->hook = Hook::None;
        connection->phase = ConnectionPhase::Idle;
    }
}

void Fold::connectionTakenOver() {
    work(Work::Accept);
    auto* connection = known(m_event.connection);
    if (connection == nullptr) {
        connectionAccepted(); // its beginning was not seen
        --m_state.totals.accepted;
        return;
    }
    if (m_thread->hook == Hook::None) {
        workFor(connection->id);
        connection->thread = m_event.actor;
    }
}

void Fold::serverAdapted() {
    ++m_state.totals.adaptations;
    const auto decided = kind(Adaptation::Count);
    const bool isTransfer = decided != Adaptation::ToProcessor && decided != Adaptation::ToPool; // None too
    (isTransfer ? m_state.adaptedTransfer : m_state.adaptedConcurrency) = decided;
}

} // namespace lab
