// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/protocol/protocol_handler.h"

#include <cstdint>
#include <memory>

namespace lab {

/// A Protocol Handler for echo (RFC 862): sends back the octets that come, until the peer ends its side.
///
/// What one read has brought counts as a request. Memory is one buffer of 16 KiB a connection. Who says nothing for the
/// limit of an idle connection is closed. `served`: requests that were answered on this connection before. Marks
/// ResponseStarted, with status 0.
std::unique_ptr<ProtocolHandler> makeEchoHandler(std::uint32_t connection, std::uint32_t served = 0);

} // namespace lab
