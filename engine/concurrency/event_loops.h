// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/initiation_dispatcher.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lab {

struct ServerContext;

/// The demultiplexer that the server's options name. `listeningSocket`: that it will have to watch; none: it need not.
/// Error: there is no descriptor to be had, or it cannot watch that one.
Result<std::unique_ptr<EventDemultiplexer>> makeDemultiplexer(ServerContext& context,
                                                              std::optional<int> listeningSocket);

/// An Initiation Dispatcher over it. Error: as makeDemultiplexer() and InitiationDispatcher::create().
Result<std::unique_ptr<InitiationDispatcher>> makeInitiationDispatcher(ServerContext& context,
                                                                       std::optional<int> listeningSocket);

/// Starts as many threads as the server's options say, called `name`-1 and so on; each does work(its index from 0).
Result<void> startThreads(ServerContext& context, const std::string& name,
                          const std::function<void(std::size_t index)>& work);

} // namespace lab
