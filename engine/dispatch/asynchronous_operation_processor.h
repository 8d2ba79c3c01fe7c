// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/connection/send_cursor.h"
#include "engine/dispatch/asynchronous_operation.h"
#include "engine/server/server_options.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

namespace lab {

/// A connected socket on which operations are performed asynchronously: at most one at a time.
///
/// Threads: the handler's, one at a time; cancel() also by another one, never at the same time as the destructor.
/// Owner: the completion handler. The operation's handler and buffers stay until its completion was dispatched.
class AsynchronousStream {
public:
    virtual ~AsynchronousStream() = default; ///< closes; no operation is outstanding by then

    /// Reads at least one octet into `buffer`. Result: octets, 0 at the end of the peer's sending.
    virtual void read(AsynchronousOperation& operation, std::span<char> buffer) = 0;

    /// Reads from a file into `buffer`, as much of `piece` as there is room for. Result: octets, 0 at the file's end.
    virtual void readFile(AsynchronousOperation& operation, SendCursor::Piece piece, std::span<char> buffer) = 0;

    /// Sends the whole of `cursor`: memory, and files as the transfer strategy says. Result: octets.
    /// Files go by TransmitFile, where the processor sends from file to socket by itself (P section 3.2), or mapped;
    /// with the other strategies `cursor` has none.
    virtual void send(AsynchronousOperation& operation, SendCursor& cursor, FileTransfer transfer) = 0;

    /// Completes the outstanding operation, if any, with -ECANCELED.
    virtual void cancel() = 0;

    virtual void finishSending() = 0; ///< shuts the sending side down

    /// Gives the socket back: nothing more is asked of the stream. No operation is outstanding.
    virtual FileDescriptor release() = 0;

    /// The socket itself, for a thread that sends by calls of its own while no operation is outstanding here.
    virtual int descriptor() = 0;

    /// Octets that the peer's side has taken so far, over all operations. Any thread.
    virtual std::int64_t progress() const = 0;

    /// The outstanding operation is held back while others transmit: its peer cannot take anything. Any thread.
    virtual bool waitsForTurn() const { return false; }
};

/// Performs operations on behalf of handlers, and hands each completed one to the completion queue.
///
/// Role: Asynchronous Operation Processor (P section 4.3). Threads: initiation by any; perform() by one thread.
/// Owner: the concurrency model.
class AsynchronousOperationProcessor {
public:
    virtual ~AsynchronousOperationProcessor() = default;

    /// Takes a connected socket over.
    virtual std::unique_ptr<AsynchronousStream> makeStream(FileDescriptor socket) = 0;

    /// Accepts one connection on the listening socket. Result: the new socket's descriptor; whoever dispatches
    /// the operation owns it.
    virtual void accept(AsynchronousOperation& operation) = 0;
    virtual void cancelAccept() = 0;

    /// A client was taken out of the backlog already, for an accept that was not initiated yet.
    virtual bool holdsAccepted() { return false; }
    /// One may still be, although cancelAccept() was called: an accept more would end with it, or with -ECANCELED.
    virtual bool mayStillAccept() { return holdsAccepted(); }

    /// Completes `operation` after `delay`, in lab time.
    virtual void wait(AsynchronousOperation& operation, std::chrono::milliseconds delay) = 0;

    /// Waits until something can be performed, performs it, and returns. `waiting` says as what kind of call the
    /// calling thread's wait is recorded.
    virtual void perform(SystemCall waiting) = 0;

    /// Makes perform() return.
    virtual void interrupt() = 0;

    /// A thread of the server has performed `operation` itself, with `result`: hands it to the completion queue, and
    /// makes perform() return. The handler may be gone afterwards. Any thread.
    virtual void performedByThread(AsynchronousOperation& operation, std::int64_t result) = 0;

    /// Looks whether a peer that takes nothing keeps others from transmitting. Now and then, by any thread.
    virtual void lookForStalled(std::int64_t /*now*/) {}

    /// The last call: nobody performs, initiates or dispatches any more. When it returns, no buffer of an operation
    /// that was outstanding is touched again.
    virtual void end() {}
};

} // namespace lab
