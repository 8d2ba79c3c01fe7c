// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/accepted_connection.h"
#include "engine/protocol/http_handler.h"
#include "engine/protocol/protocol_list.h"
#include "engine/server/server_context.h"

namespace lab {

/// HTTP/1.1, and HTTP/1.0 with who speaks that.
std::unique_ptr<ProtocolHandler> makeHttpProtocol(ServerContext& context, const AcceptedConnection& connection) {
    return makeHttpHandler(connection.id, context.files, context.options.limits, context.options.transfer,
                           {.slot = &context.pipeline, .peer = connection.peer}, HttpVersion::Http11,
                           connection.requests);
}

} // namespace lab
