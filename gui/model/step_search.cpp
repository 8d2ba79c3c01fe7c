// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/step_search.h"

#include "gui/model/event_words.h"

#include <algorithm>
#include <utility>

namespace lab {

namespace {

/// Connections and latencies follow from what was before the step.
std::size_t firstToWatch(const Condition& condition, std::size_t from, const RecordingFollower& follower) {
    const bool needsHistory =
        condition.kind == Condition::Kind::Connections || condition.kind == Condition::Kind::Latency;
    return std::max(follower.view().first(), needsHistory ? 0 : from);
}

} // namespace

StepSearch::StepSearch(Condition condition, StepScope scope, std::size_t from, const RecordingFollower& follower)
    : m_scope(scope)
    , m_from(from)
    , m_next(firstToWatch(condition, from, follower))
    , m_watch(std::move(condition), m_next) {}

bool StepSearch::inScope(const Event& event) const {
    switch (m_scope.whom) {
    case StepScope::Whom::Everybody: return true;
    case StepScope::Whom::Thread: return event.actor == m_scope.actor;
    case StepScope::Whom::Request: return event.connection == m_scope.connection && !isTraffic(event.type());
    }
    return true;
}

std::optional<std::size_t> StepSearch::look(const RecordingFollower& follower, std::size_t mostEvents) {
    const auto& view = follower.view();
    const bool asksForName = m_watch.condition().kind == Condition::Kind::Thread;
    m_next = std::max(m_next, view.first());
    const auto end = std::min({follower.newest().next, view.end(), m_next + mostEvents});
    while (m_next < end) {
        const auto index = m_next++;
        const auto& event = view[index];
        const auto name = asksForName ? follower.nameOfThread(event.actor, index) : std::string{};
        const bool holds = m_watch.apply(event, event.time, name);
        if (index >= m_from && holds && inScope(event)) {
            return index + 1;
        }
    }
    return std::nullopt;
}

} // namespace lab
