// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/state/lab_state.h"
#include "gui/model/selection.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace lab {

/// An operation that can be cancelled from outside: see Server::cancelOperation().
struct CancellableOperation {
    std::uint32_t connection = 0;
    std::uint32_t operation = 0; ///< 0: whichever the connection has outstanding by then

    friend bool operator==(const CancellableOperation&, const CancellableOperation&) = default;
};

/// What of whom the person has pointed at can be cancelled: an outstanding operation of a connection, or what a
/// connection has outstanding. Nothing for accepts and timers.
std::optional<CancellableOperation> operationToCancel(const LabState& state, const Selection& selection);

/// The process that can be killed: the selected one, or that which serves the selected connection; its id at the
/// system.
std::optional<int> workerToKill(const LabState& state, const Selection& selection);

} // namespace lab
