// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/server_settings.h"

namespace lab {

void applyScenario(const ScenarioServer& wanted, ServerOptions& options) {
    options.model = wanted.model.value_or(options.model);
    options.services = wanted.services.value_or(options.services);
    for (const auto& [name, value, line] : wanted.settings) {
        if (const auto* setting = findServerSetting(name)) {
            // Only what a scenario's reader has let pass gets here: nothing is refused any more.
            static_cast<void>(setting->set(options, value));
        }
    }
}

} // namespace lab
