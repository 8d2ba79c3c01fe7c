// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/accepted_connection.h"

#include <chrono>
#include <optional>

namespace lab {

/// Blocks the calling thread in accept() until a client connects. Empty when the server does not run any more.
/// Without descriptors to give out it rests between tries.
///
/// Role: Sync Acceptor (P section 3.1, steps 1 and 2). Threads: any number at once; the kernel picks one.
/// `flags` for the connection's socket, as accept4() takes them.
std::optional<AcceptedConnection> acceptBlocking(ServerContext& context, int flags = 0);

/// The calling thread accepts nobody for so long, and has no turn: who comes waits in the backlog.
void restFromAccepting(std::chrono::milliseconds rest);

} // namespace lab
