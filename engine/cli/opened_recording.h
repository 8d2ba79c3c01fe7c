// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cli/arguments.h"
#include "engine/trace/recording.h"

#include <iosfwd>
#include <memory>

namespace lab {

/// The recording that a command was given as the argument `name`; null when it was not given or cannot be read,
/// which is told on `err`, as is a recording that was cut off.
std::shared_ptr<Recording> openRecording(const Arguments& command, const char* name, std::ostream& err);

} // namespace lab
