// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_options.h"

#include <cstdint>
#include <span>
#include <string>
#include <sys/uio.h>
#include <vector>

namespace lab {

/// How far a response has been sent: the place in its segments, and the next system call to make.
///
/// Role: shared by all connection styles, so that each of them only decides who waits. Threads: one at a time.
class SendCursor {
public:
    /// Begins at the front of `segments`, which stay with their owner. `connection`: for the trace.
    void begin(std::span<const Segment> segments, std::uint32_t connection);
    std::uint32_t connection() const { return m_connection; }

    bool done() const { return m_index == m_segments.size(); }
    std::int64_t sent() const { return m_sent; } ///< octets since begin()

    /// The next stretch is memory: pieces for one gathering write. `more`: a file follows, so the kernel may wait
    /// for it before it sends a part-filled packet (MSG_MORE).
    struct Gathered {
        std::span<iovec> pieces;
        bool more = false;
    };
    bool atMemory() const { return !done() && !m_segments[m_index].isFile(); }
    Gathered gather();

    /// Copies the pieces of `gathered` together where that is cheaper for the kernel than a list of them: a short
    /// header with a short file. Returns the octets in `joined`; 0: too long, or one piece only.
    static constexpr std::size_t joinedOctets = 4096;
    static std::size_t join(const Gathered& gathered, std::span<char, joinedOctets> joined);

    /// The next stretch is in a file: `length` octets from `offset`.
    struct Piece {
        int file;
        std::int64_t offset;
        std::int64_t length;
    };
    Piece piece() const;

    /// The operating system has taken so many octets.
    void advance(std::int64_t octets);

private:
    void skipEmpty();

    std::span<const Segment> m_segments;
    std::uint32_t m_connection = 0;
    std::size_t m_index = 0;
    std::int64_t m_inSegment = 0;
    std::int64_t m_sent = 0;
    iovec m_pieces[16];
};

/// One non-blocking or blocking step of sending: makes the next system call of the cursor and advances it.
/// Files go by sendfile() or, for FileTransfer::ReadWrite, through `buffer`.
/// Returns octets taken, or a negated errno; 0 only when nothing is left, or the file has become shorter.
std::int64_t sendStep(int socket, SendCursor& cursor, FileTransfer transfer, std::vector<char>& buffer);

/// What sendStep() will call next, for the trace.
SystemCall nextCall(const SendCursor& cursor, FileTransfer transfer);

} // namespace lab
