// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <span>
#include <string_view>

namespace lab {

/// Where a step may end: "the next event", "the next completion", "the next hook". One entry here is one item of
/// the window's step menu, one word of the lessons' language and of `run --until`.
struct StepKind {
    std::string_view id;    ///< "completion"
    std::string_view title; ///< "Next completion"
    std::string_view about; ///< a sentence for the tool tip
    bool (*ends)(const Event& event);
};

/// All of them: event, accept, readiness, completion, dispatch (an item taken from a queue, or a handle found
/// ready), hook-entered, hook-left, blocked, woken, request-parsed, request-done, connection-closed.
std::span<const StepKind> stepKinds();

/// Null where there is no such id.
const StepKind* findStepKind(std::string_view id);

} // namespace lab
