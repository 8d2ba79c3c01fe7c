// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/schedule_follower.h"

#include <algorithm>
#include <utility>

namespace lab {

ScheduleFollower::ScheduleFollower(Schedule schedule, std::size_t turns)
    : m_schedule(std::move(schedule)) {
    m_schedule.turns.resize(std::min(turns, m_schedule.turns.size()));
    for (std::size_t index = 0; index < m_schedule.turns.size(); ++index) {
        m_ofThread[m_schedule.turns[index].thread].turns.push_back(index);
    }
}

bool ScheduleFollower::matches(const Event& event, const Turn& turn) {
    return event.type() == turn.type && event.kind() == turn.kind && event.connection == turn.connection &&
           event.operation == turn.operation;
}

const Turn* ScheduleFollower::planned(const std::string& thread, std::size_t ahead) const {
    const auto found = m_ofThread.find(thread);
    if (found == m_ofThread.end() || found->second.next + ahead >= found->second.turns.size()) {
        return nullptr;
    }
    return &m_schedule.turns[found->second.turns[found->second.next + ahead]];
}

void ScheduleFollower::advance() {
    ++m_ofThread[wanted().thread].next;
    ++m_turn;
}

} // namespace lab
