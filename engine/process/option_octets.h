// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/server/server_options.h"

#include <span>
#include <string>
#include <string_view>

namespace lab {

/// A server's options on their way to its processes, which are of the same build.
///
/// Every member goes along by itself, the ones to come too: texts, numbers, enumerations, durations, and lists and
/// structures of them.
std::string toOctets(const ServerOptions& options);

/// Error: cut off.
Result<ServerOptions> optionsFrom(std::string_view octets);

} // namespace lab
