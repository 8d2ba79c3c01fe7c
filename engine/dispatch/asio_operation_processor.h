// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/ordered_operation_processor.h"
#include "engine/server/server_options.h"

#include <memory>

namespace lab {

class AsioOperationProcessor;
class CompletionQueue;
class Gate;

struct AsioProcessorOptions {
    /// perform() and all initiations are by the same thread, which saves Asio some wake-ups.
    bool oneThread = false;
    Cork cork = Cork::MsgMore;
    TransmitLimit transmits{};
};

/// Operations performed by Asio: on Linux a proactor emulated on a reactor (epoll), beneath which the thread that
/// calls perform() makes the system calls. Every completion goes into `queue`, which is ours, not Asio's.
///
/// `listeningSocket` stays with the caller and is made non-blocking.
/// Error: no descriptor to be had.
/// While `gate` is engaged, all that has been performed by then is told one after the other, in the order of the
/// schedule that is followed where there is one. Waits count in its time.
Result<std::unique_ptr<AsioOperationProcessor>> makeAsioOperationProcessor(CompletionQueue& queue, const Gate& gate,
                                                                           int listeningSocket,
                                                                           const AsioProcessorOptions& options);

} // namespace lab
