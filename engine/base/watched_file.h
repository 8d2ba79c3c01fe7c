// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace lab {

/// Tells when a file has become another one, by looking at it now and then.
///
/// Threads: any; of several that ask at the same time one looks. Owner: who reads the file.
class WatchedFile {
public:
    explicit WatchedFile(std::string file)
        : m_file(std::move(file)) {
        look();
    }

    const std::string& file() const { return m_file; }

    /// True once for each change, to whoever asks first; changes within half a second may be told together.
    bool hasChanged() {
        constexpr std::chrono::milliseconds betweenLooks{500};
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        auto due = m_due.load(std::memory_order_relaxed);
        const auto next = now + std::chrono::steady_clock::duration(betweenLooks).count();
        return now >= due && m_due.compare_exchange_strong(due, next, std::memory_order_relaxed) && look();
    }

private:
    /// What makes a file another one: it was written, replaced or removed.
    struct Look {
        std::int64_t modified = 0;
        std::int64_t changed = 0;
        std::int64_t size = -1;
        std::uint64_t number = 0;
        friend bool operator==(const Look&, const Look&) = default;
    };

    bool look() {
        constexpr std::int64_t second = 1'000'000'000;
        struct stat status {};
        Look now;
        if (::stat(m_file.c_str(), &status) == 0) {
            now = {status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec,
                   status.st_ctim.tv_sec * second + status.st_ctim.tv_nsec, status.st_size, status.st_ino};
        }
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_seen, now) != now;
    }

    const std::string m_file;
    std::atomic<std::int64_t> m_due{0};
    std::mutex m_mutex;
    Look m_seen; ///< guarded by m_mutex
};

} // namespace lab
