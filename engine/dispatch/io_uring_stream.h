// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/io_uring_processor.h"

#include <memory>

namespace lab {

/// A connected socket whose operations the kernel performs on behalf of `processor`, which must outlive it.
std::unique_ptr<AsynchronousStream> makeIoUringStream(IoUringOperationProcessor& processor, FileDescriptor socket,
                                                      Cork cork);

} // namespace lab
