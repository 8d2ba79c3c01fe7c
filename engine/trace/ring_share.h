// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lab {

/// What the writer and the reader of a ring share, beside the events themselves. Holds no address, so that it may lie
/// in memory that two processes share. Each word is written by one side.
struct RingShare {
    // The writer's.
    std::atomic<int> systemId{0};       ///< of the thread whose ring this is; 0: none
    std::atomic<std::uint32_t> name{0}; ///< of the thread whose ring this is, or was last
    alignas(64) std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> lost{0};
    std::atomic<std::uint32_t> writerWaits{0}; ///< for room; the reader puts it back
    std::atomic<bool> ended{false};            ///< the thread has gone; when drained, the ring is free

    // The reader's.
    alignas(64) std::atomic<std::uint64_t> tail{0};
    std::atomic<std::uint32_t> releases{0};      ///< changes when there is room for a writer that waits
    std::atomic<std::uint32_t> firstSequence{0}; ///< of the next writer's events
    std::atomic<bool> readerEnded{false};        ///< nobody will make room any more
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

/// Where a ring lies.
struct RingPlace {
    RingShare* share = nullptr;
    Event* events = nullptr;  ///< `capacity` of them
    std::size_t capacity = 0; ///< a power of two
};

} // namespace lab
