// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/proactive_parts.h"

#include "engine/concurrency/combination.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server_context.h"

namespace lab {

Result<std::unique_ptr<ProactiveParts>> ProactiveParts::create(ServerContext& context, bool oneThread,
                                                               ProactiveConnections::Maker maker) {
    const auto& chosen = processorOf(*findModel(context.options.model), context.options);
    if (const auto reason = chosen.whyUnavailable(); !reason.empty()) {
        return Error{"the processor " + std::string(chosen.id) + " cannot run here: " + reason};
    }
    if (const auto reason = refusalOfProcessor(chosen, context.options.transfer); !reason.empty()) {
        return Error{reason};
    }
    auto queue = std::make_unique<CompletionQueue>(context.gate, context.options.order);
    auto processor = chosen.create(context, *queue, oneThread);
    if (!processor) {
        return processor.error();
    }
    return std::make_unique<ProactiveParts>(context, std::move(queue), std::move(*processor), maker);
}

ProactiveParts::~ProactiveParts() {
    processor->end();
    connections.clear();
}

void ProactiveParts::wake() {
    if (!context.running()) {
        processor->cancelAccept();
        connections.closeIdle();
    }
    processor->interrupt();
}

} // namespace lab
