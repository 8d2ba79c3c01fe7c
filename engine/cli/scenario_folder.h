// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/traffic/scenario.h"

#include <string>

namespace lab {

/// Where the scenarios are: the environment's PROACTOR_LAB_SCENARIOS, or the source tree's folder.
std::string scenarioFolder();

/// `name` is a file, or the id of a scenario in scenarioFolder().
/// Error: neither, with the ids that there are; or the file's own.
Result<Scenario> findScenario(const std::string& name);

} // namespace lab
