// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/send_cursor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lab {

/// A response whose file is brought to the peer piece by piece: read, then written with the memory in front of it.
///
/// Role: for the transfers that read the file before they write it, whichever way the connection is written.
/// Threads: one at a time. Owner: a connection.
class FilePieces {
public:
    /// Goes on with `cursor`, in which a file is still to come.
    void begin(SendCursor& cursor) { m_response = &cursor; }

    /// The next piece to read, and where to; stay in place until written().
    SendCursor::Piece piece() const;
    std::span<char> buffer();

    /// Reads the next piece by a blocking call: the calling thread waits for the disk. Returns octets, or a negated
    /// errno.
    std::int64_t readNow();

    /// So many octets were read. Returns what is to be written now: memory in front of the piece, and the piece.
    SendCursor& read(std::int64_t octets);
    std::int64_t octetsToWrite() const { return m_octets; }

    /// All that was written. False: no file comes any more, what is left of the response is memory.
    bool written();

    /// The response is over.
    void end();

private:
    SendCursor* m_response = nullptr;
    std::vector<Segment> m_segments;
    SendCursor m_part;
    std::int64_t m_octets = 0;
    std::vector<char> m_buffer;
};

} // namespace lab
