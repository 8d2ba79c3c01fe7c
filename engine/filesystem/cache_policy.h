// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cached_filesystem.h"

#include <boost/intrusive/list_hook.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace lab {

/// A file in the cache, with what is needed to decide about it.
struct CacheEntry {
    std::string path; ///< as asked for
    std::shared_ptr<const ServedFile> file;
    std::int64_t checkedAt = 0; ///< ns of the cache's clock: when the file was last compared with the disk
    boost::intrusive::list_member_hook<> order; ///< free for the policy's use
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

    /// The one to go next; there is at least one.
    virtual CacheEntry& victim() = 0;
};

std::unique_ptr<CachePolicy> makeLeastRecentlyUsed();

} // namespace lab
