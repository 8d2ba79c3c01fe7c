// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace lab {

/// Waiting for a word of memory to change, across processes too: std::atomic::wait() only knows threads of its own.

/// Blocks while `word` is `seen`, until somebody wakes it, a signal comes, or `limit` is over; negative: no limit.
void waitForChange(const std::atomic<std::uint32_t>& word, std::uint32_t seen,
                   std::chrono::milliseconds limit = std::chrono::milliseconds{-1});

/// Wakes all who wait for `word`, in any process.
void wakeAll(const std::atomic<std::uint32_t>& word);

} // namespace lab
