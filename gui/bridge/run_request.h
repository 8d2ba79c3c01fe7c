// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/server/server_options.h"
#include "engine/stepping/schedule.h"
#include "engine/trace/recording.h"
#include "engine/traffic/scenario.h"

#include <cstddef>
#include <memory>

namespace lab {

/// What the window asks for when it starts a run. A value; schedule and recording are shared and never change.
struct RunRequest {
    Scenario scenario;
    ServerOptions server; ///< port 0: the former run's port again, where it is free
    double pace = 0;      ///< events a second; 0: full speed
    bool repeat = true;
    std::size_t maximumEvents = 4'000'000;

    /// One thread at a time from the start on, held before the first turn: such a run's schedule is complete.
    bool startHeld = false;

    /// To be followed from the start on; then held.
    std::shared_ptr<const Schedule> schedule{};
    /// Follow it only as far as this recording, which it is of, shows at its event `goOnAt` (a number of events).
    /// With no schedule: that of the run which is replaced.
    std::shared_ptr<Recording> goOnFrom{};
    std::size_t goOnAt = 0;
};

} // namespace lab
