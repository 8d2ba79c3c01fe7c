// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace lab {
class Trace;
}

namespace lab::test {

/// The models with processes.
inline const std::vector<std::string> processModels{"process-per-connection", "prefork"};

/// A server of such a model, with three workers where they are counted. Ends the test program where it cannot start.
std::unique_ptr<Server> startServer(const std::string& model, const std::string& root, Trace* trace);

/// All processes at the system that were started by this one, and by those.
std::set<int> descendants();

/// Not at the system any more, or only its exit code.
bool hasGone(int process);

std::size_t openDescriptors();

/// Waits until `holds()`, twenty seconds at most. Returns what it then is.
bool eventually(const std::function<bool()>& holds);

std::vector<Event> eventsOf(const Recording& recording);
std::size_t countOf(const std::vector<Event>& events, EventType type);

} // namespace lab::test
