// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/input_buffer.h"

#include <algorithm>
#include <cstring>

namespace lab {

namespace {
constexpr std::size_t usualOctets = 4096; // holds nearly every request, and some pipelined ones
constexpr std::size_t smallestRoom = 1024;
} // namespace

InputBuffer::InputBuffer(std::size_t maximumOctets)
    : m_maximum(std::max(maximumOctets, usualOctets)) {
    reallocate(usualOctets);
}

void InputBuffer::makeRoom() {
    if (empty()) {
        m_begin = m_end = 0;
        if (m_capacity > usualOctets) {
            reallocate(usualOctets);
        }
        return;
    }
    if (m_capacity - m_end >= smallestRoom) {
        return;
    }
    const auto used = m_end - m_begin;
    if (m_capacity - used >= smallestRoom || m_capacity == m_maximum) {
        std::memmove(m_memory.get(), m_memory.get() + m_begin, used);
        m_begin = 0;
        m_end = used;
        return;
    }
    constexpr std::size_t growth = 4;
    reallocate(std::min(m_capacity * growth, m_maximum));
}

void InputBuffer::reallocate(std::size_t capacity) {
    auto memory = std::make_unique_for_overwrite<char[]>(capacity);
    const auto used = m_end - m_begin;
    if (used > 0) {
        std::memcpy(memory.get(), m_memory.get() + m_begin, used);
    }
    m_memory = std::move(memory);
    m_capacity = capacity;
    m_begin = 0;
    m_end = used;
}

} // namespace lab
