// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/protocol/protocol_handler.h"

#include <array>
#include <memory>
#include <string_view>

namespace lab {

struct AcceptedConnection;
struct ServerContext;
struct ServerOptions;

/// Makes the handler of a new connection.
using ProtocolFactory = std::unique_ptr<ProtocolHandler> (*)(ServerContext& context,
                                                             const AcceptedConnection& connection);

/// A protocol that a server can speak, as data.
struct ProtocolDescription {
    std::string_view id;     ///< "http/1.0"
    std::string_view title;  ///< as it is shown
    std::string_view scheme; ///< of a server's address: "http"
    bool isHttp;             ///< requests for files, and answers to them: what the lab's own clients speak
    ProtocolFactory make;
};

// Each is defined in the file of its protocol.
std::unique_ptr<ProtocolHandler> makeHttpProtocol(ServerContext& context, const AcceptedConnection& connection);
std::unique_ptr<ProtocolHandler> makeHttp10Protocol(ServerContext& context, const AcceptedConnection& connection);
std::unique_ptr<ProtocolHandler> makeEchoProtocol(ServerContext& context, const AcceptedConnection& connection);

/// The one list: a new protocol is a file and an entry here. The first is the default.
inline constexpr auto protocols = std::to_array<ProtocolDescription>({
    {"http", "HTTP/1.1 and 1.0", "http", true, &makeHttpProtocol},
    {"http/1.0", "HTTP/1.0 only", "http", true, &makeHttp10Protocol},
    {"echo", "echo", "tcp", false, &makeEchoProtocol},
});

/// The one that the options name.
const ProtocolDescription& protocolOf(const ServerOptions& options);

} // namespace lab
