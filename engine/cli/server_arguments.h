// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/cli/arguments.h"
#include "engine/server/server_options.h"

namespace lab {

/// The options that every command with a server takes: serverSettings(), and the services of the Protocol Pipeline.
void addServerOptions(Arguments& command);

/// Puts them into `options`: those of the command line, then what the file of `--config` says, then the
/// services of `--filter` behind it; what is not given stays. Error: names the option, or file, line and field.
Result<void> readServerOptions(const Arguments& command, ServerOptions& options);

/// Error: the options make no sense with their model.
Result<void> checkCombination(const ServerOptions& options);

/// Error: no such model, with a suggestion, or it cannot run here.
Result<void> checkModel(const std::string& id);

} // namespace lab
