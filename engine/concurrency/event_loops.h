// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/initiation_dispatcher.h"

#include <functional>
#include <memory>
#include <string>

namespace lab {

struct ServerContext;

/// An Initiation Dispatcher over the demultiplexer that the server's options name.
Result<std::unique_ptr<InitiationDispatcher>> makeInitiationDispatcher(ServerContext& context);

/// Starts as many threads as the server's options say, called `name`-1 and so on; each does work(its index from 0).
Result<void> startThreads(ServerContext& context, const std::string& name,
                          const std::function<void(std::size_t index)>& work);

} // namespace lab
