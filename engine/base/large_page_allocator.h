// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace lab {

/// Allocates large pieces on large pages where the system has them: written once from front to back, they then cost
/// one page fault instead of hundreds. Small pieces are allocated as usual.
template <typename T>
struct LargePageAllocator {
    using value_type = T;
    static constexpr std::size_t pageOctets = 2 * 1024 * 1024;

    LargePageAllocator() = default;
    template <typename U>
    LargePageAllocator(const LargePageAllocator<U>&) {}

    T* allocate(std::size_t count) {
        const auto octets = count * sizeof(T);
        if (octets < pageOctets) {
            return static_cast<T*>(::operator new(octets));
        }
        const auto whole = (octets + pageOctets - 1) / pageOctets * pageOctets;
        void* memory = std::aligned_alloc(pageOctets, whole);
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        ::madvise(memory, whole, MADV_HUGEPAGE); // a wish: without it, it is memory all the same
        return static_cast<T*>(memory);
    }

    void deallocate(T* memory, std::size_t count) {
        if (count * sizeof(T) < pageOctets) {
            ::operator delete(memory);
        } else {
            std::free(memory);
        }
    }

    friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) { return true; }
};

} // namespace lab
