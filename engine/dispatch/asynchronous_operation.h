// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <cstdint>

namespace lab {

struct AsynchronousOperation;
class Transmitter;

/// Whom the Completion Dispatcher calls when an operation has completed.
///
/// Role: Completion Handler (P section 4.3). Threads: a dispatcher's; for one handler one at a time, since it has
/// no more than one operation outstanding. Owner: itself, or the model; outlives its operations.
class CompletionHandler {
public:
    virtual ~CompletionHandler() = default;

    /// The completion hook: handle_accept, handle_read, handle_write, handle_file_read or handle_timeout by
    /// `operation.kind`.
    /// `operation.result` holds octets or a new socket, or a negated errno (-ECANCELED: cancelled).
    /// May destroy the handler.
    virtual void handleCompletion(AsynchronousOperation& operation) = 0;
};

/// An operation that was started and is not yet dispatched: who asked for it, and what came of it.
///
/// Role: Asynchronous Operation with its Asynchronous Completion Token (P section 4.3). Owner: the handler, as a
/// member; used again for the next operation when this one was dispatched.
struct AsynchronousOperation {
    CompletionHandler* handler = nullptr;
    AsynchronousOperation* next = nullptr; ///< in an OperationLine
    std::uint32_t id = 0;                  ///< new for each operation
    std::uint32_t connection = 0;
    Operation kind = Operation::None;
    std::int64_t result = 0;
    std::int64_t octets = 0;       ///< asked for
    std::int64_t octetsBehind = 0; ///< of the answer that it is a part of: left to send once it has completed
    bool isUrgent = false;         ///< as ProtocolHandler::isUrgent()

    // In a queue: see OperationLine.
    std::int64_t rank = 0;
    std::uint32_t overtakings = 0;
    Transmitter* transmitter = nullptr; ///< while it waits for its turn to transmit
};

constexpr Hook hookOf(Operation kind) {
    switch (kind) {
    case Operation::Accept: return Hook::HandleAccept;
    case Operation::Read: return Hook::HandleRead;
    case Operation::Timer: return Hook::HandleTimeout;
    case Operation::FileRead: return Hook::HandleFileRead;
    default: return Hook::HandleWrite;
    }
}

} // namespace lab
