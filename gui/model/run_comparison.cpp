// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/run_comparison.h"

#include "engine/analysis/first_difference.h"
#include "gui/model/number_text.h"

#include <QObject>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace lab {

RunComparison::RunComparison(ComparedRun one, ComparedRun other)
    : m_runs{std::move(one), std::move(other)} {}

void RunComparison::list(std::size_t side) {
    m_views[side] = m_runs[side].recording->view();
    m_glossaries[side] = Glossary::of(*m_runs[side].recording);
    const auto& view = m_views[side];
    std::map<std::uint16_t, NameId> names; // by actor: used again when a thread has ended
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::DrainStarted) {
            break; // from here on nobody steered
        }
        if (event.type() == EventType::ThreadStarted) {
            names[event.actor] = static_cast<NameId>(event.value());
        }
        if (const auto name = names[event.actor];
            takesTurns(m_glossaries[side].name(name)) && event.type() != EventType::EventsLost) {
            m_events[side].push_back({static_cast<std::uint32_t>(index), name});
        }
    }
}

void RunComparison::compare() {
    list(0);
    list(1);
    const auto found = comparePatterns(*m_runs[0].recording, *m_runs[1].recording, 0);
    const auto& [one, other] = m_runs;
    const auto same = countText(found.same);
    if (found.isSame()) {
        m_sentence = QObject::tr("All %1 events of the server are the same in run %2 and run %3.")
                         .arg(same, one.name, other.name);
        return;
    }
    m_difference = found.same;
    if (found.inA && found.inB) {
        m_sentence =
            QObject::tr("The first %1 events of the server are the same in run %2 and run %3. Then they differ.")
                .arg(same, one.name, other.name);
    } else {
        const auto& [ended, longer] = found.inA ? std::tie(other, one) : std::tie(one, other);
        m_sentence = QObject::tr("All %1 events of run %2 are the same as those of run %3, which goes on after them.")
                         .arg(same, ended.name, longer.name);
    }
}

std::size_t RunComparison::rows() const { return std::max(m_events[0].size(), m_events[1].size()); }

std::optional<RunComparison::Entry> RunComparison::entry(std::size_t side, std::size_t row) const {
    if (row >= m_events[side].size()) {
        return std::nullopt;
    }
    const auto& place = m_events[side][row];
    return Entry{place.index, m_views[side][place.index], std::string(m_glossaries[side].name(place.thread))};
}

} // namespace lab
