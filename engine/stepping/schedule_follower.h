// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/schedule.h"
#include "engine/trace/event.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace lab {

/// Where a run is in the schedule that it follows.
///
/// Role: tells whose turn is next, and for each thread which events it is wanted to make. Threads: one at a time.
/// Owner: the Stepper.
class ScheduleFollower {
public:
    /// Of `turns` of them, from the first one on.
    ScheduleFollower(Schedule schedule, std::size_t turns);

    bool done() const { return m_turn >= m_schedule.turns.size(); }
    std::size_t turn() const { return m_turn; }                     ///< index of the next one
    const Turn& wanted() const { return m_schedule.turns[m_turn]; } ///< while not done
    static bool matches(const Event& event, const Turn& turn);      ///< but for the thread
    bool wantsEver(const std::string& thread) const { return m_ofThread.contains(thread); }

    /// The turn `ahead` of them after the next one of `thread`; null: the schedule has no more of it.
    const Turn* planned(const std::string& thread, std::size_t ahead) const;

    /// The next turn was taken.
    void advance();

private:
    struct Line {
        std::vector<std::size_t> turns; ///< indices
        std::size_t next = 0;
    };
    Schedule m_schedule;
    std::size_t m_turn = 0;
    boost::unordered_flat_map<std::string, Line> m_ofThread;
};

} // namespace lab
