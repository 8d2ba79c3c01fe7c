// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/dispatch/ordered_operation_processor.h"
#include "engine/server/server_options.h"

#include <memory>

namespace lab {

class CompletionQueue;
class Gate;

/// Operations performed by the kernel itself, through io_uring: the nearest thing that Linux has to Windows NT's
/// completion ports. The thread that calls perform() makes no system call on a socket; it only hands submissions over
/// and takes completions.
///
/// `listeningSocket` stays with the caller and is made blocking: the kernel waits for it. Waits count in lab time.
/// Error: the kernel refuses io_uring, or there is no descriptor to be had.
Result<std::unique_ptr<AsynchronousOperationProcessor>> makeIoUringOperationProcessor(CompletionQueue& queue,
                                                                                      const Gate& gate,
                                                                                      int listeningSocket, Cork cork,
                                                                                      const TransmitLimit& transmits);

} // namespace lab
