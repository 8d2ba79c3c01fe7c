// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/interference.h"

#include <algorithm>

namespace lab {

std::optional<CancellableOperation> operationToCancel(const LabState& state, const Selection& selection) {
    if (selection.kind == Selection::Kind::Operation) {
        const auto* operation = state.operations.get(selection.id);
        return operation != nullptr && operation->connection != 0 && operation->phase == OperationPhase::InKernel
                   ? std::optional(CancellableOperation{operation->connection, operation->id})
                   : std::nullopt;
    }
    if (selection.kind != Selection::Kind::Connection || selection.id == 0) {
        return std::nullopt;
    }
    const bool hasOne = std::any_of(state.operations.begin(), state.operations.end(), [&](const auto& entry) {
        return entry.second.connection == selection.id && entry.second.phase == OperationPhase::InKernel;
    });
    return hasOne ? std::optional(CancellableOperation{selection.id, 0}) : std::nullopt;
}

std::optional<int> workerToKill(const LabState& state, const Selection& selection) {
    const ThreadState* thread = nullptr;
    if (selection.kind == Selection::Kind::Thread) {
        thread = state.threads.get(static_cast<std::uint16_t>(selection.id));
    } else if (selection.kind == Selection::Kind::Connection && selection.id != 0) {
        const auto* connection = state.connections.get(selection.id);
        thread = connection != nullptr ? state.threads.get(connection->thread) : nullptr;
    }
    return thread != nullptr && thread->process != 0 ? std::optional(thread->process) : std::nullopt;
}

} // namespace lab
