// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/stepper.h"

#include "engine/base/clock.h"
#include "engine/stepping/stepper_state.h"

#include <boost/lexical_cast/try_lexical_convert.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace lab {

Result<ChoicePolicy> ChoicePolicy::parse(std::string_view text) {
    if (text == "round-robin") {
        return ChoicePolicy{.how = How::RoundRobin};
    }
    if (text == "random") {
        return ChoicePolicy{.how = How::Random, .seed = std::random_device{}()};
    }
    std::uint64_t seed = 0;
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits || !boost::conversion::try_lexical_convert(text, seed)) {
        return Error{"\"" + std::string(text) + "\" must be random, round-robin, or a whole number as seed"};
    }
    return ChoicePolicy{.how = How::Random, .seed = seed};
}

Stepper::Stepper(Trace& trace)
    : m_state(std::make_unique<State>(trace)) {}

Stepper::~Stepper() = default;

Stepper::Mode Stepper::mode() const {
    const auto lock = m_state->gate().lock();
    m_state->giveUpWaiting(lock);
    return m_state->mode(lock);
}

void Stepper::hold() {
    const auto lock = m_state->gate().lock();
    m_state->hold(lock);
}

void Stepper::goOn(double eventsPerSecond) {
    const auto lock = m_state->gate().lock();
    m_state->goOn(eventsPerSecond, lock);
}

void Stepper::goOnInTurns(double eventsPerSecond) {
    const auto lock = m_state->gate().lock();
    m_state->goOnInTurns(eventsPerSecond, lock);
}

void Stepper::setPolicy(ChoicePolicy policy) {
    const auto lock = m_state->gate().lock();
    m_state->setPolicy(policy, lock);
}

void Stepper::step(Condition condition, StepScope scope, double eventsPerSecond) {
    auto watch = m_state->watch(std::move(condition));
    const auto lock = m_state->gate().lock();
    m_state->step(std::move(watch), scope, eventsPerSecond, lock);
}

void Stepper::choose(const Candidate& candidate) {
    const auto lock = m_state->gate().lock();
    m_state->choose(candidate.pending, lock);
}

std::vector<Candidate> Stepper::candidates() const {
    std::vector<Candidate> all;
    const auto lock = m_state->gate().lock();
    if (m_state->gate().mode(lock) == Gate::Mode::Open) {
        return all; // those who have not noticed yet are on their way
    }
    for (const auto& waiter : m_state->gate().waiting(lock)) {
        all.push_back({waiter.event, m_state->threadName(waiter.event), waiter.isClient, waiter.isOffer});
    }
    return all;
}

std::string Stepper::stuck() const {
    const auto lock = m_state->gate().lock();
    m_state->giveUpWaiting(lock);
    return m_state->stuck(lock);
}

void Stepper::follow(Schedule schedule, bool holdAfter, std::size_t turns) {
    const auto lock = m_state->gate().lock();
    m_state->follow(std::move(schedule), holdAfter, turns, lock);
}

std::optional<Divergence> Stepper::divergence() const {
    const auto lock = m_state->gate().lock();
    m_state->giveUpWaiting(lock);
    return m_state->divergence();
}

Schedule Stepper::schedule() const {
    const auto info = m_state->trace().recording().info();
    const auto lock = m_state->gate().lock();
    return {.model = info.model,
            .scenario = info.scenario,
            .seed = info.seed,
            .threads = info.threads,
            .turns = m_state->turns().turns()};
}

bool Stepper::scheduleIsComplete() const {
    const auto lock = m_state->gate().lock();
    return m_state->turns().isComplete();
}

void Stepper::endSchedule() {
    const auto lock = m_state->gate().lock();
    m_state->endTurns();
}

bool Stepper::hasStepped() const {
    const auto lock = m_state->gate().lock();
    return m_state->hasStepped();
}

bool Stepper::waitUntilHeld(std::chrono::milliseconds limit) const {
    const auto until = monotonicNanoseconds() + std::chrono::nanoseconds(limit).count();
    bool still = false;
    while (!still && monotonicNanoseconds() < until) {
        constexpr std::int64_t slice = 50'000'000; // a schedule may be given up by nobody's doing
        still = m_state->gate().waitUntilStill(std::min(until, monotonicNanoseconds() + slice));
        const auto lock = m_state->gate().lock();
        m_state->giveUpWaiting(lock);
    }
    m_state->trace().flush();
    return still;
}

} // namespace lab
