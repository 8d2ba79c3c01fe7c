// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/suggestion.h"
#include "engine/analysis/text_table.h"
#include "engine/cli/command.h"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace lab {

namespace {

void printHelp(std::span<const Command> commands, std::ostream& out) {
    out << "Usage: proactor-lab COMMAND [arguments]\n"
           "       proactor-lab COMMAND --help\n\n"
           "Web servers of all concurrency models, watched at work.\n\n"
           "Commands:\n";
    for (const auto& command : commands) {
        out << "  " << command.name << std::string(command.name.size() < 10 ? 10 - command.name.size() : 1, ' ')
            << command.summary << '\n';
    }
    out << "\nOptions:\n"
           "  --help     show this text\n"
           "  --version  show the version\n\n"
           "Exit codes: 0 done; 1 failed while running; 2 wrong usage, or input that is not as it should be.\n";
}

int refuse(std::span<const Command> commands, const std::string& given, std::ostream& err) {
    std::vector<std::string_view> names;
    for (const auto& command : commands) {
        names.push_back(command.name);
    }
    err << "proactor-lab: there is no command \"" << given << "\"" << suggestion(given, names)
        << "\nSee proactor-lab --help\n";
    return exitUsage;
}

} // namespace

int runCommandLine(std::span<const Command> commands, std::span<const std::string> arguments, std::ostream& out,
                   std::ostream& err) {
    if (arguments.empty()) {
        printHelp(commands, err);
        return exitUsage;
    }
    const auto& first = arguments.front();
    if (first == "--help" || first == "-h" || first == "help") {
        printHelp(commands, out);
        return exitDone;
    }
    if (first == "--version") {
        out << "proactor-lab " << LAB_VERSION << '\n';
        return exitDone;
    }
    const auto command =
        std::find_if(commands.begin(), commands.end(), [&](const Command& entry) { return entry.name == first; });
    if (command == commands.end()) {
        return refuse(commands, first, err);
    }
    return command->run(arguments.subspan(1), out, err);
}

} // namespace lab
