// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_options.h"
#include "engine/traffic/scenario.h"

#include <optional>
#include <string_view>

namespace lab {

/// As scenarios and the command line write them: "epoll", "transmit-file". Nothing for another word.
std::optional<Demultiplexer> demultiplexerFrom(std::string_view word);
std::optional<FileTransfer> fileTransferFrom(std::string_view word);

std::string_view wordOf(Demultiplexer demultiplexer);
std::string_view wordOf(FileTransfer transfer);

/// Changes what the scenario says something about, and leaves the rest.
void applyScenario(const ScenarioServer& wanted, ServerOptions& options);

} // namespace lab
