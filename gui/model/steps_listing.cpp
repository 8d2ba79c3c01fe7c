// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/steps_listing.h"

#include <algorithm>

namespace lab {

namespace {

/// The newest event of a sequence that was seen.
std::size_t lastEvent(const RecognisedSequence& sequence) {
    std::size_t last = 0;
    for (const auto event : sequence.events) {
        last = event == RecognisedSequence::unseen ? last : std::max(last, event);
    }
    return last;
}

bool isOfOneOperation(const RecognisedSequence& sequence) { return sequence.sequence->id == "proactor-collaborations"; }

bool belongs(const RecognisedSequence& sequence, const Topic& topic) {
    return topic.connection != 0 ? sequence.connection == topic.connection
                                 : sequence.connection == 0 && sequence.operation == topic.operation;
}

/// The one that has come furthest in time; one that has ended counts less than one under way.
const RecognisedSequence* atHand(const std::vector<RecognisedSequence>& all, const Topic& topic, bool oneOperation) {
    const RecognisedSequence* best = nullptr;
    for (const auto& candidate : all) {
        if (isOfOneOperation(candidate) != oneOperation || !belongs(candidate, topic)) {
            continue;
        }
        if (best == nullptr || lastEvent(candidate) >= lastEvent(*best)) {
            best = &candidate;
        }
    }
    return best;
}

} // namespace

StepsListing stepsAt(const RecordingFollower& follower, const LabState& state, const Selection& selection) {
    StepsListing listing;
    listing.topic = topicAt(follower, state, selection);
    std::vector<RecognisedSequence> all;
    StepRecogniser recogniser([&all](const RecognisedSequence& found) { all.push_back(found); });
    for (const auto index : eventsForSteps(follower, state, listing.topic)) {
        recogniser.apply(follower.view()[index], index);
    }
    const auto underWay = recogniser.underWay();
    all.insert(all.end(), underWay.begin(), underWay.end());
    for (const bool oneOperation : {false, true}) {
        if (const auto* found = atHand(all, listing.topic, oneOperation)) {
            listing.sequences.push_back(*found);
        }
    }
    return listing;
}

} // namespace lab
