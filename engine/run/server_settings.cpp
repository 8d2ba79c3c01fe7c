// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/server_settings.h"

#include "engine/protocol/protocol_list.h"

#include <algorithm>

namespace lab {

std::string refusalOfTraffic(const Scenario& scenario, const ServerOptions& options) {
    const auto& protocol = protocolOf(options);
    const bool hasClients = std::any_of(scenario.phases.begin(), scenario.phases.end(),
                                        [](const Phase& phase) { return !phase.groups.empty(); });
    return protocol.isHttp || !hasClients ? std::string()
                                          : "the scenario's clients ask for files by HTTP, and a server of protocol " +
                                                std::string(protocol.id) + " answers with their own requests";
}

} // namespace lab
