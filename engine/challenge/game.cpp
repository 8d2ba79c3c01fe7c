// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/game.h"

#include <algorithm>

namespace lab {

Game::Game(const Challenge& challenge, Variant variant)
    : m_challenge(&challenge)
    , m_variant(variant)
    , m_play(challenge, variant, m_events) {
    beginRecording();
}

void Game::beginRecording() {
    m_recording = std::make_shared<Recording>(2 * eventsPerBlock);
    RunInfo info;
    info.model = std::string(m_challenge->id);
    info.family = "proactive";
    info.modelTitle = std::string(m_challenge->title);
    info.processor = m_variant == Variant::Mended ? "a small model, its fault mended" : "a small model, fault planted";
    info.threads = static_cast<unsigned>(m_challenge->threads.size());
    info.scenario = m_variant == Variant::Mended ? "challenge, mended" : "challenge";
    info.paced = true; // its times are no measurement
    m_recording->setInfo(std::move(info));
    record();
}

/// Brings the recording up to what has happened.
void Game::record() {
    const auto& names = m_events.names();
    for (auto id = m_recording->names().size(); id < names.size(); ++id) {
        m_recording->intern(names[id]);
    }
    m_recording->append(std::span(m_events.events()).subspan(m_recording->end()));
    std::vector<ActorCount> counts;
    for (const auto count : m_events.counts()) {
        counts.push_back({.emitted = count, .stored = count, .lost = 0});
    }
    m_recording->setCounts(std::move(counts));
}

std::vector<Game::Choice> Game::choices() const {
    std::vector<Choice> all;
    for (std::size_t thread = 0; thread < m_challenge->threads.size(); ++thread) {
        all.push_back({m_challenge->threads[thread], m_play.next(thread)});
    }
    return all;
}

Result<void> Game::choose(std::size_t thread) {
    if (thread >= m_challenge->threads.size()) {
        return Error{"there is no thread " + std::to_string(thread + 1) + " in " + std::string(m_challenge->id)};
    }
    const auto step = m_play.next(thread);
    if (!step.possible) {
        return Error{"step " + std::to_string(m_chosen.size() + 1) + ": " + std::string(m_challenge->threads[thread]) +
                     " cannot go: it " + step.about};
    }
    m_chosen.push_back({thread, step.about, m_events.events().size()});
    m_play.go(thread, m_events);
    record();
    return {};
}

Result<void> Game::choose(std::span<const std::size_t> threads) {
    for (const auto thread : threads) {
        if (auto done = choose(thread); !done) {
            return done;
        }
    }
    return {};
}

/// By playing the rest again: a model is deterministic, and a play is short.
void Game::undo(std::size_t steps) {
    auto kept = order();
    kept.resize(kept.size() - std::min(steps, kept.size()));
    m_events = {};
    m_play = Play(*m_challenge, m_variant, m_events);
    m_chosen.clear();
    beginRecording();
    static_cast<void>(choose(kept)); // they could all go before
}

void Game::restart() { undo(m_chosen.size()); }

std::vector<std::size_t> Game::order() const {
    std::vector<std::size_t> threads;
    for (const auto& one : m_chosen) {
        threads.push_back(one.thread);
    }
    return threads;
}

std::size_t Game::stepsAt(std::size_t index) const {
    const auto after = std::upper_bound(m_chosen.begin(), m_chosen.end(), index,
                                        [](std::size_t at, const Chosen& one) { return at < one.firstEvent; });
    return static_cast<std::size_t>(after - m_chosen.begin());
}

std::string Game::explanation() const {
    if (!isOver()) {
        return {};
    }
    if (isSolved()) {
        return fault()->words + ' ' + m_play.outcome() + ' ' + std::string(m_challenge->remedy);
    }
    return m_play.outcome() + ' ' +
           (m_variant == Variant::Mended ? std::string(m_challenge->mending)
                                         : std::string("This order was lucky: undo some steps, or start again."));
}

} // namespace lab
