// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <new>

namespace lab {

/// Memory for what Asio notes of the one operation that a stream has outstanding. Asio keeps such memory by itself only
/// for operations that are initiated from within its own loop; a dispatcher's would come from the heap, each of them.
///
/// Threads: one at a time, as the operations. Owner: the stream; longer in use than the operation never.
class OperationMemory {
public:
    OperationMemory() = default;
    OperationMemory(const OperationMemory&) = delete;
    OperationMemory& operator=(const OperationMemory&) = delete;

    void* allocate(std::size_t octets) {
        if (m_inUse || octets > sizeof m_place) {
            return ::operator new(octets);
        }
        m_inUse = true;
        return m_place;
    }
    void deallocate(void* place) {
        if (place == m_place) {
            m_inUse = false;
        } else {
            ::operator delete(place);
        }
    }

private:
    alignas(std::max_align_t) std::byte m_place[384];
    bool m_inUse = false;
};

/// OperationMemory as the standard library wants to be asked for it.
template <typename Type>
class OperationAllocator {
public:
    using value_type = Type;

    explicit OperationAllocator(OperationMemory& memory)
        : m_memory(&memory) {}
    template <typename Other>
    OperationAllocator(const OperationAllocator<Other>& other)
        : m_memory(other.memory()) {}

    Type* allocate(std::size_t count) {
        static_assert(alignof(Type) <= alignof(std::max_align_t));
        return static_cast<Type*>(m_memory->allocate(count * sizeof(Type)));
    }
    void deallocate(Type* place, std::size_t) { m_memory->deallocate(place); }

    OperationMemory* memory() const { return m_memory; }
    friend bool operator==(const OperationAllocator& one, const OperationAllocator& other) {
        return one.m_memory == other.m_memory;
    }

private:
    OperationMemory* m_memory;
};

} // namespace lab
