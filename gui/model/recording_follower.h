// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/narration.h"
#include "engine/state/state_history.h"
#include "gui/model/conversation_index.h"
#include "gui/model/lane_index.h"
#include "gui/model/run_series.h"
#include "gui/model/thread_names.h"

#include <chrono>
#include <memory>
#include <string>

namespace lab {

/// All that the window knows of one recording: folds that follow its end together, so that all views show the
/// same event.
///
/// Role: between the recording and the playhead. Decides: how much is folded in one frame.
/// Threads: one (GUI). Owner: the Playhead.
class RecordingFollower {
public:
    explicit RecordingFollower(std::shared_ptr<Recording> recording);

    /// Folds what has come since, for about as long as `budget`. Returns how many events are left.
    std::size_t follow(std::chrono::microseconds budget);

    const std::shared_ptr<Recording>& recording() const { return m_history.recording(); }
    const LabState& newest() const { return m_history.newest(); }
    /// The fold with `next == index`, clamped; valid until the next call.
    const LabState& at(std::size_t index) { return m_history.at(index); }
    std::size_t first() const { return m_history.first(); }

    const RecordingView& view() const { return m_view; }
    const Glossary& glossary() const { return m_glossary; }
    const RunSeries& series() const { return m_series; }
    const LaneIndex& lanes() const { return m_lanes; }
    const ThreadNames& threadNames() const { return m_threadNames; }
    const ConversationIndex& conversations() const { return m_conversations; }
    /// What the newest event was, in words.
    const std::string& newestSentence() const { return m_sentence; }

    /// Name of the thread that recorded the event at `index`.
    std::string nameOfThread(std::uint16_t actor, std::size_t index) const;

private:
    void fold(std::size_t end);
    void refreshGlossary();

    StateHistory m_history;
    RecordingView m_view;
    Glossary m_glossary;
    std::chrono::steady_clock::time_point m_glossaryRead;
    RunSeries m_series;
    LaneIndex m_lanes;
    ThreadNames m_threadNames;
    ConversationIndex m_conversations;
    std::size_t m_firstIndexed = 0; ///< what the recording had forgotten when the index last forgot
    std::string m_sentence;
};

} // namespace lab
