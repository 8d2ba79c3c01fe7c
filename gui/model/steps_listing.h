// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/analysis/pattern_steps.h"
#include "gui/model/conversation.h"

#include <vector>

namespace lab {

/// The papers' numbered steps as far as they have come at one event.
struct StepsListing {
    Topic topic;
    /// The sequence at hand first: under way, or else the one that ended last; then the operation at hand, if any.
    std::vector<RecognisedSequence> sequences;
};

/// The steps of what `selection` stands for at `state`, or of what the nearest events are about. Recognised anew
/// from that conversation's own events, so that it is right wherever one seeks; costs by those.
StepsListing stepsAt(const RecordingFollower& follower, const LabState& state, const Selection& selection);

} // namespace lab
