// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/opened_recording.h"
#include "engine/state/state_history.h"
#include "engine/state/state_json.h"

#include <boost/json/serialize.hpp>

#include <limits>
#include <ostream>

namespace lab {

int showState(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("state", "RECORDING [--at N] [--json]",
                      "Shows the state of the laboratory after the first N events of a recording: threads,\n"
                      "connections, operations, queues. The window shows the same.");
    command.addPositional("recording");
    command.addOption("at", "N", "after so many events (all of them)");
    command.addSwitch("json", "every field, as JSON");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    const auto at = command.whole("at", -1, 0, std::numeric_limits<std::int64_t>::max());
    if (!at) {
        return command.complain(err, "--at must be a whole number, 0 or more", exitUsage);
    }
    const auto recording = openRecording(command, "recording", err);
    if (!recording) {
        return exitUsage;
    }
    StateHistory history(recording);
    while (history.follow() > 0) {
    }
    const auto end = history.view().end();
    if (*at > static_cast<std::int64_t>(end)) {
        return command.complain(err, "--at: the recording has " + withSeparators(std::uint64_t{end}) + " events",
                                exitUsage);
    }
    const auto& state = history.at(*at < 0 ? end : static_cast<std::size_t>(*at));
    const auto glossary = Glossary::of(*recording);
    if (command.has("json")) {
        out << boost::json::serialize(toJson(state, glossary)) << '\n';
    } else {
        out << toText(state, glossary);
    }
    return exitDone;
}

} // namespace lab
