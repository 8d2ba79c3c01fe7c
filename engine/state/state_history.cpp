// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lab {

namespace {

/// Folding so many blocks takes well under a tenth of a second.
constexpr std::size_t maximumSpacing = 16;
/// How far a step back may have to fold.
constexpr std::size_t stepDistance = 2048;

void fold(LabState& state, const RecordingView& view, std::size_t end) {
    while (state.next < end) {
        const auto run = view.run(state.next);
        const auto count = std::min(run.size(), end - state.next);
        for (std::size_t index = 0; index < count; ++index) {
            state.apply(run[index]);
        }
    }
}

} // namespace

StateHistory::StateHistory(std::shared_ptr<Recording> recording, std::size_t maximumOctets)
    : m_recording(std::move(recording))
    , m_follower(m_recording->addFollower())
    , m_view(m_recording->view())
    , m_maximumOctets(maximumOctets) {
    m_newest.next = m_view.first();
    m_visited = m_newest;
    m_behind = m_newest;
    addCheckpoint();
}

StateHistory::~StateHistory() { m_recording->removeFollower(m_follower); }

std::size_t StateHistory::follow(std::size_t maximumEvents) {
    const auto former = std::exchange(m_view, m_recording->view());
    dropCheckpointsBefore(m_view.first(), former);
    const auto end = m_newest.next + std::min(maximumEvents, m_view.end() - m_newest.next);
    while (m_newest.next < end) {
        const auto blockEnd = (m_newest.next / eventsPerBlock + 1) * eventsPerBlock;
        fold(m_newest, m_view, std::min(end, blockEnd));
        if (m_newest.next == blockEnd && blockEnd / eventsPerBlock % m_spacing == 0) {
            addCheckpoint();
            thinCheckpoints();
        }
    }
    return m_view.end() - m_newest.next;
}

void StateHistory::addCheckpoint() {
    m_newest.compact();
    auto& checkpoint = m_checkpoints[m_newest.next] = m_newest;
    m_octets += checkpoint.octets();
    m_recording->letGo(m_follower, m_newest.next);
}

/// Memory has a bound (with ten thousand connections a checkpoint takes some 5 MB, with a hundred 50 kB): when it is
/// reached, every second checkpoint goes, and seeking costs a little more.
void StateHistory::thinCheckpoints() {
    while (m_octets > m_maximumOctets && m_spacing < maximumSpacing) {
        m_spacing *= 2;
        auto place = std::next(m_checkpoints.begin());
        while (place != m_checkpoints.end() && std::next(place) != m_checkpoints.end()) {
            if (place->first / eventsPerBlock % m_spacing == 0) {
                ++place;
                continue;
            }
            m_octets -= std::min(m_octets, place->second.octets());
            place = m_checkpoints.erase(place);
        }
    }
}

/// The recording has dropped what is before `index`. A checkpoint stands where it begins now: where thinning took
/// it, it is made again from the one before, whose events the former view still holds.
void StateHistory::dropCheckpointsBefore(std::size_t index, const RecordingView& formerView) {
    if (m_checkpoints.begin()->first >= index) {
        return;
    }
    const auto base = std::prev(m_checkpoints.upper_bound(index));
    if (base->first < index) {
        auto state = std::move(base->second);
        fold(state, formerView, index);
        m_checkpoints[index] = std::move(state);
    }
    m_checkpoints.erase(m_checkpoints.begin(), m_checkpoints.find(index));
    m_octets = 0;
    for (const auto& [next, state] : m_checkpoints) {
        m_octets += state.octets();
    }
}

std::size_t StateHistory::first() const { return m_checkpoints.begin()->first; }

const LabState& StateHistory::nearestBefore(std::size_t index) const {
    const LabState* nearest = &std::prev(m_checkpoints.upper_bound(index))->second;
    for (const auto* other : {&m_visited, &m_behind, &m_newest}) {
        if (other->next <= index && other->next > nearest->next) {
            nearest = other;
        }
    }
    return *nearest;
}

const LabState& StateHistory::at(std::size_t index) {
    index = std::clamp(index, first(), m_newest.next);
    if (index == m_newest.next) {
        return m_newest;
    }
    if (index == m_visited.next) {
        return m_visited;
    }
    const auto& nearest = nearestBefore(index);
    if (index - nearest.next > stepDistance) {
        // A long way: leave a state behind, shortly before the end of it.
        m_behind = nearest;
        fold(m_behind, m_view, index - stepDistance / 2);
        m_visited = m_behind;
    } else if (&nearest != &m_visited) {
        m_visited = nearest;
    }
    fold(m_visited, m_view, index);
    return m_visited;
}

} // namespace lab
