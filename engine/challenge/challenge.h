// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/fault_watch.h"
#include "engine/challenge/model_events.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A challenge's model comes with the fault planted in it, and with the fault repaired.
enum class Variant : std::uint8_t { Planted, Mended };

/// What a thread of a model is about to do.
struct NextStep {
    bool possible = false;
    std::string about; ///< "takes the completed read of #1 from the queue"; else why it cannot go
};

/// A small model of a server: a few threads, each a program of explicit steps over objects that they share.
///
/// Not the lab's engine: made to be broken by an unlucky order of steps, which here a person chooses. Deterministic:
/// the state and the thread that is chosen decide the next state and its events, so that it can be searched. What
/// would be undefined behaviour in a real server is a value here that tells of it.
/// Threads: one at a time. Owner: Play.
class ChallengeModel {
public:
    virtual ~ChallengeModel() = default;
    virtual std::unique_ptr<ChallengeModel> clone() const = 0;

    /// What happens before the first choice: threads start, clients connect. Called once.
    virtual void begin(ModelEvents& events) = 0;

    virtual NextStep next(std::size_t thread) const = 0;
    /// Does `thread`'s next step, which must be possible.
    virtual void go(std::size_t thread, ModelEvents& events) = 0;

    /// All of the state: two models with the same key go on alike.
    virtual std::string key() const = 0;

    /// What has come of it so far, in words.
    virtual std::string outcome() const = 0;
};

/// One challenge: what a person is told, and how its model and its judge are made. One entry here is one item of the
/// window's menu and of `challenge`.
struct Challenge {
    std::string_view id;                   ///< "lost-wake-up"
    std::string_view title;                ///< "The lost wake-up"
    std::string_view story;                ///< what the little server does
    std::string_view task;                 ///< what is to be found
    std::string_view remedy;               ///< how the pattern avoids it
    std::string_view example;              ///< where the engine does so: "engine/dispatch/completion_queue.cpp"
    std::string_view function;             ///< in that file: "CompletionQueue::pop"
    std::string_view mending;              ///< what the mended variant does otherwise
    std::vector<std::string_view> threads; ///< the names of those who can be chosen, in their order
    std::unique_ptr<ChallengeModel> (*makeModel)(Variant variant);
    std::unique_ptr<FaultWatch> (*makeWatch)();
};

/// What every view, page and command says of the models.
inline constexpr std::string_view modelNotice = "A small model with a planted fault, not the lab’s engine.";
inline constexpr std::string_view mendedNotice = "The small model with its fault mended, not the lab’s engine.";

/// All of them. A new one is a file and a line in challenge_list.cpp.
std::span<const Challenge> challenges();

/// Null where there is no such id.
const Challenge* findChallenge(std::string_view id);

} // namespace lab
