// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"
#include "engine/http/file_fields.h"
#include "engine/trace/event.h"
#include "engine/trace/recording.h"

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

namespace lab {

class DocumentRoot;

/// A file that is open and described; shared by all responses that send it. Never changes.
struct ServedFile {
    NameId name = 0;           ///< of its path under the document root, in the recording; 0 where nothing is recorded
    FileDescriptor descriptor; ///< none while the content is in memory
    std::int64_t size = 0;
    std::time_t modified = 0;
    std::string content;      ///< the whole file where it is small enough to be kept in memory
    std::string entityTag;    ///< quoted, strong (RFC 9110 section 8.8.3)
    std::string lastModified; ///< HTTP-date
    std::string contentType;
    FileFields fields; ///< the lines of a response header that never change for this file

    bool inMemory() const { return static_cast<std::int64_t>(content.size()) == size; }
    /// As it is said of it once the cache keeps it.
    FileSource sourceAsHit() const { return inMemory() ? FileSource::CacheHit : FileSource::DescriptorHit; }
    FileSource sourceAsMiss() const { return inMemory() ? FileSource::CacheMiss : FileSource::DescriptorMiss; }
};

/// What is at a path.
struct FileLookup {
    enum class Found : std::uint8_t {
        File,
        Directory, ///< exists, and the path does not end in '/'
        Nothing,   ///< also: anything that must not be told
        Trouble    ///< the operating system has no descriptor or memory to give, or reading failed
    };
    Found found = Found::Nothing;
    FileSource source = FileSource::NotFound;
    NameId name = 0; ///< id of the path looked up, for the trace
    std::shared_ptr<const ServedFile> file;
};

/// Which file goes when the cache is full.
enum class CacheKind : std::uint8_t {
    Lru,        ///< the one that nobody has asked for the longest
    Lfu,        ///< the one that was asked for least often
    Hinted,     ///< as Lru; what a hints file names is fetched beforehand, or pinned
    Structured, ///< a directory's files together, that of the directory not asked for the longest
    None        ///< nothing is kept at all
};

/// What the cache has done so far.
struct CacheCounts {
    std::uint64_t hits = 0;      ///< files found in it
    std::uint64_t misses = 0;    ///< files that had to be opened
    std::uint64_t evictions = 0; ///< files that had to leave it to make room

    CacheCounts& operator+=(const CacheCounts& other) {
        hits += other.hits;
        misses += other.misses;
        evictions += other.evictions;
        return *this;
    }
};

/// The document root, with a cache of open files and of the content of small ones.
///
/// Role: Cached Virtual Filesystem (P section 2). Decides: what is kept open and in memory, when a change of the
/// file is noticed (within a second). Threads: any, at the same time. Owner: the server.
/// No path leads out of the root: neither by "..", nor by a symbolic link, nor by a race between check and use
/// (openat2 with RESOLVE_BENEATH). Names that begin with a dot are not there for anybody, as passwords and hints may
/// stand in them; but for what is in ".well-known" at the root, which is made to be found (RFC 8615).
class CachedFilesystem {
public:
    static constexpr std::string_view indexName = "index.html"; ///< what a folder's address stands for

    struct Options {
        CacheKind policy = CacheKind::Lru;
        std::size_t maximumFiles = 1024;               ///< kept open
        std::int64_t smallFileOctets = 32 * 1024;      ///< up to this size the content is kept in memory
        std::int64_t maximumOctets = 64 * 1024 * 1024; ///< of content in memory
    };

    /// Error: `root` is missing, no directory, or not readable; for the hinted policy also its hints (see CacheHints).
    /// `recording` may be null. `mountedAt` stands in front of paths in the recording: "/~ann".
    static Result<std::unique_ptr<CachedFilesystem>> open(const std::string& root, Recording* recording,
                                                          Options options, std::string mountedAt = {});
    /// The same of a directory that is open already; `root` names it in errors.
    static Result<std::unique_ptr<CachedFilesystem>> open(DocumentRoot directory, const std::string& root,
                                                          Recording* recording, Options options, std::string mountedAt);
    virtual ~CachedFilesystem() = default;

    /// `path` begins with '/', is percent-decoded, without query. With '/' at the end: its index.html.
    /// `connection`: on whose behalf, for the trace.
    virtual FileLookup find(std::string_view path, std::uint32_t connection = 0) = 0;

    /// Exact, whether or not events are recorded.
    virtual CacheCounts counts() = 0;

    /// A root that is found by its path is looked for anew, where another one may stand there by now.
    virtual void refresh() {}
};

} // namespace lab
