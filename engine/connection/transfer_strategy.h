// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/send_cursor.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <memory>

namespace lab {

/// How octets of a file come into a socket on which the calling thread sends by itself.
///
/// Role: Strategy for the transfer of files, of synchronous and reactive connections; each is one file and one line in
/// makeTransferStrategy(). Decides: which system calls move the octets. Threads: one at a time. Owner: a
/// ResponseSender.
class TransferStrategy {
public:
    virtual ~TransferStrategy() = default;

    /// Gets octets of the file ahead ready where that is a call of its own: reads, maps, fills the pipe. What is ready
    /// already stays so. Returns 1, 0 when the file has become shorter, or a negated errno.
    virtual std::int64_t prepare(SendCursor& cursor) = 0;

    /// The call that send() makes, for the trace.
    virtual SystemCall call() const = 0;

    /// Sends what prepare() has made ready, at most once into the kernel, without moving the cursor. Returns octets,
    /// 0 when the file has become shorter, or a negated errno.
    virtual std::int64_t send(int socket, SendCursor& cursor) = 0;

    /// Whether memory in front of a file goes out with the file's first octets, by the same call.
    virtual bool takesMemory() const { return false; }

    /// The response is over, or was given up: lets go of what was made ready.
    virtual void finish() {}
};

/// `announce`: each call says when more follows (MSG_MORE and its like). For Suited and BySize, which stand for others:
/// as Sendfile, and so for what only an Asynchronous Operation Processor could perform.
std::unique_ptr<TransferStrategy> makeTransferStrategy(FileTransfer transfer, bool announce);

// Each is defined in the file of its strategy.
std::unique_ptr<TransferStrategy> makeReadWriteTransfer(bool announce);
std::unique_ptr<TransferStrategy> makeMmapWritevTransfer(bool announce);
std::unique_ptr<TransferStrategy> makeSendfileTransfer();
std::unique_ptr<TransferStrategy> makeSpliceTransfer(bool announce);

} // namespace lab
