// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/completion_dispatcher.h"

#include "engine/trace/trace.h"

namespace lab {

void dispatchCompletion(AsynchronousOperation& operation) {
    // Copies: the hook may start the next operation with the same token, or destroy its handler.
    [[maybe_unused]] const auto connection = operation.connection;
    [[maybe_unused]] const auto id = operation.id;
    [[maybe_unused]] const auto hook = hookOf(operation.kind);
    // Right after it was taken from the queue.
    LAB_MARK_WITH(HookEntered, CompletionHandler, "completion hook", .connection = connection, .operation = id,
                  .kind = hook);
    operation.handler->handleCompletion(operation);
    LAB_MARK(HookLeft, CompletionHandler, "completion hook", .connection = connection, .operation = id, .kind = hook);
}

} // namespace lab
