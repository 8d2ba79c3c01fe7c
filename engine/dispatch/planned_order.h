// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/demultiplexer.h"
#include "engine/dispatch/event_handler.h"

#include <functional>
#include <vector>

namespace lab {

/// While a schedule is followed: makes the ready handles those that it says the calling thread finds, in its order.
/// False: some have not become ready yet. Without a schedule, true at once.
///
/// `acceptor` may be null; it is asked whether it is ready where the demultiplexer does not say so. `putBack` is called
/// for each that is ready and not wanted yet; empty where the next wait reports those again by itself.
bool putInPlannedOrder(std::vector<ReadyHandle>& ready, EventHandler* acceptor,
                       const std::function<void(EventHandler&)>& putBack);

} // namespace lab
