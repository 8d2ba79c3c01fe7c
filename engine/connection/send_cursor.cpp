// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/send_cursor.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lab {

void SendCursor::begin(std::span<const Segment> segments, std::uint32_t connection) {
    m_segments = segments;
    m_connection = connection;
    m_index = 0;
    m_inSegment = 0;
    m_sent = 0;
    skipEmpty();
}

void SendCursor::skipEmpty() {
    while (m_index < m_segments.size() && m_segments[m_index].octets() == m_inSegment) {
        ++m_index;
        m_inSegment = 0;
    }
}

SendCursor::Gathered SendCursor::gather() {
    std::size_t count = 0;
    auto index = m_index;
    auto skipped = static_cast<std::size_t>(m_inSegment);
    while (index < m_segments.size() && !m_segments[index].isFile() && count < std::size(m_pieces)) {
        const auto rest = m_segments[index].memory.subspan(skipped);
        // The kernel only reads from it; iovec has no const of its own.
        m_pieces[count++] = {const_cast<char*>(rest.data()), rest.size()};
        skipped = 0;
        ++index;
    }
    return {{m_pieces, count}, index < m_segments.size()};
}

std::size_t SendCursor::join(const Gathered& gathered, std::span<char, joinedOctets> joined) {
    if (gathered.pieces.size() < 2) {
        return 0;
    }
    std::size_t octets = 0;
    for (const auto& piece : gathered.pieces) {
        if (piece.iov_len > joined.size() - octets) {
            return 0;
        }
        std::memcpy(joined.data() + octets, piece.iov_base, piece.iov_len);
        octets += piece.iov_len;
    }
    return octets;
}

SendCursor::Piece SendCursor::piece() const {
    const auto& segment = m_segments[m_index];
    return {segment.file, segment.offset + m_inSegment, segment.length - m_inSegment};
}

void SendCursor::advance(std::int64_t octets) {
    m_sent += octets;
    while (octets > 0) {
        const auto step = std::min(octets, m_segments[m_index].octets() - m_inSegment);
        m_inSegment += step;
        octets -= step;
        skipEmpty();
    }
}

SystemCall nextCall(const SendCursor& cursor, FileTransfer transfer) {
    if (cursor.atMemory()) {
        return SystemCall::Writev;
    }
    return transfer == FileTransfer::TransmitFile ? SystemCall::Sendfile : SystemCall::Write;
}

namespace {

std::int64_t sendMemory(int socket, SendCursor& cursor) {
    const auto gathered = cursor.gather();
    const int flags = MSG_NOSIGNAL | (gathered.more ? MSG_MORE : 0);
    char joined[SendCursor::joinedOctets];
    if (const auto octets = SendCursor::join(gathered, joined); octets > 0) {
        return ::send(socket, joined, octets, flags);
    }
    msghdr message{};
    message.msg_iov = gathered.pieces.data();
    message.msg_iovlen = gathered.pieces.size();
    return ::sendmsg(socket, &message, flags);
}

/// Reads a piece into memory and writes it: two system calls and a copy, where sendfile() needs one and none.
std::int64_t sendThroughBuffer(int socket, const SendCursor& cursor, std::vector<char>& buffer) {
    const auto piece = cursor.piece();
    constexpr std::int64_t pieceOctets = 64 * 1024;
    buffer.resize(pieceOctets);
    const auto read =
        ::pread(piece.file, buffer.data(), static_cast<std::size_t>(std::min(piece.length, pieceOctets)), piece.offset);
    LAB_MARK(CallPerformed, Filesystem, "pread", .connection = cursor.connection(), .kind = SystemCall::FileRead,
             .value = read < 0 ? -errno : read);
    if (read <= 0) {
        return read;
    }
    return ::send(socket, buffer.data(), static_cast<std::size_t>(read),
                  MSG_NOSIGNAL | (read < piece.length ? MSG_MORE : 0));
}

} // namespace

std::int64_t sendStep(int socket, SendCursor& cursor, FileTransfer transfer, std::vector<char>& buffer) {
    if (cursor.done()) {
        return 0;
    }
    std::int64_t taken = 0;
    do {
        if (cursor.atMemory()) {
            taken = sendMemory(socket, cursor);
        } else if (transfer == FileTransfer::TransmitFile) {
            const auto piece = cursor.piece();
            off_t offset = piece.offset;
            taken = ::sendfile(socket, piece.file, &offset,
                               static_cast<std::size_t>(std::min<std::int64_t>(piece.length, 1 << 30)));
        } else {
            taken = sendThroughBuffer(socket, cursor, buffer);
        }
    } while (taken < 0 && errno == EINTR);
    if (taken < 0) {
        return -errno;
    }
    cursor.advance(taken);
    return taken;
}

} // namespace lab
