// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/condition.h"
#include "engine/stepping/stepper.h"
#include "gui/model/recording_follower.h"

#include <cstddef>
#include <optional>

namespace lab {

/// Looks for the event at which a step ends, among those that were recorded, a piece at a time.
///
/// Threads: GUI. Owner: a StepControl. Ends at the same event as the run's Stepper would.
class StepSearch {
public:
    /// For a step from the playhead's place `from` on.
    StepSearch(Condition condition, StepScope scope, std::size_t from, const RecordingFollower& follower);

    /// Looks at up to `mostEvents` more. The place of the playhead that shows the end of the step, once it is found.
    std::optional<std::size_t> look(const RecordingFollower& follower, std::size_t mostEvents);

    /// Everything folded so far was looked at.
    bool isAtEnd(const RecordingFollower& follower) const { return m_next >= follower.newest().next; }

    const Condition& condition() const { return m_watch.condition(); }
    const StepScope& scope() const { return m_scope; }

private:
    bool inScope(const Event& event) const;

    StepScope m_scope;
    std::size_t m_from;
    std::size_t m_next; ///< index of the event that comes next
    ConditionWatch m_watch;
};

} // namespace lab
