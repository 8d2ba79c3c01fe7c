// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/commands.h"

namespace lab {

std::vector<Command> engineCommands(std::vector<Exporter> exporters) {
    return {
        {"models", "list the concurrency models", listModels},
        {"claims", "put what the papers claim to the test", testClaims},
        {"patterns", "list the papers' patterns, and who plays them here", listPatterns},
        {"services", "list what can be linked into a server's Protocol Pipeline", listServices},
        {"serve", "serve a folder until interrupted", serve},
        {"run", "run a scenario and measure", runScenario},
        {"state", "show the state at an event of a recording", showState},
        {"events", "tell the events of a recording, a sentence each", showEvents},
        {"steps", "tell which of the papers' numbered steps happened", showSteps},
        {"compare", "find the first difference of two recordings", compareRecordings},
        {"export", "write a recording in another format",
         [exporters = std::move(exporters)](std::span<const std::string> arguments, std::ostream& out,
                                            std::ostream& err) {
             return exportRecording(exporters, arguments, out, err);
         }},
        {"lesson", "go through a lesson without a window", runLesson},
        {"challenge", "be the scheduler of a small model with a planted fault", playChallenge},
        {"demonstrate", "show what no server is built on: signals, procedure calls", demonstrate},
        {"check", "check scenarios, configuration files, lessons, schedules, recordings", checkFiles},
    };
}

} // namespace lab
