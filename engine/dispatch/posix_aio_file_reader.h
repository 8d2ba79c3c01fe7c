// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/asynchronous_file_reader.h"

#include <functional>
#include <memory>

namespace lab {

class Trace;

/// Reads files by aio_read() (P section 4.6).
///
/// What looks like the operating system's work is done in this process: the C library keeps threads (up to twenty, one
/// for each file that is being read), and each makes a blocking pread(). They run none of our code, so they have no
/// lane in the trace. Seen is a thread of ours, "aio collector", which waits in aio_suspend() for whichever read is
/// done first and says so by `finished`. Another way, SIGEV_THREAD, would make a new thread for each read that is done;
/// signals are shown by a demonstration of their own.
/// `trace` may be null. `finished` is called by the collector. The reader's end waits for what is under way.
/// Error: no descriptor or thread to be had.
Result<std::unique_ptr<AsynchronousFileReader>>
makePosixAioFileReader(Trace* trace,
                       std::function<void(AsynchronousOperation& operation, std::int64_t result)> finished);

} // namespace lab
