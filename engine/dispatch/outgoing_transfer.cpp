// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/outgoing_transfer.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::int64_t windowOctets = 2 * 1024 * 1024;
constexpr std::int64_t readOctets = 64 * 1024; // at once, of a file that cannot be mapped

} // namespace

void OutgoingTransfer::begin(SendCursor& cursor, FileTransfer transfer) {
    m_cursor = &cursor;
    m_transfer = transfer;
    letGo(); // of what a response needed that was given up
    m_isApart = false;
    m_unsent = {};
}

void OutgoingTransfer::letGo() {
    m_mapped = MappedPiece();
    m_filePiece = {};
    m_fallenBack = false;
}

int OutgoingTransfer::flagsFor(bool more) const {
    return MSG_NOSIGNAL | (more && m_cork == Cork::MsgMore ? MSG_MORE : 0);
}

OutgoingTransfer::Step OutgoingTransfer::next() {
    if (m_cursor->done()) {
        holdBack(false);
        tellOfUnsent();
        letGo();
        return Step::Done;
    }
    if (m_transfer == FileTransfer::MmapWritev && m_cursor->fileAhead()) {
        return m_fallenBack ? writeRead() : writeMapped();
    }
    if (m_cursor->atMemory()) {
        return writeMemory();
    }
    return Step::File;
}

OutgoingTransfer::Step OutgoingTransfer::writeMemory() {
    const auto gathered = m_cursor->gather();
    m_isApart = m_isApart || gathered.more;
    if (gathered.more) {
        holdBack(true);
    }
    m_flags = flagsFor(gathered.more);
    if (gathered.pieces.size() > 1) {
        m_buffer.resize(std::max(m_buffer.size(), SendCursor::joinedOctets));
        const std::span<char, SendCursor::joinedOctets> joined(m_buffer.data(), SendCursor::joinedOctets);
        if (const auto octets = SendCursor::join(gathered, joined); octets > 0) {
            m_pieces[0] = {m_buffer.data(), octets};
            m_count = 1;
            return Step::Write;
        }
    }
    m_count = std::min(gathered.pieces.size(), m_pieces.size() - 1);
    std::copy_n(gathered.pieces.begin(), m_count, m_pieces.begin());
    return Step::Write;
}

/// Header and mapped pages by one gathering write. The file's length is looked at before each, so that one that was cut
/// off is noticed; where the cut falls between that and the write, the write ends with EFAULT or sends zeros up to the
/// end of the last page.
OutgoingTransfer::Step OutgoingTransfer::writeMapped() {
    const auto piece = *m_cursor->fileAhead();
    struct stat status {};
    if (::fstat(piece.file, &status) != 0 || status.st_size <= piece.offset) {
        return fail(-EIO);
    }
    auto mapped = m_mapped.from(piece.offset);
    if (mapped.empty()) {
        if (mapWindow(piece) != 0) {
            m_fallenBack = true; // no address space left, or a file that cannot be mapped
            return writeRead();
        }
        mapped = m_mapped.from(piece.offset);
    }
    const auto octets =
        std::min({static_cast<std::int64_t>(mapped.size()), piece.length, status.st_size - piece.offset, m_mostMapped});
    return writeWithFile(mapped.first(static_cast<std::size_t>(octets)));
}

int OutgoingTransfer::mapWindow(SendCursor::Piece piece) {
    const auto window = std::min(piece.length, windowOctets);
    const int failure = m_mapped.map(piece.file, piece.offset, window);
    LAB_MARK(CallPerformed, Filesystem, "mmap", .connection = m_cursor->connection(), .kind = SystemCall::Mmap,
             .value = failure != 0 ? -failure : window);
    return failure;
}

/// Header and a piece of the file that was read, by one gathering write.
OutgoingTransfer::Step OutgoingTransfer::writeRead() {
    const auto piece = *m_cursor->fileAhead();
    auto read = readFrom(piece.offset);
    if (read.empty()) {
        m_filePiece.resize(static_cast<std::size_t>(std::min(piece.length, readOctets)));
        const auto octets = ::pread(piece.file, m_filePiece.data(), m_filePiece.size(), piece.offset);
        const std::int64_t result = octets < 0 ? -errno : octets;
        LAB_MARK(CallPerformed, Filesystem, "pread", .connection = m_cursor->connection(), .kind = SystemCall::FileRead,
                 .value = result);
        if (result <= 0) {
            return fail(result < 0 ? result : -EIO); // the file has become shorter
        }
        m_filePiece.resize(static_cast<std::size_t>(result));
        m_readOffset = piece.offset;
        read = readFrom(piece.offset);
    }
    return writeWithFile(read);
}

/// What was read from `offset` of the file on.
std::span<char> OutgoingTransfer::readFrom(std::int64_t offset) {
    const auto into = offset - m_readOffset;
    const auto octets = static_cast<std::int64_t>(m_filePiece.size());
    return into >= 0 && into < octets ? std::span(m_filePiece).subspan(static_cast<std::size_t>(into))
                                      : std::span<char>();
}

OutgoingTransfer::Step OutgoingTransfer::writeWithFile(std::span<char> octets) {
    const auto gathered = m_cursor->gather();
    m_count = gathered.pieces.size();
    if (m_count + 1 >= m_pieces.size()) {
        return writeMemory(); // so many pieces that they may not reach up to the file
    }
    std::copy_n(gathered.pieces.begin(), m_count, m_pieces.begin());
    m_pieces[m_count++] = {octets.data(), octets.size()};
    m_flags = flagsFor(moreBehind(static_cast<std::int64_t>(octets.size())));
    return Step::Write;
}

bool OutgoingTransfer::moreBehind(std::int64_t octets) const {
    return octets < m_cursor->fileAhead()->length || !m_cursor->endsWithFileAhead();
}

OutgoingTransfer::Step OutgoingTransfer::fail(std::int64_t error) {
    holdBack(false);
    m_error = error;
    return Step::Failed;
}

void OutgoingTransfer::advance(std::int64_t octets) {
    m_cursor->advance(octets);
    m_progress.fetch_add(octets, std::memory_order_relaxed);
    if (m_cork == Cork::None && m_isApart && m_cursor->done()) {
        m_unsent = UnsentOctets::of(m_socket);
    }
}

void OutgoingTransfer::tellOfUnsent() {
    if (m_cork == Cork::None && m_isApart) {
        LAB_MARK(OctetsHeldBack, AsynchronousOperationProcessor, "octets held back",
                 .connection = m_cursor->connection(), .kind = m_unsent.why, .value = m_unsent.octets);
    }
}

void OutgoingTransfer::holdBack(bool hold) {
    if (m_cork != Cork::TcpCork || hold == m_holdsBack) {
        return;
    }
    m_holdsBack = hold;
    const int value = hold ? 1 : 0;
    [[maybe_unused]] const int result = ::setsockopt(m_socket, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
    LAB_MARK(CallPerformed, AsynchronousOperationProcessor, "cork or uncork", .connection = m_cursor->connection(),
             .kind = SystemCall::Setsockopt, .value = result < 0 ? -errno : value);
}

} // namespace lab
