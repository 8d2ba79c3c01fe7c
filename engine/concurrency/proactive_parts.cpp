// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/proactive_parts.h"

#include "engine/dispatch/asio_operation_processor.h"
#include "engine/server/server_context.h"

#include <fcntl.h>

namespace lab {

Result<std::unique_ptr<ProactiveParts>> ProactiveParts::create(ServerContext& context, bool oneThread) {
    ::fcntl(context.listeningSocket, F_SETFL, O_NONBLOCK);
    auto queue = std::make_unique<CompletionQueue>(context.gate);
    auto processor = makeAsioOperationProcessor(*queue, context.gate, context.listeningSocket, oneThread);
    if (!processor) {
        return processor.error();
    }
    return std::make_unique<ProactiveParts>(context, std::move(queue), std::move(*processor));
}

void ProactiveParts::wake() {
    if (!context.running()) {
        processor->cancelAccept();
        connections.closeIdle();
    }
    processor->interrupt();
}

} // namespace lab
