// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/event_loops.h"

#include "engine/server/server_context.h"

namespace lab {

Result<std::unique_ptr<EventDemultiplexer>> makeDemultiplexer(ServerContext& context,
                                                              std::optional<int> listeningSocket) {
    auto demultiplexer = EventDemultiplexer::create(context.options.demultiplexer);
    if (demultiplexer && listeningSocket) {
        // Now: a loop that finds out when it runs could tell nobody that it will never accept.
        if (const auto taken = (*demultiplexer)->takes(*listeningSocket); !taken) {
            return taken.error();
        }
    }
    return demultiplexer;
}

Result<std::unique_ptr<InitiationDispatcher>> makeInitiationDispatcher(ServerContext& context,
                                                                       std::optional<int> listeningSocket) {
    auto demultiplexer = makeDemultiplexer(context, listeningSocket);
    if (!demultiplexer) {
        return demultiplexer.error();
    }
    return InitiationDispatcher::create(context, std::move(*demultiplexer));
}

Result<void> startThreads(ServerContext& context, const std::string& name,
                          const std::function<void(std::size_t index)>& work) {
    for (std::size_t index = 0; index < context.options.threads; ++index) {
        auto started = context.threads.start(name + "-" + std::to_string(index + 1), [work, index] { work(index); });
        if (!started) {
            return started;
        }
    }
    return {};
}

} // namespace lab
