// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/fold.h"

#include <algorithm>

namespace lab {

/// Made when it is not known but may well be linked; null when there are more than any real server has.
ServiceState* Fold::service() {
    auto& services = m_state.services;
    const auto name = static_cast<NameId>(m_event.value());
    const auto found =
        std::find_if(services.begin(), services.end(), [&](const auto& service) { return service.name == name; });
    if (found != services.end()) {
        return &*found;
    }
    if (services.size() >= maximumServicesShown) {
        return nullptr;
    }
    services.push_back({.name = name});
    return &services.back();
}

void Fold::serviceLinked() {
    if (auto* linked = service()) {
        *linked = {.name = linked->name, .suspended = m_event.kind() == 1};
    }
}

void Fold::serviceUnlinked() {
    const auto name = static_cast<NameId>(m_event.value());
    std::erase_if(m_state.services, [&](const auto& service) { return service.name == name; });
}

void Fold::serviceSuspended(bool suspended) {
    if (auto* changed = service()) {
        changed->suspended = suspended;
    }
}

/// By a request that may have begun before the service was unlinked: that does not link it again.
void Fold::serviceAsked() {
    const auto name = static_cast<NameId>(m_event.value());
    for (auto& service : m_state.services) {
        service.asked += service.name == name ? 1 : 0;
    }
}

} // namespace lab
