// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cli/command.h"

namespace lab {

// One function a command, each in a file of its own. See Command for the arguments.
int listModels(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int listPatterns(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int listServices(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int serve(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int runScenario(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int showState(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int showEvents(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int showSteps(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int compareRecordings(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int exportRecording(std::span<const Exporter> exporters, std::span<const std::string> arguments, std::ostream& out,
                    std::ostream& err);
int runLesson(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int playChallenge(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int testClaims(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int demonstrate(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);
int checkFiles(std::span<const std::string> arguments, std::ostream& out, std::ostream& err);

} // namespace lab
