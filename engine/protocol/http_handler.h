// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/limits.h"
#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <memory>

namespace lab {

class CachedFilesystem;

/// A Protocol Handler for HTTP/1.0 and HTTP/1.1 that serves the files of `files` to connection number `connection`.
///
/// `files` and `limits` are borrowed and outlive the handler. `transfer` is only announced, in the event that a
/// response begins: how octets of a file that is not in memory will travel is the connection's affair.
/// `served`: requests that were answered on this connection before.
/// Marks RequestParsed, FileFound and ResponseStarted; memory is bounded by the limits whatever the peer sends.
std::unique_ptr<ProtocolHandler> makeHttpHandler(std::uint32_t connection, CachedFilesystem& files,
                                                 const Limits& limits, FileTransfer transfer, std::uint32_t served = 0);

} // namespace lab
