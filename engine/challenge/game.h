// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/challenge/play.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A challenge as a person plays it: the choices so far, who can go now, and the recording of what has happened.
///
/// Role: between a challenge and whoever shows it. Decides: nothing; it keeps the order. Threads: one at a time; the
/// recording may be read by any. Owner: the panel, or a command.
class Game {
public:
    explicit Game(const Challenge& challenge, Variant variant = Variant::Planted);

    struct Choice {
        std::string_view thread; ///< its name
        NextStep step;
    };
    struct Chosen {
        std::size_t thread = 0;
        std::string about;          ///< what it did
        std::size_t firstEvent = 0; ///< index of the first of its events
    };

    const Challenge& challenge() const { return *m_challenge; }
    Variant variant() const { return m_variant; }

    std::vector<Choice> choices() const; ///< one a thread
    /// Error: `thread` cannot go now, and why.
    Result<void> choose(std::size_t thread);
    /// All of `threads`, one after another, up to the first that cannot go.
    Result<void> choose(std::span<const std::size_t> threads);
    void undo(std::size_t steps = 1); ///< makes a new recording
    void restart();                   ///< makes a new recording

    const std::vector<Chosen>& chosen() const { return m_chosen; }
    std::vector<std::size_t> order() const;
    /// How many steps have begun before event `index`: the number of the one that the event belongs to, from 1.
    std::size_t stepsAt(std::size_t index) const;

    bool isSolved() const { return fault().has_value(); }
    bool isOver() const { return m_play.isOver(); } ///< solved too
    const std::optional<Fault>& fault() const { return m_play.fault(); }

    /// Once it is over: what has happened, and how the pattern avoids it. Empty until then.
    std::string explanation() const;

    /// Everything that has happened; grows with each choice, until undo() or restart().
    const std::shared_ptr<Recording>& recording() const { return m_recording; }
    std::string key() const { return m_play.key(); } ///< two games of a variant with the same key go on alike

private:
    void beginRecording();
    void record();

    const Challenge* m_challenge;
    Variant m_variant;
    ModelEvents m_events;
    Play m_play;
    std::vector<Chosen> m_chosen;
    std::shared_ptr<Recording> m_recording;
};

} // namespace lab
