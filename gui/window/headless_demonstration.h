// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/window/window_options.h"

#include <iosfwd>
#include <string>

namespace lab {

/// What the program does where there is no display: runs the scenario that the window would show for a few seconds,
/// and leaves a recording, a table and pictures of stage and lanes in a folder that it names.
/// Needs a QGuiApplication (offscreen). Returns an exit code.
int demonstrateWithoutDisplay(const WindowOptions& options, std::ostream& out, std::ostream& err);

} // namespace lab
