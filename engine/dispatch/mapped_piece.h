// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lab {

/// A stretch of a file in memory, mapped and not copied.
///
/// The server itself never looks at it: only the kernel does, in a write, where a file that has become shorter is an
/// error of the write (EFAULT) and not a signal.
class MappedPiece {
public:
    MappedPiece() = default;
    MappedPiece(MappedPiece&& other) noexcept
        : m_start(std::exchange(other.m_start, nullptr))
        , m_mapped(std::exchange(other.m_mapped, 0))
        , m_octets(std::exchange(other.m_octets, {}))
        , m_offset(other.m_offset) {}
    MappedPiece& operator=(MappedPiece&& other) noexcept {
        std::swap(m_start, other.m_start);
        std::swap(m_mapped, other.m_mapped);
        std::swap(m_octets, other.m_octets);
        std::swap(m_offset, other.m_offset);
        return *this;
    }
    ~MappedPiece();

    /// Maps `length` octets from `offset` on. Returns 0 or an errno.
    int map(int file, std::int64_t offset, std::int64_t length);

    /// What is mapped from `offset` of the file on; empty when that is not mapped.
    std::span<char> from(std::int64_t offset) const;

private:
    void* m_start = nullptr;
    std::size_t m_mapped = 0;
    std::span<char> m_octets;
    std::int64_t m_offset = 0; ///< in the file, of m_octets
};

} // namespace lab
