// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/recording_follower.h"

#include <algorithm>

namespace lab {

namespace {

using Clock = std::chrono::steady_clock;

/// Reading all names costs; a program outside may ask for thousands of different paths.
constexpr std::size_t manyNames = 500;
/// The index looks through everything that it knows to forget what the recording has forgotten: now and then only.
constexpr std::size_t manyForgotten = 1'000'000;
constexpr auto glossaryInterval = std::chrono::milliseconds(200);

} // namespace

RecordingFollower::RecordingFollower(std::shared_ptr<Recording> recording)
    : m_history(std::move(recording))
    , m_glossary(Glossary::of(*m_history.recording()))
    , m_glossaryRead(Clock::now()) {}

std::size_t RecordingFollower::follow(std::chrono::microseconds budget) {
    const auto deadline = Clock::now() + budget;
    m_view = recording()->view();
    const auto end = m_view.end();
    if (newest().next >= end) {
        return 0;
    }
    while (newest().next + 1 < end && Clock::now() < deadline) {
        const auto before = newest().next;
        fold(std::min((before / RunSeries::spacing + 1) * RunSeries::spacing, end - 1));
        if (newest().next == before) {
            break;
        }
    }
    refreshGlossary();
    // The last one alone, because its sentence needs the state just before it.
    const auto last = newest().next;
    if (last >= m_view.first()) {
        m_sentence = narrate(m_view[last], newest(), m_glossary);
    }
    fold(last + 1);
    return end - newest().next;
}

void RecordingFollower::fold(std::size_t end) {
    const auto begin = newest().next;
    m_history.follow(end - begin);
    for (auto index = std::max(begin, m_view.first()); index < newest().next;) {
        auto events = m_view.run(index);
        events = events.first(std::min(events.size(), newest().next - index));
        m_series.add(events, newest());
        m_threadNames.add(events, index);
        m_conversations.add(events, index);
        index += events.size();
    }
    if (m_view.first() >= m_firstIndexed + manyForgotten) {
        m_firstIndexed = m_view.first();
        m_conversations.dropBefore(m_firstIndexed);
    }
    m_lanes.follow(m_view, newest().next - std::min(newest().next, m_lanes.next()));
}

void RecordingFollower::refreshGlossary() {
    const auto now = Clock::now();
    if (m_glossary.names.size() < manyNames || now - m_glossaryRead > glossaryInterval) {
        m_glossary = Glossary::of(*recording());
        m_glossaryRead = now;
    }
}

std::string RecordingFollower::nameOfThread(std::uint16_t actor, std::size_t index) const {
    const auto name = m_glossary.name(m_threadNames.at(actor, index));
    return name.empty() ? "thread " + std::to_string(actor) : std::string(name);
}

} // namespace lab
