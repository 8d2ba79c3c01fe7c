// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asynchronous_operation.h"

namespace lab {

/// Calls the completion hook of the handler that `operation` belongs to, on the calling thread.
///
/// Role: Completion Dispatcher (P section 4.4, collaboration 4).
void dispatchCompletion(AsynchronousOperation& operation);

} // namespace lab
