// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asio_processor.h"

#include <memory>

namespace lab {

/// A connected socket whose operations Asio performs on behalf of `processor`, which must outlive it.
std::unique_ptr<AsynchronousStream> makeAsioStream(AsioOperationProcessor& processor, asio::io_context& context,
                                                   FileDescriptor socket, Cork cork);

} // namespace lab
