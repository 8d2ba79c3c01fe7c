// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/cli/arguments.h"
#include "engine/server/server_options.h"

namespace lab {

/// The options that every command with a server takes: serverSettings(), and the services of the Protocol Pipeline.
void addServerOptions(Arguments& command);

/// Puts them into `options`; what is not given stays. Error: names the option.
Result<void> readServerOptions(const Arguments& command, ServerOptions& options);

/// Those of `--config`, or `otherwise` where it is not given, and behind them those of `--filter`. readServerOptions()
/// has asked it once. Error: names the option, or file, line and field.
Result<std::vector<ServiceSpec>> readServiceOptions(const Arguments& command, std::vector<ServiceSpec> otherwise);

/// Error: the options make no sense with their model.
Result<void> checkCombination(const ServerOptions& options);

/// Error: no such model, with a suggestion, or it cannot run here.
Result<void> checkModel(const std::string& id);

} // namespace lab
