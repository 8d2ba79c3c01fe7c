// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

/// Whether a server can run with these options; FileTransfer::Suited is replaced by what it stands for.
/// Error: an unknown or unavailable model, or what refusal() says.
Result<void> checkOptions(ServerOptions& options);

/// Why a server at `port` that runs with `now` cannot go on with `next`, whatever the model; empty: it can.
std::string whyNoChange(const ServerOptions& now, const ServerOptions& next, std::uint16_t port);

/// The Cached Virtual Filesystem has to be another one; else what it holds stays.
bool hasOtherCache(const ServerOptions& now, const ServerOptions& next);

/// A server that runs with `next` would be another one, its services apart.
bool isOther(const ServerOptions& now, const ServerOptions& next);

/// Names and new values of the settings that the next model takes and that are not what they were.
std::vector<std::pair<std::string_view, std::string>> changedSettings(const ServerOptions& now,
                                                                      const ServerOptions& next);

} // namespace lab
