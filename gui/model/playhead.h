// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/recording_follower.h"

#include <QObject>

#include <chrono>
#include <cstdint>
#include <memory>

namespace lab {

/// The one place in the recording that the whole window shows.
///
/// Decides: which event is shown. Threads: GUI. Owner: the window.
/// Positions count events folded: at position n the views show the state after event n - 1, and event n - 1
/// itself as the one that happens now.
class Playhead : public QObject {
    Q_OBJECT

public:
    enum class Mode {
        Live,   ///< follows the end of a growing recording
        Paused, ///< stands, while the recording may grow
        Playing ///< moves on by itself, behind the end
    };

    using QObject::QObject;

    /// Shows another recording: from its end on where it grows, else paused at its beginning.
    void show(std::shared_ptr<Recording> recording, bool grows);
    bool hasRecording() const { return m_follower != nullptr; }
    RecordingFollower& follower() { return *m_follower; }
    const RecordingFollower& follower() const { return *m_follower; }

    /// One frame: takes in new events and moves on. `seconds` since the last frame.
    void frame(double seconds, std::chrono::microseconds budget);

    Mode mode() const { return m_mode; }
    bool isPaused() const { return m_mode == Mode::Paused; }
    bool grows() const { return m_grows; }
    void setGrows(bool grows) { m_grows = grows; }

    std::size_t position() const { return m_state != nullptr ? m_state->next : 0; }
    std::size_t first() const { return m_follower ? m_follower->first() : 0; }
    std::size_t end() const { return m_follower ? m_follower->newest().next : 0; } ///< folded so far
    std::size_t recorded() const { return m_follower ? m_follower->recording()->end() : 0; }
    std::size_t behind() const { return recorded() - std::min(recorded(), position()); }

    /// Recorded time between the playhead and the newest event, in nanoseconds.
    std::uint64_t behindTime() const;

    const LabState& state() const { return *m_state; } ///< at position(); only with a recording
    const std::string& sentence() const { return m_sentence; }

    /// Events a second at the playhead, over the recorded second before it.
    double eventsPerSecond() const;

    /// It has stood for half a second, whoever asks for that: paused, held, or nothing happens.
    bool isAtRest() const { return m_stood >= restAfter; }

    /// Events a second while playing; 0: as fast as they were recorded.
    void setPace(double eventsPerSecond) { m_pace = eventsPerSecond; }
    double pace() const { return m_pace; }

public slots:
    void pause();
    void resume(); ///< plays on from here; at the end of a growing recording: live
    void togglePause();
    void step(long long events); ///< negative: back. Pauses.
    void toStart();
    void toEnd();                             ///< live, where the recording grows
    void seek(std::size_t position);          ///< pauses
    void seekTime(std::uint64_t nanoseconds); ///< to the last event at or before that moment
    /// Plays on to `position` at the pace, and pauses there; without a pace it goes there at once.
    void playTo(std::size_t position);

signals:
    void moved(); ///< position, state or recording are others, or it has come to rest
    void modeChanged();

private:
    void setMode(Mode mode);
    void goTo(std::size_t position);
    void play(double seconds);
    void noteRest(double seconds);

    std::unique_ptr<RecordingFollower> m_follower;
    const LabState* m_state = nullptr;
    LabState m_frozen; ///< what is shown while not live: a copy, for the history's own states move on
    std::string m_sentence;
    Mode m_mode = Mode::Live;
    bool m_grows = false;
    double m_pace = 0;
    static constexpr double restAfter = 0.5;
    double m_stood = 0; ///< seconds since it last moved
    std::size_t m_stoodAt = 0;
    double m_playedEvents = 0;         ///< fractions of an event not yet played
    double m_playedTime = 0;           ///< ns, when playing as recorded
    std::size_t m_playUntil = nowhere; ///< while playing to a place
    static constexpr std::size_t nowhere = ~std::size_t{0};
};

} // namespace lab
