// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/lost_wake_up_watch.h"

#include <algorithm>
#include <vector>

namespace lab {

namespace {

/// Events that only a server's thread makes, and that tell what it is doing.
bool tellsOfServer(EventType type) {
    using enum EventType;
    return type == CallEntered || type == CallLeft || type == CallPerformed || type == ConnectionAccepted ||
           (type >= HookEntered && type <= QueuePopped);
}

} // namespace

void LostWakeUpWatch::apply(const Event& event, std::size_t index) {
    if (event.type() == EventType::ThreadEnded) {
        m_threads.erase(event.actor);
        judge(index);
        return;
    }
    if (!tellsOfServer(event.type())) {
        return;
    }
    auto& thread = m_threads[event.actor];
    thread = {Doing::Running, index};
    const bool ofQueue = event.kindAs<Queue>() == Queue::Completion;
    if (event.type() == EventType::CallEntered) {
        thread.doing = event.kindAs<SystemCall>() == SystemCall::QueueWait ? Doing::AtQueue : Doing::Waiting;
    } else if (event.type() == EventType::QueuePushed && ofQueue) {
        ++m_depth;
        m_lastPush = index;
        wakeOne();
    } else if (event.type() == EventType::QueuePopped && ofQueue) {
        if (--m_depth == 0) {
            forgetWaking();
        }
    }
    judge(index);
}

void LostWakeUpWatch::wakeOne() {
    Thread* longest = nullptr;
    for (auto& [actor, thread] : m_threads) {
        if (thread.doing == Doing::AtQueue && (longest == nullptr || thread.since < longest->since)) {
            longest = &thread;
        }
    }
    if (longest != nullptr) {
        longest->doing = Doing::Woken;
    }
}

/// Whoever is woken finds the queue empty and sleeps on, without an event that tells of it.
void LostWakeUpWatch::forgetWaking() {
    for (auto& [actor, thread] : m_threads) {
        if (thread.doing == Doing::Woken) {
            thread.doing = Doing::AtQueue;
        }
    }
}

void LostWakeUpWatch::judge(std::size_t index) {
    const auto waits = [](const auto& entry) {
        return entry.second.doing == Doing::Waiting || entry.second.doing == Doing::AtQueue;
    };
    const auto atQueue = std::count_if(m_threads.begin(), m_threads.end(),
                                       [](const auto& entry) { return entry.second.doing == Doing::AtQueue; });
    if (m_fault || m_depth <= 0 || atQueue == 0 || !std::all_of(m_threads.begin(), m_threads.end(), waits)) {
        return;
    }
    m_fault =
        Fault{m_lastPush, index,
              "From event " + std::to_string(index) + " on every thread waits, though " +
                  (m_depth == 1 ? std::string("one completion is") : std::to_string(m_depth) + " completions are") +
                  " in the queue: the last push, event " + std::to_string(m_lastPush) +
                  ", found nobody asleep to wake, and nobody will push again."};
}

/// Whom a push wakes depends on the order in which they came, not on when.
std::string LostWakeUpWatch::key() const {
    std::vector<std::pair<std::size_t, std::uint16_t>> order;
    std::string key = (m_fault ? "!" : "") + std::to_string(m_depth);
    for (const auto& [actor, thread] : m_threads) {
        key += ' ' + std::to_string(actor) + static_cast<char>('a' + static_cast<int>(thread.doing));
        if (thread.doing == Doing::AtQueue || thread.doing == Doing::Woken) {
            order.emplace_back(thread.since, actor);
        }
    }
    std::sort(order.begin(), order.end());
    for (const auto& [since, actor] : order) {
        key += '<' + std::to_string(actor);
    }
    return key;
}

} // namespace lab
