// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/protocol/protocol_handler.h"

#include <cstdint>
#include <optional>
#include <span>
#include <sys/uio.h>

namespace lab {

/// How far a response has been sent: the place in its segments, and what comes next.
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

    /// A stretch of a file: `length` octets from `offset`.
    struct Piece {
        int file;
        std::int64_t offset;
        std::int64_t length;
    };
    Piece piece() const; ///< the next stretch, which is in a file
    /// The first stretch of a file that is still to come, from here on.
    std::optional<Piece> fileAhead() const;
    bool inLastSegment() const { return m_index + 1 == m_segments.size(); }
    /// The file ahead is the last of the response.
    bool endsWithFileAhead() const;

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

} // namespace lab
