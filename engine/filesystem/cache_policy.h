// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cached_filesystem.h"

#include <boost/intrusive/list_hook.hpp>
#include <boost/intrusive/set_hook.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lab {

struct CacheHints;

/// A file in the cache, with what is needed to decide about it.
struct CacheEntry {
    std::string path; ///< as asked for
    std::shared_ptr<const ServedFile> file;
    std::int64_t checkedAt = 0; ///< ns of the cache's clock: when the file was last compared with the disk

    // Free for the policy's use.
    boost::intrusive::list_member_hook<> order{};
    boost::intrusive::set_member_hook<> rank{};
    std::uint64_t uses = 0;
    std::uint64_t lastUse = 0;
};

/// Which file goes when the cache is full.
///
/// Role: the Strategy of the Cached Virtual Filesystem (P section 2): one file a policy. Threads: one at a time, under
/// the cache's lock. Owner: a part of the cache. Entries are the cache's, and stay in place until removed().
class CachePolicy {
public:
    virtual ~CachePolicy() = default;

    virtual void added(CacheEntry& entry) = 0;
    virtual void used(CacheEntry& entry) = 0;
    virtual void removed(CacheEntry& entry) = 0;

    /// A file to go, and how it was chosen.
    struct Victim {
        CacheEntry* entry = nullptr; ///< null: none may go, so the new file is not kept
        Eviction why = Eviction::None;
    };
    /// The one to go next, so that the file at `incoming` finds room; there is at least one entry.
    virtual Victim victim(std::string_view incoming) = 0;

    /// There is room now, but others have to go together with the last victim.
    virtual bool goesOn() const { return false; }
};

/// A policy as data.
struct CachePolicyDescription {
    CacheKind kind;
    std::unique_ptr<CachePolicy> (*make)(const CacheHints& hints); ///< `hints` outlive it; null: nothing is ever kept
    std::string_view (*key)(std::string_view path); ///< what has the same key is in the same part of the cache
};

/// The one list: a new policy is a file, an entry here, and a word in serverSettings().
const CachePolicyDescription& cachePolicy(CacheKind kind);

// Each is defined in the file of its policy.
std::unique_ptr<CachePolicy> makeLeastRecentlyUsed(const CacheHints& hints);
std::unique_ptr<CachePolicy> makeLeastFrequentlyUsed(const CacheHints& hints);
std::unique_ptr<CachePolicy> makeHinted(const CacheHints& hints);
std::unique_ptr<CachePolicy> makeStructured(const CacheHints& hints);

/// "/a/b/" of "/a/b/c.txt": what the structured policy groups by.
std::string_view directoryOf(std::string_view path);

} // namespace lab
