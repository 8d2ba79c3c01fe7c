// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/planned_order.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <optional>

namespace lab {

namespace {

EventHandler* handlerOf(const ReadyHandle& ready) { return static_cast<EventHandler*>(ready.key); }

/// The wanted handle among those that are ready, or the acceptor where that can be told.
std::optional<ReadyHandle> findWanted(const std::vector<ReadyHandle>& ready, std::uint32_t connection,
                                      EventHandler* acceptor) {
    const auto found = std::find_if(ready.begin(), ready.end(), [&](const ReadyHandle& each) {
        return handlerOf(each) != nullptr && handlerOf(each)->connection() == connection;
    });
    if (found != ready.end()) {
        return *found;
    }
    if (connection == 0 && acceptor != nullptr && acceptor->isReadyAsPlanned()) {
        return ReadyHandle{acceptor, Interest::Accept};
    }
    return std::nullopt;
}

} // namespace

bool putInPlannedOrder(std::vector<ReadyHandle>& ready, EventHandler* acceptor,
                       const std::function<void(EventHandler&)>& putBack) {
    const auto left = plannedEvent();
    if (!left || left->type != EventType::CallLeft) {
        return true;
    }
    std::vector<ReadyHandle> ordered;
    bool isWhole = true;
    for (std::size_t ahead = 1; isWhole; ++ahead) {
        const auto wanted = plannedEvent(ahead);
        if (!wanted || wanted->type != EventType::HandleReady) {
            break;
        }
        const auto found = findWanted(ready, wanted->connection, acceptor);
        isWhole = found.has_value();
        if (found) {
            ordered.push_back(*found);
        }
    }
    for (const auto& each : ready) {
        auto* handler = handlerOf(each);
        const bool isWanted = std::any_of(ordered.begin(), ordered.end(),
                                          [&](const ReadyHandle& other) { return other.key == each.key; });
        if (handler == nullptr) {
            ordered.push_back(each); // the wake-up is no event
        } else if (putBack && (!isWanted || !isWhole)) {
            putBack(*handler);
        }
    }
    if (isWhole) {
        ready = std::move(ordered);
    }
    return isWhole;
}

} // namespace lab
