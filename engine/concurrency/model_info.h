// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/concurrency/model.h"
#include "engine/trace/recording.h"

namespace lab {

/// What a recording says of a server with these options: model, family, and every setting that the model takes.
/// Scenario, seed, address and time are left for the caller. Unknown model: only the id is set.
RunInfo describeRun(const ServerOptions& options);

} // namespace lab
