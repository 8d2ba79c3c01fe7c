// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/schedule.h"
#include "engine/trace/event.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace lab {

/// The turns that a server's threads have taken since its start, kept small.
///
/// Role: what a schedule is made of. Decides: from when on turns are missing. Threads: one at a time.
/// Owner: the Stepper.
class TurnLog {
public:
    /// The first turn that can be is about to be taken: the log is of the whole run.
    void begin() { m_isComplete = m_turns.empty() && !m_ended; }
    /// Turns may be missed from now on.
    void end() {
        m_isComplete = false;
        m_ended = true;
    }

    /// Nothing once turns are missing, or after four million of them: then they are.
    void add(const Event& event, const std::string& thread);

    bool isComplete() const { return m_isComplete; }
    std::vector<Turn> turns() const;

private:
    struct Entry {
        std::uint32_t connection;
        std::uint32_t operation;
        std::uint32_t thread; ///< index into m_names
        EventType type;
        std::uint8_t kind;
    };
    std::vector<Entry> m_turns;
    std::vector<std::string> m_names;
    boost::unordered_flat_map<std::string, std::uint32_t> m_numbers; ///< by name
    bool m_isComplete = false;
    bool m_ended = false;
};

} // namespace lab
