// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/recording.h"

#include <iosfwd>

namespace lab {

/// Writes a recording as Chrome trace JSON, which Perfetto, the Firefox Profiler and speedscope read.
///
/// Hooks and blocking calls are slices of their threads; operations, requests and connections are asynchronous
/// pairs; a flow leads from where an operation was initiated to the hook that got its completion. What is open at
/// the end of the recording ends with it. Streamed: memory does not grow with the recording.
/// Error: the stream takes no more. Threads: any; the recording may grow meanwhile, the output is of the beginning.
Result<void> writeChromeTrace(const Recording& recording, std::ostream& out);

} // namespace lab
