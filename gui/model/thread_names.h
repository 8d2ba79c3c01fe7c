// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace lab {

/// Which thread an actor was at an event: actors are used again when a thread has ended.
///
/// Threads: one at a time. Owner: RecordingFollower.
class ThreadNames {
public:
    void add(std::span<const Event> events, std::size_t firstIndex);

    /// The name of `actor` at event `index`; 0 where none was recorded.
    NameId at(std::uint16_t actor, std::size_t index) const;

private:
    struct Start {
        std::size_t index;
        NameId name;
    };
    std::map<std::uint16_t, std::vector<Start>> m_starts;
};

} // namespace lab
