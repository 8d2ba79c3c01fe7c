// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/challenge/model_events.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::uint64_t nanosecondsBetweenEvents = 1'000'000;

} // namespace

void ModelEvents::add(Site& site, std::uint16_t actor, const Mark& mark) {
    if (m_counts.size() <= actor) {
        m_counts.resize(std::size_t{actor} + 1);
    }
    m_time += nanosecondsBetweenEvents;
    m_events.push_back({.time = m_time,
                        .kindAndValue = Event::pack(mark.kind.value, mark.value),
                        .connection = mark.connection,
                        .operation = mark.operation,
                        .typeAndSequence = static_cast<std::uint32_t>(site.type) | m_counts[actor] << 8,
                        .actor = actor,
                        .site = registerSite(site)});
    ++m_counts[actor];
}

NameId ModelEvents::name(std::string_view text) {
    const auto place = std::find(m_names.begin(), m_names.end(), text);
    const auto id = static_cast<NameId>(place - m_names.begin());
    if (place == m_names.end()) {
        m_names.emplace_back(text);
    }
    return id;
}

} // namespace lab
