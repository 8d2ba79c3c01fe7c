// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/play.h"

namespace lab {

Play::Play(const Challenge& challenge, Variant variant, ModelEvents& events)
    : m_threads(challenge.threads.size())
    , m_model(challenge.makeModel(variant))
    , m_watch(challenge.makeWatch()) {
    const auto from = events.events().size();
    m_model->begin(events);
    watch(events, from);
}

Play::Play(const Play& other)
    : m_threads(other.m_threads)
    , m_model(other.m_model->clone())
    , m_watch(other.m_watch->clone())
    , m_events(other.m_events) {}

Play& Play::operator=(const Play& other) {
    if (this != &other) {
        *this = Play(other);
    }
    return *this;
}

NextStep Play::next(std::size_t thread) const {
    if (fault()) {
        return {false, "stands still: the fault has shown itself"};
    }
    return m_model->next(thread);
}

void Play::go(std::size_t thread, ModelEvents& events) {
    const auto from = events.events().size();
    m_model->go(thread, events);
    watch(events, from);
}

bool Play::isOver() const {
    for (std::size_t thread = 0; thread < m_threads; ++thread) {
        if (next(thread).possible) {
            return false;
        }
    }
    return true;
}

void Play::watch(const ModelEvents& events, std::size_t from) {
    for (auto at = from; at < events.events().size(); ++at) {
        m_watch->apply(events.events()[at], m_events++);
    }
}

} // namespace lab
