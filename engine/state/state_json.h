// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "engine/state/narration.h"

#include <boost/json/value.hpp>

#include <string>

namespace lab {

/// The whole state, every field, as `state --json` prints it and tests compare it.
boost::json::value toJson(const LabState& state, const Glossary& glossary);

/// The same for a person: threads, connections, operations and queues in short tables.
std::string toText(const LabState& state, const Glossary& glossary);

} // namespace lab
