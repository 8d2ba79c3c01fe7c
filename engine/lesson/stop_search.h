// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/actor_names.h"
#include "engine/lesson/moment.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <memory>
#include <optional>

namespace lab {

/// Looks for a stop in a recording that may still grow.
///
/// Threads: one at a time. Owner: a LessonRun. Keeps the recording.
class StopSearch {
public:
    /// The first place at or behind event `from` at which `stop` holds.
    StopSearch(LessonStop stop, std::shared_ptr<const Recording> recording, std::size_t from);

    /// Reads what has come since the last call; the index of the event once it was found.
    std::optional<std::size_t> look();

private:
    bool apply(const Event& event);

    LessonStop m_stop;
    std::shared_ptr<const Recording> m_recording;
    std::size_t m_from;
    std::size_t m_next;
    ActorNames m_names;
    std::optional<ConditionWatch> m_watch;
    std::optional<std::size_t> m_found;
};

} // namespace lab
