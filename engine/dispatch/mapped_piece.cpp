// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/mapped_piece.h"

#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

namespace lab {

MappedPiece::~MappedPiece() {
    if (m_start != nullptr) {
        ::munmap(m_start, m_mapped);
    }
}

int MappedPiece::map(int file, std::int64_t offset, std::int64_t length) {
    *this = MappedPiece();
    static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
    const auto before = offset % page;
    const auto octets = static_cast<std::size_t>(before + length);
    // Populated: one look at the page tables instead of a fault for every few pages.
    void* start = ::mmap(nullptr, octets, PROT_READ, MAP_SHARED | MAP_POPULATE, file, offset - before);
    if (start == MAP_FAILED) {
        return errno;
    }
    m_start = start;
    m_mapped = octets;
    m_offset = offset;
    m_octets = {static_cast<char*>(start) + before, static_cast<std::size_t>(length)};
    return 0;
}

std::span<char> MappedPiece::from(std::int64_t offset) const {
    const auto into = offset - m_offset;
    return into >= 0 && into < static_cast<std::int64_t>(m_octets.size())
               ? m_octets.subspan(static_cast<std::size_t>(into))
               : std::span<char>();
}

} // namespace lab
