// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/turn_log.h"

namespace lab {

namespace {

constexpr std::size_t mostTurns = 4'000'000;

} // namespace

void TurnLog::add(const Event& event, const std::string& thread) {
    if (!m_isComplete) {
        return;
    }
    if (m_turns.size() >= mostTurns) {
        end();
        return;
    }
    const auto [number, isNew] = m_numbers.try_emplace(thread, static_cast<std::uint32_t>(m_names.size()));
    if (isNew) {
        m_names.push_back(thread);
    }
    m_turns.push_back({.connection = event.connection,
                       .operation = event.operation,
                       .thread = number->second,
                       .type = event.type(),
                       .kind = event.kind()});
}

std::vector<Turn> TurnLog::turns() const {
    std::vector<Turn> turns;
    turns.reserve(m_turns.size());
    for (const auto& entry : m_turns) {
        turns.push_back({.thread = m_names[entry.thread],
                         .type = entry.type,
                         .kind = entry.kind,
                         .connection = entry.connection,
                         .operation = entry.operation});
    }
    return turns;
}

} // namespace lab
