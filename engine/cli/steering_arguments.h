// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/cli/arguments.h"
#include "engine/stepping/condition.h"
#include "engine/stepping/stepper.h"

#include <optional>
#include <string>

namespace lab {

/// How a run without a window is steered.
struct Steering {
    double pace = 0;
    std::string scheduleFile; ///< to be written; empty: none
    std::optional<Schedule> schedule{};
    std::optional<ChoicePolicy> policy{};
    std::optional<Condition> until{};

    bool any() const { return pace > 0 || !scheduleFile.empty() || schedule || policy || until; }
};

/// The options of `run` that steer: pace, record-schedule, schedule, choose, until.
void addSteeringOptions(Arguments& command);

/// Error: names the option, or the schedule's line and field.
Result<Steering> readSteering(const Arguments& command);

} // namespace lab
