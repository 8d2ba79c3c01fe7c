// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/asynchronous_operation_processor.h"

#include <memory>

namespace lab {

class CompletionQueue;
class Gate;

/// Operations performed by Asio: on Linux a proactor emulated on a reactor (epoll), beneath which the thread that
/// calls perform() makes the system calls. Every completion goes into `queue`, which is ours, not Asio's.
///
/// `listeningSocket` stays with the caller and must be non-blocking. `oneThread`: perform() and all initiations are
/// by the same thread, which saves Asio some wake-ups.
/// Error: no descriptor to be had.
/// While `gate` is engaged, all that has been performed by then is told one after the other, in the order of the
/// schedule that is followed where there is one. Waits count in its time.
Result<std::unique_ptr<AsynchronousOperationProcessor>>
makeAsioOperationProcessor(CompletionQueue& queue, const Gate& gate, int listeningSocket, bool oneThread);

} // namespace lab
