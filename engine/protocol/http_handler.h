// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/http_version.h"
#include "engine/http/limits.h"
#include "engine/http/peer_address.h"
#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <memory>

namespace lab {

class CachedFilesystem;
class PipelineSlot;

/// The Protocol Pipeline of a handler's requests, and what it is told of the connection.
struct HandlerPipeline {
    const PipelineSlot* slot = nullptr; ///< borrowed, outlives the handler; null: no services
    PeerAddress peer{};
};

/// A Protocol Handler for HTTP up to `version` that serves the files of `files` to connection number `connection`.
///
/// `files` and `limits` are borrowed and outlive the handler. `transfer` is only announced, in the event that a
/// response begins: how octets of a file that is not in memory will travel is the connection's affair.
/// `served`: requests that were answered on this connection before.
/// Marks RequestParsed, FileFound and ResponseStarted; memory is bounded by the limits whatever the peer sends.
std::unique_ptr<ProtocolHandler> makeHttpHandler(std::uint32_t connection, CachedFilesystem& files,
                                                 const Limits& limits, FileTransfer transfer,
                                                 const HandlerPipeline& pipeline = {},
                                                 HttpVersion version = HttpVersion::Http11, std::uint32_t served = 0);

} // namespace lab
