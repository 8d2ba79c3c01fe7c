// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/futex.h"

#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lab {

namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t) &&
              std::atomic<std::uint32_t>::is_always_lock_free);

} // namespace

void waitForChange(const std::atomic<std::uint32_t>& word, std::uint32_t seen, std::chrono::milliseconds limit) {
    const timespec time{.tv_sec = limit.count() / 1000, .tv_nsec = limit.count() % 1000 * 1'000'000};
    ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, limit.count() < 0 ? nullptr : &time, nullptr, 0);
}

void wakeAll(const std::atomic<std::uint32_t>& word) {
    ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

} // namespace lab
