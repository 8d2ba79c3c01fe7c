// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/demonstration/demonstration.h"

#include <ostream>

namespace lab {

int demonstrate(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("demonstrate", "[NAME]",
                      "Shows at work what the papers name and no server of the lab is built on, by a few real calls.\n"
                      "Without a name: lists the demonstrations.");
    command.addPositional("demonstration");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    if (!command.has("demonstration")) {
        for (const auto& each : demonstrations()) {
            out << each.id << ": " << each.title << ". " << each.about << '\n';
        }
        out << "What the papers name and the lab can only explain (servers in the kernel, kqueue, completion ports) is "
               "in\n"
               "docs/explained-only.md.\n";
        return exitDone;
    }
    const auto* chosen = findDemonstration(command.text("demonstration"));
    if (chosen == nullptr) {
        return command.complain(err, "there is no demonstration \"" + command.text("demonstration") + "\"", exitUsage);
    }
    out << chosen->title << " (" << chosen->source << ")\n" << chosen->about << "\n\n";
    const auto shown = chosen->run(out);
    return shown ? exitDone : command.complain(err, shown.error().message, exitFailed);
}

} // namespace lab
