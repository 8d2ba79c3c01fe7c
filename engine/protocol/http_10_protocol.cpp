// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/accepted_connection.h"
#include "engine/protocol/http_handler.h"
#include "engine/protocol/protocol_list.h"
#include "engine/server/server_context.h"

namespace lab {

/// HTTP/1.0 with everybody: a connection a request unless the peer asks to keep it, no transfer codings, no interim
/// responses. What RFC 9110 says for all versions (conditions, ranges, entity tags) holds here too.
std::unique_ptr<ProtocolHandler> makeHttp10Protocol(ServerContext& context, const AcceptedConnection& connection) {
    return makeHttpHandler(connection.id, context.files, context.options.limits, context.options.transfer,
                           {.slot = &context.pipeline, .peer = connection.peer}, HttpVersion::Http10,
                           connection.requests);
}

} // namespace lab
