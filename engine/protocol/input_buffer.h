// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace lab {

/// Octets received and not yet used, in one piece of memory that grows only for a long header.
///
/// Role: between a connection that reads and a parser that looks. Threads: one at a time. Owner: a protocol handler.
class InputBuffer {
public:
    /// Never holds more than `maximumOctets`, but always room for a small piece.
    explicit InputBuffer(std::size_t maximumOctets);

    std::string_view octets() const { return {m_memory.get() + m_begin, m_end - m_begin}; }
    std::span<char> writable() { return {m_memory.get() + m_begin, m_end - m_begin}; }
    bool empty() const { return m_begin == m_end; }

    /// Takes `count` octets off the front.
    void drop(std::size_t count) { m_begin += count; }

    /// Makes room for more. Moves what is there; gives memory back when nothing is there. The room is empty only when
    /// the maximum is there already.
    void makeRoom();

    /// Where the next octets go; stays in place until makeRoom().
    std::span<char> room() { return {m_memory.get() + m_end, m_capacity - m_end}; }

    /// `count` octets were put at the front of room().
    void filled(std::size_t count) { m_end += count; }

    std::size_t capacity() const { return m_capacity; }

private:
    void reallocate(std::size_t capacity);

    std::size_t m_maximum;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::unique_ptr<char[]> m_memory;
};

} // namespace lab
