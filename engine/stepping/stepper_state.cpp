// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/stepper_state.h"

#include "engine/base/clock.h"

#include <algorithm>
#include <utility>

namespace lab {

namespace {

/// Whether `connection` of an event is the server's number, and not a client's.
bool isOfServer(const Event& event) {
    return event.type() < EventType::PhaseStarted || event.type() > EventType::ClientClosed;
}

} // namespace

Stepper::State::State(Trace& trace)
    : m_trace(trace) {
    gate().setObserver([this](const Event* event, bool isClient) { observe(event, isClient); }, this);
}

Stepper::State::~State() {
    {
        const auto lock = gate().lock();
        goOn(0, lock);
    }
    gate().setObserver({}, nullptr);
}

Stepper::Mode Stepper::State::mode(const Lock& lock) const {
    switch (gate().mode(lock)) {
    case Gate::Mode::Open: return Mode::Free;
    case Gate::Mode::Holding: return Mode::Held;
    case Gate::Mode::Running: break;
    }
    return m_task == Task::GoOn && gate().pace() > 0 ? Mode::Paced : Mode::Stepping;
}

/// Before the gate is engaged: when nothing was marked yet, the turns from now on are all there are.
void Stepper::State::begin(Task task, double pace, const Lock& lock) {
    if (gate().mode(lock) == Gate::Mode::Open && m_trace.marked() == 0) {
        m_turns.begin();
    }
    m_task = task;
    m_hasStepped = m_hasStepped || task != Task::GoOn;
    gate().run({.mayGo = [this](const GateWaiter& waiter) { return mayGo(waiter); },
                .stopAfter = [this](const Event& event) { return isEnd(event); },
                .choose = [this](std::span<const GateWaiter> waiting) { return chooseNext(waiting); },
                .pace = std::max(0.0, pace),
                .inTurns = task != Task::GoOn || pace <= 0 || m_turns.isComplete()},
               lock);
}

void Stepper::State::leaveSchedule() {
    gate().setFollows(false);
    m_follower.reset();
}

void Stepper::State::hold(const Lock& lock) {
    leaveSchedule();
    if (gate().mode(lock) == Gate::Mode::Open && m_trace.marked() == 0) {
        m_turns.begin();
    }
    m_hasStepped = true;
    gate().hold(lock);
}

void Stepper::State::goOn(double pace, const Lock& lock) {
    leaveSchedule();
    if (pace > 0) {
        begin(Task::GoOn, pace, lock);
    } else {
        gate().release(lock);
    }
}

void Stepper::State::goOnInTurns(double pace, const Lock& lock) {
    leaveSchedule();
    m_hasStepped = true;
    begin(Task::GoOn, pace, lock);
}

void Stepper::State::setPolicy(ChoicePolicy policy, const Lock&) {
    m_policy = policy;
    m_random.seed(policy.seed);
}

ConditionWatch Stepper::State::watch(Condition condition) {
    const bool counts = condition.kind == Condition::Kind::Connections || condition.kind == Condition::Kind::Latency;
    ConditionWatch watch(std::move(condition), 0);
    if (counts) {
        // What is open or under way now is in the recording, once nobody moves.
        constexpr std::int64_t moment = 50'000'000;
        hold(gate().lock());
        gate().waitUntilStill(monotonicNanoseconds() + moment);
        m_trace.flush();
        const auto view = m_trace.recording().view();
        for (auto index = view.first(); index < view.end(); ++index) {
            watch.apply(view[index], view[index].time, {});
        }
    }
    return watch;
}

void Stepper::State::step(ConditionWatch watch, StepScope scope, double pace, const Lock& lock) {
    leaveSchedule();
    m_watch = std::move(watch);
    m_scope = scope;
    begin(Task::Step, pace, lock);
}

void Stepper::State::choose(const Event& pending, const Lock& lock) {
    const auto waiting = gate().waiting(lock);
    const bool isThere = std::any_of(waiting.begin(), waiting.end(), [&](const GateWaiter& waiter) {
        return waiter.event.actor == pending.actor && waiter.event.typeAndSequence == pending.typeAndSequence &&
               waiter.event.operation == pending.operation;
    });
    if (isThere) {
        leaveSchedule();
        m_chosen = pending;
        begin(Task::Choice, 0, lock);
    }
}

void Stepper::State::follow(Schedule schedule, bool holdAfter, std::size_t turns, const Lock& lock) {
    m_divergence.reset();
    m_holdAfter = holdAfter;
    m_follower.emplace(std::move(schedule), turns);
    if (!m_follower->done()) {
        gate().setFollows(true);
        begin(Task::Follow, 0, lock);
    } else if (holdAfter) {
        hold(lock);
    } else {
        goOnInTurns(0, lock);
    }
}

const std::string& Stepper::State::threadName(const Event& event) const {
    auto [entry, isNew] = m_names.try_emplace(event.actor);
    // Actors are used again.
    if (isNew || event.type() == EventType::ThreadStarted) {
        entry->second = m_trace.threadName(event.actor);
    }
    return entry->second;
}

/// Every event that went through the engaged gate; null: the gate is open, or others let threads go.
void Stepper::State::observe(const Event* event, bool isClient) {
    if (event == nullptr) {
        m_turns.end();
        m_names.clear();
        m_last.clear();
        leaveSchedule();
        return;
    }
    const auto& name = threadName(*event);
    if (!isClient) {
        m_turns.add(*event, name);
        m_lastActor = event->actor;
        if (m_task == Task::Follow && m_follower) {
            m_follower->advance();
        }
    }
    if (event->type() == EventType::ThreadEnded) {
        m_last.erase(event->actor);
    } else {
        m_last[event->actor] = *event;
    }
}

bool Stepper::State::mayGo(const GateWaiter& waiter) const {
    const auto actor = waiter.event.actor;
    const bool isChosen = actor == m_chosen.actor && (!waiter.isOffer || waiter.event.operation == m_chosen.operation);
    return (m_task != Task::Choice || isChosen) &&
           (m_task != Task::Step || m_scope.whom != StepScope::Whom::Thread || actor == m_scope.actor);
}

/// After an event that was observed: whether everybody is to be held.
bool Stepper::State::isEnd(const Event& happened) {
    switch (m_task) {
    case Task::GoOn: return false;
    case Task::Step: return stepEnds(happened);
    case Task::Choice: return happened.actor == m_chosen.actor; // else it was under way already
    case Task::Follow: break;
    }
    if (m_follower && !m_follower->done()) {
        return false;
    }
    leaveSchedule();
    m_task = Task::GoOn;
    return m_holdAfter;
}

bool Stepper::State::stepEnds(const Event& happened) {
    const auto& condition = m_watch->condition();
    const auto time = static_cast<std::uint64_t>(m_trace.clock().sinceStart(happened.time));
    // The watch cannot count events: those of threads that are not held pass it by.
    const bool holds = condition.kind == Condition::Kind::EventNumber
                           ? static_cast<double>(m_trace.marked()) > condition.value
                           : m_watch->apply(happened, time, threadName(happened));
    switch (m_scope.whom) {
    case StepScope::Whom::Everybody: return holds;
    case StepScope::Whom::Thread:
        return happened.actor == m_scope.actor && (holds || happened.type() == EventType::ThreadEnded);
    case StepScope::Whom::Request: break;
    }
    return holds && happened.connection == m_scope.connection && isOfServer(happened);
}

std::size_t Stepper::State::chooseNext(std::span<const GateWaiter> waiting) {
    return m_task == Task::Follow ? chooseBySchedule(waiting) : chooseByPolicy(waiting);
}

std::size_t Stepper::State::chooseByPolicy(std::span<const GateWaiter> waiting) {
    if (m_task == Task::Step && m_scope.whom == StepScope::Whom::Request) {
        const auto own = std::find_if(waiting.begin(), waiting.end(), [&](const GateWaiter& waiter) {
            return waiter.event.connection == m_scope.connection && isOfServer(waiter.event);
        });
        if (own != waiting.end()) {
            return static_cast<std::size_t>(own - waiting.begin());
        }
    }
    if (m_policy.how == ChoicePolicy::How::LongestWaiting || waiting.size() == 1) {
        return 0;
    }
    const auto client =
        std::find_if(waiting.begin(), waiting.end(), [](const auto& waiter) { return waiter.isClient; });
    if (client != waiting.end()) {
        return static_cast<std::size_t>(client - waiting.begin());
    }
    if (m_policy.how == ChoicePolicy::How::Random) {
        return static_cast<std::size_t>(m_random() % waiting.size());
    }
    // The next higher actor than the last one; else the lowest.
    const auto distance = [&](const GateWaiter& waiter) {
        return static_cast<std::uint16_t>(waiter.event.actor - m_lastActor - 1);
    };
    const auto next = std::min_element(waiting.begin(), waiting.end(),
                                       [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    return static_cast<std::size_t>(next - waiting.begin());
}

std::optional<PlannedEvent> Stepper::State::planned(std::uint16_t actor, std::size_t ahead) const {
    Event event{};
    event.actor = actor;
    event.typeAndSequence = static_cast<std::uint32_t>(EventType::Count);
    const auto* turn = m_follower ? m_follower->planned(threadName(event), ahead) : nullptr;
    return turn == nullptr ? std::nullopt
                           : std::optional(PlannedEvent{turn->type, turn->kind, turn->connection, turn->operation});
}

} // namespace lab
