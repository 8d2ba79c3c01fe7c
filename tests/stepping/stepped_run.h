// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/run/lab_run.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lab {

/// Clients without end that ask for small files over kept connections.
LabRun::Options steppedOptions(const std::string& model, unsigned clients = 8);

/// A run with these options; ends the test program where it cannot start.
std::unique_ptr<LabRun> startRun(LabRun::Options options);

/// Steps, and waits until it has ended. False: it is still under way after ten seconds.
bool stepOnce(LabRun& run, const std::string& condition = "event", StepScope scope = {});

/// The events of a recording from `from` on, but those of the lab's own threads.
std::vector<Event> gatedEvents(const Recording& recording, std::size_t from = 0);

/// The turns of the server's threads that a recording shows.
std::vector<Turn> turnsOf(const Recording& recording);

/// Waits until `holds()`, ten seconds at most. Returns what it then is.
bool eventually(const std::function<bool()>& holds);

std::vector<std::string> runnableModels();

} // namespace lab
