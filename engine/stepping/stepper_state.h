// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/schedule_follower.h"
#include "engine/stepping/stepper.h"
#include "engine/stepping/turn_log.h"
#include "engine/trace/trace.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <random>
#include <span>
#include <string>

namespace lab {

/// What a Stepper knows and wants. Decides: who goes next.
///
/// Threads: all functions but watch() with the gate's lock held, which `Lock` stands for; the gate calls it back with
/// the lock held as well. Owner: the Stepper.
class Stepper::State final : public TurnPlan {
public:
    using Lock = Gate::Lock;

    explicit State(Trace& trace);
    ~State() override;
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Trace& trace() const { return m_trace; }
    Gate& gate() const { return m_trace.gate(); }

    Mode mode(const Lock& lock) const;
    void hold(const Lock& lock);
    void goOn(double pace, const Lock& lock);
    void goOnInTurns(double pace, const Lock& lock);
    void setPolicy(ChoicePolicy policy, const Lock& lock);
    /// A watch that knows what has happened so far, where its condition counts. Without the lock.
    ConditionWatch watch(Condition condition);
    void step(ConditionWatch watch, StepScope scope, double pace, const Lock& lock);
    void choose(const Event& pending, const Lock& lock);
    void follow(Schedule schedule, bool holdAfter, std::size_t turns, const Lock& lock);
    /// Ends a schedule whose next turn has not come for too long.
    void giveUpWaiting(const Lock& lock);

    std::string stuck(const Lock& lock);
    const std::optional<Divergence>& divergence() const { return m_divergence; }
    const TurnLog& turns() const { return m_turns; }
    void endTurns() { m_turns.end(); }
    bool hasStepped() const { return m_hasStepped; }
    /// Of the thread that is about to make `event`, or has made it.
    const std::string& threadName(const Event& event) const;

    std::optional<PlannedEvent> planned(std::uint16_t actor, std::size_t ahead) const override;

private:
    enum class Task : std::uint8_t { GoOn, Step, Choice, Follow };

    void begin(Task task, double pace, const Lock& lock);
    void leaveSchedule();
    void observe(const Event* event, bool isClient);
    bool mayGo(const GateWaiter& waiter) const;
    bool isEnd(const Event& happened);
    bool stepEnds(const Event& happened);
    std::size_t chooseNext(std::span<const GateWaiter> waiting);
    std::size_t chooseByPolicy(std::span<const GateWaiter> waiting);
    std::size_t chooseBySchedule(std::span<const GateWaiter> waiting);
    void diverge(const std::string& why);
    std::string absence(const Turn& wanted) const;
    std::string whatItDoes(std::uint16_t actor) const;
    bool isKnown(const std::string& thread) const;
    std::int64_t patience() const;

    Trace& m_trace;
    Task m_task = Task::GoOn;
    bool m_hasStepped = false;
    std::optional<ConditionWatch> m_watch;
    StepScope m_scope;
    Event m_chosen{}; ///< Task::Choice
    ChoicePolicy m_policy;
    std::mt19937_64 m_random;
    std::uint16_t m_lastActor = 0; ///< for the round robin
    TurnLog m_turns;
    std::optional<ScheduleFollower> m_follower;
    bool m_holdAfter = false;
    std::optional<Divergence> m_divergence;
    mutable boost::unordered_flat_map<std::uint16_t, std::string> m_names; ///< by actor
    boost::unordered_flat_map<std::uint16_t, Event> m_last;                ///< by actor; of living threads
};

} // namespace lab
