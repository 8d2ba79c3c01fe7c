// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/condition.h"
#include "engine/stepping/schedule.h"
#include "engine/trace/event.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

class Trace;

/// Who may go while a step is under way.
struct StepScope {
    enum class Whom : std::uint8_t { Everybody, Thread, Request };
    Whom whom = Whom::Everybody;
    std::uint16_t actor = 0; ///< Whom::Thread: no other thread of server or traffic records an event meanwhile
    std::uint32_t connection =
        0; ///< Whom::Request: others go as far as they must; stops at each event of this connection
};

/// How the next turn is chosen while nobody chooses by hand.
struct ChoicePolicy {
    enum class How : std::uint8_t { LongestWaiting, RoundRobin, Random };
    How how = How::LongestWaiting;
    std::uint64_t seed = 0;

    static Result<ChoicePolicy> parse(std::string_view text); ///< "random", "round-robin", or a seed
};

/// A thread at the gate, and the event that it is about to make; or one of several operations that were performed, of
/// which it tells next.
struct Candidate {
    Event pending{};
    std::string thread;
    bool isClient = false; ///< of the traffic
    /// The thread has a candidate for each operation that it could go on with. What it does first for the chosen one
    /// may be another event than `pending`, whose value is not known either.
    bool isOffer = false;
};

/// Drives a run through its gate: holds, steps, runs until, chooses who goes next, records and follows schedules.
///
/// Role: the only steering between views and engine. Decides: which thread's event happens next. While it steers,
/// one thread runs at a time: the next one goes only when the one before is back at the gate or in a blocking call,
/// so that ids come out the same whenever the same order is chosen. The traffic's clients go by themselves whenever
/// they can, and are no part of a schedule.
/// Threads: any, its own lock. Never blocks for the run. Owner: the run.
class Stepper {
public:
    enum class Mode : std::uint8_t {
        Free,     ///< the gate is open: full speed
        Paced,    ///< so many events a second
        Held,     ///< everybody at the gate, or on the way there
        Stepping, ///< a step, a run until or a schedule is under way
    };

    explicit Stepper(Trace& trace);
    ~Stepper();
    Stepper(const Stepper&) = delete;
    Stepper& operator=(const Stepper&) = delete;

    Mode mode() const;

    void hold();
    void goOn(double eventsPerSecond = 0); ///< 0: free. Ends a step, a schedule, a hold.
    void setPolicy(ChoicePolicy policy);   ///< from the next turn on
    /// As goOn(), but one thread at a time also without a pace, so that the schedule stays complete.
    void goOnInTurns(double eventsPerSecond = 0);

    /// Lets those in `scope` go until `condition` holds, then holds. `condition` as "event": one event.
    void step(Condition condition, StepScope scope = {}, double eventsPerSecond = 0);

    /// Lets the thread go that is about to make `candidate.pending`, or goes on with that operation, for that one event.
    void choose(const Candidate& candidate);

    /// Those who could go, longest waiting first; empty while the gate is open.
    std::vector<Candidate> candidates() const;

    /// While Stepping and nothing moves: why. "worker 2 waits for a completion, and nobody else may go." Else empty.
    std::string stuck() const;

    /// Follows `schedule` from its first turn on: to be called before the server starts. Then holds (`holdAfter`),
    /// or goes on by the policy. `turns`: only so many of them.
    void follow(Schedule schedule, bool holdAfter, std::size_t turns = ~std::size_t{0});
    std::optional<Divergence> divergence() const;

    /// The turns taken since the server's start, as far as the gate was engaged all the time since then; `complete`
    /// false when it was ever open in between, so that the turns after that are missing.
    Schedule schedule() const;
    bool scheduleIsComplete() const;
    /// What is done to the server now is no turn of its threads: the schedule ends here, and is not complete.
    void endSchedule();

    /// Whether the run was ever held, stepped or led by a schedule: then it is neither measured nor only paced.
    bool hasStepped() const;

    /// Waits until Held or Free, not longer than `limit`. For tests, commands and lessons; never the window.
    bool waitUntilHeld(std::chrono::milliseconds limit) const;

private:
    class State;
    std::unique_ptr<State> m_state;
};

} // namespace lab
