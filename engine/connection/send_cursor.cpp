// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/send_cursor.h"

#include <algorithm>
#include <cstring>
#include <iterator>

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

std::optional<SendCursor::Piece> SendCursor::fileAhead() const {
    if (done()) {
        return std::nullopt;
    }
    if (m_segments[m_index].isFile()) {
        return piece();
    }
    for (const auto& segment : m_segments.subspan(m_index)) {
        if (segment.isFile()) {
            return Piece{segment.file, segment.offset, segment.length};
        }
    }
    return std::nullopt;
}

bool SendCursor::endsWithFileAhead() const {
    std::size_t index = m_index;
    while (index < m_segments.size() && !m_segments[index].isFile()) {
        ++index;
    }
    return index + 1 == m_segments.size();
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

} // namespace lab
