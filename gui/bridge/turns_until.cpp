// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/turns_until.h"

#include <algorithm>
#include <map>
#include <string>

namespace lab {

std::size_t turnsUntil(const Schedule& schedule, const Recording& recording, std::size_t events) {
    const auto view = recording.view();
    const auto names = recording.names();
    std::map<std::uint16_t, std::string> threads; // by actor: used again when a thread has ended
    std::size_t turns = 0;
    for (auto index = view.first(); index < std::min(events, view.end()) && turns < schedule.turns.size(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::ThreadStarted) {
            const auto name = static_cast<std::size_t>(event.value());
            threads[event.actor] = name < names.size() ? names[name] : std::string{};
        }
        // Turns stand in the recording in their order; what lies between them took no turn.
        const auto& next = schedule.turns[turns];
        if (next.type == event.type() && next.kind == event.kind() && next.connection == event.connection &&
            next.operation == event.operation && next.thread == threads[event.actor]) {
            ++turns;
        }
    }
    return turns;
}

} // namespace lab
