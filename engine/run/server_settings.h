// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_options.h"
#include "engine/traffic/scenario.h"

namespace lab {

/// Changes what the scenario says something about, and leaves the rest.
void applyScenario(const ScenarioServer& wanted, ServerOptions& options);

} // namespace lab
