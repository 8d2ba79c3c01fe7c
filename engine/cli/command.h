// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cli/exporter.h"

#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace lab {

/// What commands end with; every --help tells.
enum ExitCode : int {
    exitDone = 0,
    exitFailed = 1, ///< could not be done, or not to the end
    exitUsage = 2   ///< wrong usage, or input that is not as it should be
};

/// A subcommand of the program. Results go to `out`, errors and progress to `err`; returns an ExitCode.
struct Command {
    std::string name;
    std::string summary; ///< one line for the list
    std::function<int(std::span<const std::string> arguments, std::ostream& out, std::ostream& err)> run;
};

/// All commands of the engine, in the order of the list. A new one is a line in engine_commands.cpp.
std::vector<Command> engineCommands(std::vector<Exporter> exporters = engineExporters());

/// Runs the command that `arguments` (without the program's name) begin with; knows --help and --version itself.
int runCommandLine(std::span<const Command> commands, std::span<const std::string> arguments, std::ostream& out,
                   std::ostream& err);

} // namespace lab
