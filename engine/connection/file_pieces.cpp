// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/file_pieces.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace lab {

namespace {

constexpr std::int64_t pieceOctets = 128 * 1024;

} // namespace

SendCursor::Piece FilePieces::piece() const {
    auto piece = *m_response->fileAhead();
    piece.length = std::min(piece.length, pieceOctets);
    return piece;
}

std::span<char> FilePieces::buffer() {
    const auto octets = static_cast<std::size_t>(piece().length);
    m_buffer.resize(std::max(m_buffer.size(), octets));
    return std::span(m_buffer).first(octets);
}

std::int64_t FilePieces::readNow() {
    const auto next = piece();
    const auto place = buffer();
    const auto octets = ::pread(next.file, place.data(), place.size(), next.offset);
    const std::int64_t result = octets < 0 ? -errno : octets;
    LAB_MARK(CallPerformed, Filesystem, "pread", .connection = m_response->connection(), .kind = SystemCall::FileRead,
             .value = result);
    return result;
}

SendCursor& FilePieces::read(std::int64_t octets) {
    m_segments.clear();
    m_octets = octets;
    for (const auto& memory : m_response->gather().pieces) {
        m_segments.push_back({.memory = {static_cast<const char*>(memory.iov_base), memory.iov_len}});
        m_octets += static_cast<std::int64_t>(memory.iov_len);
    }
    m_segments.push_back({.memory = std::span(m_buffer).first(static_cast<std::size_t>(octets))});
    m_part.begin(m_segments, m_response->connection());
    return m_part;
}

bool FilePieces::written() {
    m_response->advance(m_octets);
    return m_response->fileAhead().has_value();
}

void FilePieces::end() {
    m_response = nullptr;
    m_buffer = {}; // a connection that waits for its next request needs no memory for files
}

} // namespace lab
