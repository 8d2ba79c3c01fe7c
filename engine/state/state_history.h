// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <map>
#include <memory>

namespace lab {

/// The state at any event of a recording, by checkpoints and folding from there; follows a growing recording.
///
/// Role: the playhead's memory. Decides: where checkpoints stand (at block ends), what the recording may drop.
/// Threads: one at a time. Owner: whoever shows the recording. Lets go of blocks in the recording only behind a
/// checkpoint, so that every event that is kept can be shown.
class StateHistory {
public:
    /// `maximumOctets`: about how much memory all checkpoints together may take.
    explicit StateHistory(std::shared_ptr<Recording> recording, std::size_t maximumOctets = 400'000'000);
    ~StateHistory();

    /// Folds what has come since, at most `maximumEvents` of it. Returns how many are left to fold.
    std::size_t follow(std::size_t maximumEvents = ~std::size_t{0});

    /// The fold of everything followed so far.
    const LabState& newest() const { return m_newest; }

    /// The state after event `index` - 1, that is with `next == index`; clamped to what is kept and followed.
    /// Cost: at most one block of events; where checkpoints were thinned to stay within their memory, a few.
    const LabState& at(std::size_t index);

    std::size_t first() const; ///< the smallest index that at() can give
    std::size_t checkpoints() const { return m_checkpoints.size(); }

    const RecordingView& view() const { return m_view; } ///< as of the last follow()
    const std::shared_ptr<Recording>& recording() const { return m_recording; }

private:
    std::shared_ptr<Recording> m_recording;
    std::size_t m_follower;
    RecordingView m_view;
    LabState m_newest;
    void addCheckpoint();
    void thinCheckpoints();
    void dropCheckpointsBefore(std::size_t index, const RecordingView& formerView);
    const LabState& nearestBefore(std::size_t index) const;

    LabState m_visited;                            ///< the last one given by at(): steps and scrubbing go on from there
    LabState m_behind;                             ///< a little before m_visited, so that steps back need no checkpoint
    std::map<std::size_t, LabState> m_checkpoints; ///< by next
    std::size_t m_maximumOctets;
    std::size_t m_octets = 0;  ///< of the checkpoints, about
    std::size_t m_spacing = 1; ///< blocks from one checkpoint to the next
};

} // namespace lab
