// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stepping/schedule.h"
#include "engine/trace/recording.h"

#include <cstddef>

namespace lab {

/// How many of `schedule`'s turns have been taken among the first `events` events of its run's recording. Walks
/// through the recording from its begin: for a worker thread.
std::size_t turnsUntil(const Schedule& schedule, const Recording& recording, std::size_t events);

} // namespace lab
