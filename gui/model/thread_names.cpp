// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/thread_names.h"

#include <algorithm>

namespace lab {

void ThreadNames::add(std::span<const Event> events, std::size_t firstIndex) {
    for (std::size_t offset = 0; offset < events.size(); ++offset) {
        const auto& event = events[offset];
        if (event.type() == EventType::ThreadStarted) {
            m_starts[event.actor].push_back({firstIndex + offset, static_cast<NameId>(event.value())});
        }
    }
}

NameId ThreadNames::at(std::uint16_t actor, std::size_t index) const {
    const auto starts = m_starts.find(actor);
    if (starts == m_starts.end()) {
        return 0;
    }
    const auto place = std::ranges::upper_bound(starts->second, index, {}, &Start::index);
    return place == starts->second.begin() ? 0 : std::prev(place)->name;
}

} // namespace lab
