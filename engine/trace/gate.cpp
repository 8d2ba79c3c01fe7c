// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/gate.h"

#include "engine/base/clock.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lab {

namespace {

/// Timers are late by some 0.1 ms, on a busy machine by more: so much of it is made up for. Shorter than a frame,
/// so that after a rest no eye sees several events at once.
constexpr std::int64_t catchUp = 10'000'000;

/// From one event to the next, in ns; not longer than a day.
std::int64_t interval(double pace) { return static_cast<std::int64_t>(std::min(1e9 / pace, 86'400e9)); }

} // namespace

void Gate::change(Mode mode) {
    m_mode = m_openForGood ? Mode::Open : mode;
    const bool engaged = m_mode != Mode::Open;
    m_engaged.store(engaged, std::memory_order_relaxed);
    if (engaged) {
        m_wasEngaged.store(true, std::memory_order_relaxed);
    }
    m_pace.store(m_mode == Mode::Running ? m_run.pace : 0, std::memory_order_relaxed);
    // A faster pace counts at once; but a slider on its way sets many paces, and none of them gives an event away.
    m_nextTurn = m_mode == Mode::Running && m_run.pace > 0
                     ? std::min(m_nextTurn, monotonicNanoseconds() + interval(m_run.pace))
                     : 0;
    grant();
    m_changed.notify_all();
}

void Gate::setPace(double eventsPerSecond) {
    const std::lock_guard lock(m_mutex);
    m_run = {};
    m_run.pace = std::max(0.0, eventsPerSecond);
    change(eventsPerSecond > 0 ? Mode::Running : Mode::Open);
}

void Gate::hold() {
    const std::lock_guard lock(m_mutex);
    change(Mode::Holding);
}

void Gate::run(GateRun run) {
    const std::lock_guard lock(m_mutex);
    m_run = std::move(run);
    change(Mode::Running);
}

void Gate::open() {
    const std::lock_guard lock(m_mutex);
    m_openForGood = true;
    change(Mode::Open);
}

bool Gate::holding() const {
    const std::lock_guard lock(m_mutex);
    return m_mode == Mode::Holding && !m_underWay;
}

std::vector<Event> Gate::waiting() const {
    const std::lock_guard lock(m_mutex);
    std::vector<Event> events;
    for (const auto* waiter : m_waiters) {
        events.push_back(waiter->event);
    }
    return events;
}

bool Gate::pass(const Event& pending) {
    std::unique_lock lock(m_mutex);
    if (m_mode == Mode::Open) {
        return false;
    }
    Waiter self{.event = pending};
    m_waiters.push_back(&self);
    grant();
    while (!self.granted && m_mode != Mode::Open) {
        // Whoever waits longest also minds the clock for all. Once it is time and still nobody may go, it waits to
        // be told like the others.
        const bool mindsClock = m_mode == Mode::Running && !m_underWay && m_nextTurn > 0 && m_waiters.front() == &self;
        const auto left = mindsClock ? m_nextTurn - monotonicNanoseconds() : 0;
        if (left > 0) {
            m_changed.wait_for(lock, std::chrono::nanoseconds(left));
            grant();
        } else if (!mindsClock || !grantNow(self)) {
            m_changed.wait(lock);
        }
    }
    if (!self.granted) {
        std::erase(m_waiters, &self);
        accountTime();
    }
    return self.granted;
}

void Gate::published(const Event& event) {
    const std::lock_guard lock(m_mutex);
    m_underWay = false;
    if (m_mode == Mode::Running && m_run.stopAfter && m_run.stopAfter(event)) {
        change(Mode::Holding);
    } else {
        grant();
        m_changed.notify_all();
    }
}

bool Gate::paceAllows() {
    if (m_run.pace <= 0) {
        return true;
    }
    const auto now = monotonicNanoseconds();
    if (now < m_nextTurn) {
        return false;
    }
    const auto due = m_nextTurn == 0 ? now : m_nextTurn;
    m_nextTurn = std::max(due, now - catchUp) + interval(m_run.pace);
    return true;
}

bool Gate::grantNow(const Waiter& waiter) {
    grant();
    return waiter.granted;
}

/// Lets the next one go, if anybody may.
void Gate::grant() {
    if (m_mode == Mode::Running && !m_underWay && !m_waiters.empty()) {
        std::vector<Event> candidates;
        std::vector<Waiter*> owners;
        for (auto* waiter : m_waiters) {
            if (!m_run.mayGo || m_run.mayGo(waiter->event)) {
                candidates.push_back(waiter->event);
                owners.push_back(waiter);
            }
        }
        const auto chosen = candidates.empty() ? GateRun::nobody : m_run.choose ? m_run.choose(candidates) : 0;
        if (chosen < owners.size() && paceAllows()) {
            owners[chosen]->granted = true;
            m_underWay = true;
            std::erase(m_waiters, owners[chosen]);
            m_changed.notify_all();
        }
    }
    accountTime();
}

/// Time stands while anybody is held, and while nothing was asked for.
void Gate::accountTime() {
    const bool stands = m_mode == Mode::Holding || (m_mode == Mode::Running && !m_waiters.empty());
    if (stands == m_timeStands) {
        return;
    }
    m_timeStands = stands;
    if (stands) {
        // In this order: who reads the clock and then finds the flag unset has read it before m_standsSince.
        m_timeEverStood.store(true, std::memory_order_seq_cst);
        m_standsSince = monotonicNanoseconds();
    } else {
        m_stoodInAll += monotonicNanoseconds() - m_standsSince;
    }
}

std::int64_t Gate::now() const {
    const auto clock = monotonicNanoseconds();
    if (!m_timeEverStood.load(std::memory_order_seq_cst)) {
        return clock;
    }
    const std::lock_guard lock(m_mutex);
    return (m_timeStands ? m_standsSince : monotonicNanoseconds()) - m_stoodInAll;
}

} // namespace lab
