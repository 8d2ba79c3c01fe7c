// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/dispatch/asynchronous_operation.h"

#include <cstdint>
#include <span>

namespace lab {

/// Reads from files while nobody of the server waits.
///
/// Role: the part of an Asynchronous Operation Processor for files, where the one for sockets has none of its own.
/// Threads: read() by any. Owner: the processor.
class AsynchronousFileReader {
public:
    virtual ~AsynchronousFileReader() = default;

    /// Reads into `buffer` from `offset` of `file` on. Result: octets, 0 at the file's end, or a negated errno.
    virtual void read(AsynchronousOperation& operation, int file, std::int64_t offset, std::span<char> buffer) = 0;

    /// Gives the read of `operation` up, where it has not begun: result -ECANCELED. Otherwise it ends as it would have.
    /// Any thread.
    virtual void cancel(const AsynchronousOperation& operation) = 0;
};

} // namespace lab
