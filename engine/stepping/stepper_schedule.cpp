// SPDX-License-Identifier: GPL-3.0-or-later
// How a Stepper follows a schedule, and what it says when nothing moves.
#include "engine/base/clock.h"
#include "engine/stepping/stepper_state.h"

#include <algorithm>

namespace lab {

namespace {

/// So long nothing at all may happen before a turn counts as one that never comes: longer than clients think.
constexpr std::int64_t patienceForTurn = 15'000'000'000;
/// A thread that does not exist is started by another one that goes, so it is not long in coming.
constexpr std::int64_t patienceForThread = 2'000'000'000;
/// So long nothing moves before it is called stuck.
constexpr std::int64_t stillness = 100'000'000;

std::string_view waitsFor(SystemCall call) {
    switch (call) {
    case SystemCall::Accept: return "a client to connect (accept)";
    case SystemCall::Read: return "its client's next octets (read)";
    case SystemCall::Write:
    case SystemCall::Writev:
    case SystemCall::Sendfile:
    case SystemCall::Splice: return "its client to take octets (write)";
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll: return "a handle to become ready";
    case SystemCall::QueueWait:
    case SystemCall::IoUringEnter: return "a completion";
    case SystemCall::AioSuspend: return "a thread of the C library to read from a file (aio_suspend)";
    default: return "a call to return";
    }
}

/// For another thread to do something: the place in the source says what. "for work", "to lead".
std::string waitsForAnother(const Event& event) {
    const auto sites = registeredSites();
    const auto name = event.site < sites.size() ? sites[event.site].name : std::string();
    constexpr std::string_view start = "wait ";
    return name == "wait for completion" || !name.starts_with(start) ? "for a completion" : name.substr(start.size());
}

bool matches(const GateWaiter& waiter, const Turn& wanted) {
    if (!waiter.isOffer) {
        return ScheduleFollower::matches(waiter.event, wanted);
    }
    return wanted.operation != 0 ? waiter.event.operation == wanted.operation
                                 : waiter.event.connection == wanted.connection;
}

} // namespace

std::size_t Stepper::State::chooseBySchedule(std::span<const GateWaiter> waiting) {
    const auto client =
        std::find_if(waiting.begin(), waiting.end(), [](const auto& waiter) { return waiter.isClient; });
    if (client != waiting.end()) {
        return static_cast<std::size_t>(client - waiting.begin());
    }
    const auto& wanted = m_follower->wanted();
    const auto found = std::find_if(waiting.begin(), waiting.end(), [&](const GateWaiter& waiter) {
        return threadName(waiter.event) == wanted.thread;
    });
    if (found != waiting.end() && matches(*found, wanted)) {
        return static_cast<std::size_t>(found - waiting.begin());
    }
    const auto now = monotonicNanoseconds();
    const auto until = gate().lastMovedLocked() + patience();
    if (found == waiting.end() && now < until) {
        gate().lookAgainAtLocked(until);
        return GateRun::nobody;
    }
    if (found == waiting.end()) {
        diverge(absence(wanted));
    } else {
        const Turn instead{.thread = wanted.thread,
                           .type = found->event.type(),
                           .kind = found->event.kind(),
                           .connection = found->event.connection,
                           .operation = found->event.operation};
        diverge("it is about to make another event: " + instead.words());
    }
    return m_holdAfter ? GateRun::holdAll : chooseByPolicy(waiting);
}

bool Stepper::State::isKnown(const std::string& thread) const {
    return std::any_of(m_last.begin(), m_last.end(),
                       [&](const auto& entry) { return threadName(entry.second) == thread; });
}

std::int64_t Stepper::State::patience() const {
    return isKnown(m_follower->wanted().thread) ? patienceForTurn : patienceForThread;
}

std::string Stepper::State::absence(const Turn& wanted) const {
    for (const auto& [actor, event] : m_last) {
        if (threadName(event) == wanted.thread) {
            return "it never came to that: " + whatItDoes(actor);
        }
    }
    return "there is no such thread";
}

std::string Stepper::State::whatItDoes(std::uint16_t actor) const {
    const auto last = m_last.find(actor);
    if (last == m_last.end()) {
        return "what it does was not seen";
    }
    const auto& event = last->second;
    if (event.type() != EventType::CallEntered) {
        return "its last event was: " + std::string(words(event.type()));
    }
    return event.kindAs<SystemCall>() == SystemCall::QueueWait
               ? "it waits " + waitsForAnother(event)
               : "it waits for " + std::string(waitsFor(event.kindAs<SystemCall>()));
}

void Stepper::State::diverge(const std::string& why) {
    const auto& wanted = m_follower->wanted();
    m_divergence =
        Divergence{.turn = m_follower->turn(),
                   .why = "turn " + std::to_string(m_follower->turn()) + " wants " + wanted.words() + "; " + why};
    leaveSchedule();
    m_task = Task::GoOn;
}

void Stepper::State::giveUpWaiting(const Lock& lock) {
    if (m_task == Task::Follow && m_follower && gate().mode(lock) == Gate::Mode::Running && gate().isQuiet(lock) &&
        monotonicNanoseconds() > gate().lastMovedLocked() + patience() + stillness) {
        // Had it come, it would have been let go.
        diverge(absence(m_follower->wanted()));
        if (m_holdAfter) {
            gate().hold(lock);
        } else {
            gate().lookNow(lock);
        }
    }
}

std::string Stepper::State::stuck(const Lock& lock) {
    const auto now = monotonicNanoseconds();
    if (mode(lock) != Mode::Stepping || !gate().isQuiet(lock) || now < gate().lastMovedLocked() + stillness) {
        return {};
    }
    if (m_task == Task::Follow && m_follower) {
        const auto& wanted = m_follower->wanted();
        return "Turn " + std::to_string(m_follower->turn()) + " of the schedule wants " + wanted.words() +
               ", which has not come yet.";
    }
    const auto waiting = gate().waiting(lock);
    const bool isThread = m_task == Task::Choice || m_scope.whom == StepScope::Whom::Thread;
    if (m_task != Task::GoOn && isThread) {
        Event event{};
        event.actor = m_task == Task::Choice ? m_chosen.actor : m_scope.actor;
        event.typeAndSequence = static_cast<std::uint32_t>(EventType::Count);
        const bool isThere = std::any_of(waiting.begin(), waiting.end(),
                                         [&](const auto& waiter) { return waiter.event.actor == event.actor; });
        return isThere ? std::string()
                       : threadName(event) + " cannot go: " + whatItDoes(event.actor) + ", and nobody else may go.";
    }
    return waiting.empty() ? "All threads are in blocking calls, and the clients have nothing to do yet." : "";
}

} // namespace lab
