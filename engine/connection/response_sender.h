// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/transfer_strategy.h"
#include "engine/connection/unsent_octets.h"

#include <cstdint>
#include <memory>
#include <span>

namespace lab {

/// Sends responses on a socket step by step, each step one system call that sends: memory by gathering writes, files by
/// the transfer strategy, held together as Cork says.
///
/// Role: shared by synchronous and reactive connections, which decide only who waits, and how. Threads: one at a time.
/// Owner: a connection; `socket` outlives it.
class ResponseSender {
public:
    ResponseSender(int socket, const ServerOptions& options, std::uint32_t connection)
        : m_socket(socket)
        , m_chosen(options.transfer)
        , m_cork(options.cork)
        , m_connection(connection) {}

    /// From the next begin() on, files go by this transfer.
    void use(FileTransfer transfer) { m_chosen = transfer; }

    /// Begins at the front of `segments`, which stay with their owner.
    void begin(std::span<const Segment> segments);

    bool done() const { return m_cursor.done(); }
    std::int64_t sent() const { return m_cursor.sent(); } ///< octets since begin()

    /// Before step(): gets octets of a file ready where that takes a call of its own. Returns 1, 0 when the file has
    /// become shorter, or a negated errno.
    std::int64_t prepare();

    /// What step() will call, for the trace.
    SystemCall nextCall() const;

    /// Sends. Returns octets taken or a negated errno (-EAGAIN: nothing was taken, step() again later); 0 when the file
    /// has become shorter.
    std::int64_t step();

    /// All has been sent: lets part-filled packets go, or tells whether they are held back where nothing prevents it.
    void finish();

private:
    std::int64_t sendMemory();
    bool byStrategy() const;
    void holdBack(bool hold);

    const int m_socket;
    FileTransfer m_chosen;
    const Cork m_cork;
    const std::uint32_t m_connection;
    SendCursor m_cursor;
    std::unique_ptr<TransferStrategy> m_transfer; ///< made with the first file that goes so
    FileTransfer m_made = FileTransfer::Suited;   ///< what m_transfer is
    bool m_holdsBack = false;
    bool m_isApart = false; ///< what stands before a file was sent by a call of its own
    UnsentOctets m_unsent;  ///< right after the last step; only without any cork
};

} // namespace lab
