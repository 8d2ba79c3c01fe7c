// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/challenge.h"

#include <array>
#include <sstream>

namespace lab {

/// What models have in common: each thread is at one step of its program.
///
/// `World` is the model itself, a value: copying it copies all shared objects and where each thread is. It has
/// `const Step& stepOf(std::size_t thread, std::uint8_t at) const`, the programs. `threads`: how many there are.
template <typename World, std::size_t threads>
class SteppedModel : public ChallengeModel {
public:
    /// One step of a program: what it would do now, if it can; and what it does. `go` returns the thread's next step.
    struct Step {
        NextStep (World::*next)(std::size_t thread) const;
        std::uint8_t (World::*go)(std::size_t thread, ModelEvents& events);
    };

    std::unique_ptr<ChallengeModel> clone() const override { return std::make_unique<World>(world()); }

    NextStep next(std::size_t thread) const override { return (world().*step(thread).next)(thread); }

    void go(std::size_t thread, ModelEvents& events) override {
        m_at[thread] = (static_cast<World&>(*this).*step(thread).go)(thread, events);
    }

protected:
    /// For key(): values, each ended by a separator that none of them holds.
    template <typename... Values>
    std::string keyOf(const Values&... values) const {
        std::ostringstream key;
        for (const auto at : m_at) {
            key << static_cast<unsigned>(at) << '\n';
        }
        ((key << values << '\n'), ...);
        return key.str();
    }

private:
    const World& world() const { return static_cast<const World&>(*this); }
    const Step& step(std::size_t thread) const { return world().stepOf(thread, m_at[thread]); }

    std::array<std::uint8_t, threads> m_at{}; ///< by thread: which step of its program comes next
};

} // namespace lab
