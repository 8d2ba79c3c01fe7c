// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/connection/send_cursor.h"
#include "engine/connection/unsent_octets.h"
#include "engine/dispatch/mapped_piece.h"
#include "engine/server/server_options.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <span>
#include <sys/uio.h>
#include <vector>

namespace lab {

/// One response, or a part of it, on its way out: what to write next.
///
/// Role: shared by all Asynchronous Operation Processors, so that each of them only decides how it writes, and how it
/// sends from a file. Threads: one at a time, progress() any. Owner: a stream.
class OutgoingTransfer {
public:
    enum class Step : std::uint8_t {
        Done,
        Write, ///< write pieces(), then advance()
        File,  ///< the processor sends cursor().piece() by its own means, then advance()
        Failed ///< error()
    };

    OutgoingTransfer(int socket, Cork cork)
        : m_socket(socket)
        , m_cork(cork) {}

    /// Goes on with `cursor`, which stays with its owner.
    void begin(SendCursor& cursor, FileTransfer transfer);
    /// Prepares the next step. Maps the file, where the strategy does that; reads it where it cannot be mapped.
    Step next();

    std::span<const iovec> pieces() const { return {m_pieces.data(), m_count}; }
    int flags() const { return m_flags; } ///< of the write
    std::int64_t error() const { return m_error; }
    SendCursor& cursor() { return *m_cursor; }
    /// Mapped pages are written so many octets at a time, at most.
    void limitPieces(std::int64_t octets) { m_mostMapped = octets; }
    /// Flags for a write behind which `more` follows or not.
    int flagsFor(bool more) const;

    /// The operating system has taken so many octets.
    void advance(std::int64_t octets);

    /// Octets that were taken so far, over all responses.
    std::int64_t progress() const { return m_progress.load(std::memory_order_relaxed); }

private:
    Step writeMemory();
    Step writeMapped();
    Step writeRead();
    int mapWindow(SendCursor::Piece piece);
    Step writeWithFile(std::span<char> octets);
    std::span<char> readFrom(std::int64_t offset);
    void letGo();
    /// More follows behind so many octets of the piece.
    bool moreBehind(std::int64_t octets) const;
    Step fail(std::int64_t error);
    void holdBack(bool hold);
    void tellOfUnsent();

    const int m_socket;
    const Cork m_cork;
    SendCursor* m_cursor = nullptr;
    FileTransfer m_transfer = FileTransfer::TransmitFile;
    std::array<iovec, 17> m_pieces{};
    std::size_t m_count = 0;
    int m_flags = 0;
    std::int64_t m_error = 0;
    std::int64_t m_mostMapped = std::numeric_limits<std::int64_t>::max();
    bool m_holdsBack = false;
    bool m_isApart = false; ///< what stands before a file was sent by a call of its own
    UnsentOctets m_unsent;  ///< right after the last octets were taken; only without any cork
    std::vector<char> m_buffer;
    MappedPiece m_mapped;
    bool m_fallenBack = false;     ///< until the end of this response: the file cannot be mapped, and is read
    std::vector<char> m_filePiece; ///< where it is read
    std::int64_t m_readOffset = 0; ///< in the file, of m_filePiece
    std::atomic<std::int64_t> m_progress{0};
};

} // namespace lab
