// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/protocol_list.h"

#include "engine/server/server_options.h"

namespace lab {

const ProtocolDescription& protocolOf(const ServerOptions& options) {
    return protocols[options.protocol < protocols.size() ? options.protocol : 0];
}

} // namespace lab
