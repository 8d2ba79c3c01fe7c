// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cache_policy.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lab {

/// A part of the cache with a lock of its own, so that threads seldom meet.
///
/// Role: the Cached Virtual Filesystem's memory. Decides: when entries go (the policy says which), when a file is to
/// be compared with the disk again. Threads: any. Owner: the filesystem.
class CacheShard {
public:
    struct Budget {
        std::size_t files = 0;
        std::int64_t octets = 0; ///< of content in memory
    };
    struct Hit {
        std::shared_ptr<const ServedFile> file; ///< null: not here
        bool stale = false;                     ///< the caller, and no other for now, has to compare it with the disk
    };

    /// Without a policy nothing is kept.
    CacheShard(Budget budget, std::unique_ptr<CachePolicy> policy);
    ~CacheShard();

    /// `now` in nanoseconds; a file not compared for `maximumAge` is stale.
    Hit find(std::string_view path, std::int64_t now, std::int64_t maximumAge);

    /// A file that had to make room.
    struct Evicted {
        std::shared_ptr<const ServedFile> file;
        Eviction why = Eviction::None;
    };
    /// Adds or replaces; others go to make room, into `evicted`. False when there is no room for it.
    bool put(std::string_view path, std::shared_ptr<const ServedFile> file, std::int64_t now,
             std::vector<Evicted>& evicted);

    void remove(std::string_view path);

    /// What find() cannot know: a stale file was still good, or a file had to be opened.
    void count(FileSource source);
    CacheCounts counts();

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>{}(path); }
    };
    using Entries = std::unordered_map<std::string, std::unique_ptr<CacheEntry>, Hash, std::equal_to<>>;

    // With m_mutex held. What has been dropped is handed back, so that files are closed without the lock.
    std::shared_ptr<const ServedFile> drop(Entries::iterator entry);
    bool isFullFor(std::int64_t octets) const;

    const Budget m_budget;
    std::mutex m_mutex;
    // Guarded by m_mutex.
    std::unique_ptr<CachePolicy> m_policy;
    Entries m_entries;
    std::int64_t m_octets = 0;
    CacheCounts m_counts;
};

} // namespace lab
