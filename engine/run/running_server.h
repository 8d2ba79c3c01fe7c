// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/server/server_options.h"

namespace lab {

class Server;

/// `wanted` with the root, address, port and backlog that the server has, and with what stands for "suited".
/// Error: it makes no sense.
Result<ServerOptions> asRunning(const Server& server, ServerOptions wanted);

/// Whether a server with these options, as asRunning() gives them, would be another one, its services apart.
bool isOther(const Server& server, const ServerOptions& wanted);

/// The running server goes on as `wanted`: its model, its options, and its services, as Server::change() and
/// ServiceConfigurator::configure() do it; what is as wanted already stays. Error: as these; then everything is as it
/// was, but for Server::whyNotServing().
Result<void> reconfigure(Server& server, ServerOptions wanted);

} // namespace lab
