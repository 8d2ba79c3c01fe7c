// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/challenge.h"

#include <memory>
#include <string>

namespace lab {

/// One play of a challenge up to some point: its model, and its judge. A value: a copy goes on by itself.
///
/// Threads: one at a time. Owner: Game, or a search. The challenge outlives it.
class Play {
public:
    /// `events` gets what happens before the first choice.
    Play(const Challenge& challenge, Variant variant, ModelEvents& events);
    Play(const Play& other);
    Play& operator=(const Play& other);
    Play(Play&&) noexcept = default;
    Play& operator=(Play&&) noexcept = default;
    ~Play() = default;

    /// What `thread` would do now. Nobody can go once the fault has shown itself.
    NextStep next(std::size_t thread) const;
    /// `thread`, for which next() says possible, does its step; its events are added to `events`.
    void go(std::size_t thread, ModelEvents& events);

    bool isOver() const; ///< nobody can go
    const std::optional<Fault>& fault() const { return m_watch->fault(); }
    std::string outcome() const { return m_model->outcome(); }
    std::string key() const { return m_model->key() + m_watch->key(); }

private:
    void watch(const ModelEvents& events, std::size_t from);

    std::size_t m_threads;
    std::unique_ptr<ChallengeModel> m_model;
    std::unique_ptr<FaultWatch> m_watch;
    std::size_t m_events = 0; ///< so far
};

} // namespace lab
