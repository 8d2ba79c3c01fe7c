// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/stop_search.h"

#include <utility>

namespace lab {

StopSearch::StopSearch(LessonStop stop, std::shared_ptr<const Recording> recording, std::size_t from)
    : m_stop(std::move(stop))
    , m_recording(std::move(recording))
    , m_from(from)
    , m_next(m_recording->first()) // from the beginning: conditions count, and threads have names
    , m_names(*m_recording) {
    if (m_stop.condition) {
        m_watch.emplace(*m_stop.condition, m_next);
    }
}

std::optional<std::size_t> StopSearch::look() {
    const auto view = m_recording->view();
    m_next = std::max(m_next, view.first());
    while (!m_found && m_next < view.end()) {
        const bool holds = apply(view[m_next]);
        if (holds && m_next >= m_from) {
            m_found = m_next;
        }
        ++m_next;
    }
    return m_found;
}

bool StopSearch::apply(const Event& event) {
    m_names.apply(event);
    const auto& thread = m_names.of(event.actor);
    return m_watch ? m_watch->apply(event, event.time, thread) : m_stop.moment.matches(event, thread);
}

} // namespace lab
