// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace lab {

/// A list that grows at the end and is forgotten from the front, both in chunks that never move.
template <typename Value, std::size_t chunkSize>
class ChunkedList {
    static_assert((chunkSize & (chunkSize - 1)) == 0, "a power of two");

public:
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    Value& operator[](std::size_t index) { return m_chunks[index / chunkSize][index % chunkSize]; }
    const Value& operator[](std::size_t index) const { return m_chunks[index / chunkSize][index % chunkSize]; }
    Value& back() { return m_chunks.back().back(); }
    const Value& back() const { return m_chunks.back().back(); }

    void push_back(Value value) {
        if (m_size % chunkSize == 0) {
            m_chunks.emplace_back();
        }
        m_chunks.back().push_back(std::move(value));
        ++m_size;
    }

    /// Forgets the first `chunkSize` values; there must be as many.
    void dropChunk() {
        m_chunks.erase(m_chunks.begin());
        m_size -= chunkSize;
    }

    /// Index of the first value of which `before` is not true; `before` is true up to some value and false from there.
    template <typename Before>
    std::size_t partition(Before before) const {
        std::size_t low = 0;
        std::size_t high = m_size;
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            if (before((*this)[middle])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

private:
    std::vector<std::vector<Value>> m_chunks;
    std::size_t m_size = 0;
};

} // namespace lab
