// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service_spec.h"
#include "engine/server/server_setting.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lab {

struct LocatedValue;
struct ReadErrors;

/// What a scenario, a phase of one, or a configuration file asks of the server; what is not said stays as the user has
/// it.
struct WantedServer {
    std::optional<std::string> model{};
    std::size_t modelLine = 0;
    std::vector<SettingValue> settings{};               ///< each good by itself
    std::optional<std::vector<ServiceSpec>> services{}; ///< these and no others; each good by itself

    /// Something other than services is asked for.
    bool changesModelOrSettings() const { return model || !settings.empty(); }
};

/// An object with a `model`, options of the server by their names (choices are texts, everything else whole numbers) and
/// `services`. `path` of the object in the document: "server". Mistakes are told with line and field.
WantedServer readWantedServer(const LocatedValue& value, const std::string& path, ReadErrors& errors);

/// The same without services.
WantedServer readWantedModel(const LocatedValue& value, const std::string& path, ReadErrors& errors);

/// Changes what is asked for, and leaves the rest.
void applyWanted(const WantedServer& wanted, ServerOptions& options);

} // namespace lab
