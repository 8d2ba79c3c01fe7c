// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/playhead.h"

#include <algorithm>
#include <cmath>

namespace lab {

void Playhead::show(std::shared_ptr<Recording> recording, bool grows) {
    m_state = nullptr;
    m_follower = std::make_unique<RecordingFollower>(std::move(recording));
    m_frozen = {};
    m_state = grows ? &m_follower->newest() : &m_frozen;
    m_sentence.clear();
    m_grows = grows;
    m_mode = grows ? Mode::Live : Mode::Paused;
    emit modeChanged();
    emit moved();
}

void Playhead::frame(double seconds, std::chrono::microseconds budget) {
    if (!m_follower) {
        return;
    }
    const auto before = m_follower->newest().next;
    m_follower->follow(budget);
    if (m_mode == Mode::Live) {
        if (m_follower->newest().next != before) {
            m_state = &m_follower->newest();
            m_sentence = m_follower->newestSentence();
            emit moved();
        }
    } else if (m_mode == Mode::Playing) {
        play(seconds);
    } else if (before == 0 && position() == 0 && end() > 0) {
        goTo(first() + 1); // a recording just opened: show its first event, not emptiness
    }
    noteRest(seconds);
}

void Playhead::noteRest(double seconds) {
    if (position() != m_stoodAt) {
        m_stoodAt = position();
        m_stood = 0;
        return;
    }
    const bool rested = isAtRest();
    m_stood += seconds;
    if (isAtRest() && !rested) {
        emit moved();
    }
}

void Playhead::play(double seconds) {
    const auto from = position();
    auto to = from;
    if (m_pace > 0) {
        m_playedEvents += m_pace * seconds;
        const auto whole = std::floor(m_playedEvents);
        m_playedEvents -= whole;
        to += static_cast<std::size_t>(whole);
    } else {
        m_playedTime += seconds * 1e9;
        to = std::max(from, m_follower->view().atTime(static_cast<std::uint64_t>(m_playedTime)));
    }
    if (to >= m_playUntil) {
        seek(m_playUntil);
    } else if (to >= end()) {
        toEnd();
    } else if (to != from) {
        goTo(to);
    }
}

std::uint64_t Playhead::behindTime() const {
    if (!m_follower || m_state == nullptr || m_follower->view().empty()) {
        return 0;
    }
    const auto& view = m_follower->view();
    const auto newest = view[view.end() - 1].time;
    return newest - std::min(newest, m_state->time);
}

double Playhead::eventsPerSecond() const {
    if (!m_follower || position() == 0) {
        return 0;
    }
    const auto& view = m_follower->view();
    constexpr std::uint64_t second = 1'000'000'000;
    const auto time = m_state->time;
    const auto from = time > second ? view.atTime(time - second + 1) : view.first();
    return static_cast<double>(position() - std::min(position(), from));
}

void Playhead::setMode(Mode mode) {
    m_playUntil = nowhere;
    if (mode != m_mode) {
        m_mode = mode;
        emit modeChanged();
    }
}

void Playhead::goTo(std::size_t wanted) {
    if (!m_follower) {
        return;
    }
    const auto to = std::clamp(wanted, std::min(first(), end()), end());
    if (to > 0 && to > first()) {
        const auto& view = m_follower->view();
        const auto& before = m_follower->at(to - 1);
        m_sentence = to - 1 >= view.first() && to - 1 < view.end()
                         ? narrate(view[to - 1], before, m_follower->glossary())
                         : std::string{};
    } else {
        m_sentence.clear();
    }
    m_frozen = m_follower->at(to);
    m_state = &m_frozen;
    emit moved();
}

void Playhead::pause() {
    if (!m_follower || m_mode == Mode::Paused) {
        return;
    }
    const auto here = position();
    setMode(Mode::Paused);
    goTo(here);
}

void Playhead::resume() {
    if (!m_follower || m_mode != Mode::Paused) {
        return;
    }
    if (position() >= end() && !m_grows) {
        goTo(first()); // at the end of a finished recording: from the beginning again
    }
    m_playedEvents = 0;
    m_playedTime = static_cast<double>(m_state->time);
    if (m_grows && (m_pace <= 0 || position() >= end())) {
        toEnd();
    } else {
        setMode(Mode::Playing);
    }
}

void Playhead::togglePause() { isPaused() ? resume() : pause(); }

void Playhead::step(long long events) {
    pause();
    const auto here = static_cast<long long>(position());
    goTo(static_cast<std::size_t>(std::max(0LL, here + events)));
}

void Playhead::toStart() {
    setMode(Mode::Paused);
    goTo(first() + 1);
}

void Playhead::toEnd() {
    if (!m_follower) {
        return;
    }
    if (m_grows) {
        m_state = &m_follower->newest();
        m_sentence = m_follower->newestSentence();
        setMode(Mode::Live);
        emit moved();
    } else {
        setMode(Mode::Paused);
        goTo(end());
    }
}

void Playhead::seek(std::size_t wanted) {
    setMode(Mode::Paused);
    goTo(wanted);
}

void Playhead::playTo(std::size_t wanted) {
    if (!m_follower || m_pace <= 0 || wanted <= position() + 1) {
        seek(wanted);
        return;
    }
    m_playedEvents = 0;
    setMode(Mode::Playing);
    m_playUntil = wanted;
}

void Playhead::seekTime(std::uint64_t nanoseconds) {
    if (m_follower) {
        seek(m_follower->view().atTime(nanoseconds + 1));
    }
}

} // namespace lab
