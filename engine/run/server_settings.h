// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_options.h"
#include "engine/traffic/scenario.h"

#include <string>

namespace lab {

/// Why the scenario's clients cannot talk to such a server, in one sentence; empty: they can.
std::string refusalOfTraffic(const Scenario& scenario, const ServerOptions& options);

} // namespace lab
