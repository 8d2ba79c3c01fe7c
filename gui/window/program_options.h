// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "gui/window/window_options.h"

#include <span>
#include <string>

namespace lab {

/// What the command line says when it begins with no subcommand. Error: an unknown option, a bad value.
Result<WindowOptions> windowOptionsFrom(std::span<const std::string> arguments);

/// The part of --help that is about the window.
std::string windowHelp();

} // namespace lab
