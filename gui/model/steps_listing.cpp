// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/steps_listing.h"

#include "engine/concurrency/model.h"

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

/// Whether the recording's model goes through these steps at all; of a model that is not known, any.
bool isOfModel(const RecognisedSequence& sequence, const RunInfo& info) {
    const auto* model = findModel(info.model);
    return model == nullptr || model->steps.empty() ||
           std::ranges::find(model->steps, sequence.sequence->id) != model->steps.end();
}

bool belongs(const RecognisedSequence& sequence, const Topic& topic) {
    return topic.connection != 0 ? sequence.connection == topic.connection
                                 : sequence.connection == 0 && sequence.operation == topic.operation;
}

/// Rather this one than the other: it has come further in time, it explains more of what has happened, it is still
/// under way. Several begin alike, and only what follows tells them apart: then the first in the documents' order.
bool isRatherThan(const RecognisedSequence& one, const RecognisedSequence& other) {
    if (lastEvent(one) != lastEvent(other)) {
        return lastEvent(one) > lastEvent(other);
    }
    if (one.events.size() != other.events.size()) {
        return one.events.size() > other.events.size();
    }
    return one.complete() != other.complete() ? other.complete() : one.sequence < other.sequence;
}

const RecognisedSequence* atHand(const std::vector<RecognisedSequence>& all, const Topic& topic, bool oneOperation) {
    const RecognisedSequence* best = nullptr;
    for (const auto& candidate : all) {
        if (isOfOneOperation(candidate) != oneOperation || !belongs(candidate, topic)) {
            continue;
        }
        if (best == nullptr || isRatherThan(candidate, *best)) {
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
    std::erase_if(all, [&](const auto& one) { return !isOfModel(one, follower.glossary().info); });
    for (const bool oneOperation : {false, true}) {
        if (const auto* found = atHand(all, listing.topic, oneOperation)) {
            listing.sequences.push_back(*found);
        }
    }
    return listing;
}

} // namespace lab
