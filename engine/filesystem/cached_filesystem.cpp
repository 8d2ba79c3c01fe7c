// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cached_filesystem.h"

#include "engine/filesystem/cache_hints.h"
#include "engine/filesystem/cache_shard.h"
#include "engine/filesystem/document_root.h"
#include "engine/filesystem/path_names.h"
#include "engine/http/http_date.h"
#include "engine/http/media_type.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <vector>

namespace lab {

namespace {

constexpr std::int64_t maximumAge = 900'000'000; // ns: a change is noticed within a second
constexpr std::size_t namedFiles = 65'536;
constexpr std::size_t namedOtherPaths = 256;

std::int64_t coarseNanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

std::string entityTagOf(const struct stat& status) {
    return makeEntityTag(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_size, status.st_ino);
}

/// Reads `size` octets; false when there are fewer or reading fails.
bool readContent(int descriptor, std::int64_t size, std::string& content, std::uint32_t connection) {
    content.resize(static_cast<std::size_t>(size));
    std::size_t done = 0;
    while (done < content.size()) {
        const auto octets = ::pread(descriptor, content.data() + done, content.size() - done, static_cast<off_t>(done));
        if (octets <= 0 && !(octets < 0 && errno == EINTR)) {
            break;
        }
        done += octets > 0 ? static_cast<std::size_t>(octets) : 0;
    }
    LAB_MARK(CallPerformed, Filesystem, "read file", .connection = connection, .kind = SystemCall::FileRead,
             .value = static_cast<std::int64_t>(done));
    return done == content.size();
}

/// Whether a name in the path begins with a dot, other than that of the folder for well-known addresses.
bool isHidden(std::string_view relative) {
    constexpr std::string_view wellKnown = ".well-known/";
    if (relative.starts_with(wellKnown)) {
        relative.remove_prefix(wellKnown.size());
    }
    return relative.starts_with('.') || relative.find("/.") != std::string_view::npos;
}

class Filesystem final : public CachedFilesystem {
public:
    Filesystem(DocumentRoot root, CacheHints hints, Recording* recording, Options options, std::string mountedAt);

    FileLookup find(std::string_view path, std::uint32_t connection) override;
    CacheCounts counts() override;

private:
    /// A path to look up and the connection that asks, for the trace.
    struct Asked {
        std::string_view path;
        std::uint32_t connection;
    };
    FileLookup look(Asked asked, CacheShard& shard, std::shared_ptr<const ServedFile> former);
    FileLookup serve(Asked asked, std::string_view relative, CacheShard& shard);
    std::shared_ptr<ServedFile> describe(Asked asked, std::string_view relative, OpenedPath opened);
    FileLookup without(FileLookup::Found found, std::string_view path);
    static FileLookup hit(std::shared_ptr<const ServedFile> file);
    static FileLookup stillGood(CacheShard& shard, std::shared_ptr<const ServedFile> former);
    NameId nameIn(PathNames& names, std::string_view path) const {
        return m_mountedAt.empty() ? names.of(path) : names.of(m_mountedAt + std::string(path));
    }
    CacheShard& shardOf(std::string_view path) {
        // The low bits choose the bucket inside the shard.
        return *m_shards[(std::hash<std::string_view>{}(m_policy.key(path)) >> 32) % m_shards.size()];
    }

    DocumentRoot m_root;
    const CacheHints m_hints;
    const CachePolicyDescription& m_policy;
    const std::string m_mountedAt;
    std::int64_t m_smallFileOctets = 0;
    std::vector<std::unique_ptr<CacheShard>> m_shards;
    PathNames m_fileNames;
    PathNames m_otherNames;
};

/// Into how many parts the cache is cut: each is to hold a good many files, or what the policy decides in one part
/// would have little to do with the others.
std::size_t partsOf(const CachedFilesystem::Options& options) {
    constexpr std::size_t worthwhile = 64; // files a part
    constexpr std::int64_t largest = 16;   // of the largest files that are kept in memory, a part
    const auto byFiles = options.maximumFiles / worthwhile;
    const auto bySize = options.maximumOctets / std::max<std::int64_t>(1, largest * options.smallFileOctets);
    return std::clamp<std::size_t>(std::min(byFiles, static_cast<std::size_t>(bySize)), 1, 8);
}

Filesystem::Filesystem(DocumentRoot root, CacheHints hints, Recording* recording, Options options,
                       std::string mountedAt)
    : m_root(std::move(root))
    , m_hints(std::move(hints))
    , m_policy(cachePolicy(options.policy))
    , m_mountedAt(std::move(mountedAt))
    , m_fileNames(recording, namedFiles)
    , m_otherNames(recording, namedOtherPaths) {
    const auto parts = partsOf(options);
    const CacheShard::Budget budget{options.maximumFiles / parts,
                                    options.maximumOctets / static_cast<std::int64_t>(parts)};
    for (std::size_t i = 0; i < parts; ++i) {
        m_shards.push_back(std::make_unique<CacheShard>(budget, m_policy.make ? m_policy.make(m_hints) : nullptr));
    }
    m_smallFileOctets = m_policy.make ? std::min(options.smallFileOctets, budget.octets) : -1;
    for (const auto& path : m_hints.fetched) {
        find(path, 0);
    }
}

CacheCounts Filesystem::counts() {
    CacheCounts sum;
    for (const auto& shard : m_shards) {
        const auto counts = shard->counts();
        sum += counts;
    }
    return sum;
}

FileLookup Filesystem::find(std::string_view path, std::uint32_t connection) {
    auto& shard = shardOf(path);
    auto cached = shard.find(path, coarseNanoseconds(), maximumAge);
    if (cached.file && !cached.stale) [[likely]] {
        return hit(std::move(cached.file));
    }
    return look({path, connection}, shard, std::move(cached.file));
}

FileLookup Filesystem::hit(std::shared_ptr<const ServedFile> file) {
    const auto name = file->name;
    const auto source = file->sourceAsHit();
    return {FileLookup::Found::File, source, name, std::move(file)};
}

FileLookup Filesystem::stillGood(CacheShard& shard, std::shared_ptr<const ServedFile> former) {
    shard.count(FileSource::CacheHit);
    return hit(std::move(former));
}

FileLookup Filesystem::without(FileLookup::Found found, std::string_view path) {
    auto& names = found == FileLookup::Found::Directory ? m_fileNames : m_otherNames;
    return {found, FileSource::NotFound, nameIn(names, path), nullptr};
}

/// Asks the disk. `former`: the version in the cache that may have been overtaken.
FileLookup Filesystem::look(Asked asked, CacheShard& shard, std::shared_ptr<const ServedFile> former) {
    const auto path = asked.path;
    if (!path.starts_with('/')) {
        return without(FileLookup::Found::Nothing, path);
    }
    std::string relative(path.substr(1));
    if (isHidden(relative)) {
        return without(FileLookup::Found::Nothing, path);
    }
    const bool asDirectory = path.ends_with('/');
    if (asDirectory) {
        relative += indexName;
    }
    // Looking before opening keeps a named pipe or a device from noticing.
    const auto seen = m_root.openBeneath(relative, O_PATH);
    if (seen.error == 0 && former && entityTagOf(seen.status) == former->entityTag && seen.isRegular()) {
        return stillGood(shard, std::move(former));
    }
    if (seen.isTrouble()) {
        return former ? stillGood(shard, std::move(former)) : without(FileLookup::Found::Trouble, path);
    }
    if (seen.error == 0 && seen.isRegular()) {
        return serve(asked, relative, shard);
    }
    shard.remove(path);
    const bool directory = seen.error == 0 && seen.isDirectory() && !asDirectory;
    return without(directory ? FileLookup::Found::Directory : FileLookup::Found::Nothing, path);
}

FileLookup Filesystem::serve(Asked asked, std::string_view relative, CacheShard& shard) {
    const auto path = asked.path;
    auto opened = m_root.openBeneath(relative, O_RDONLY);
    LAB_MARK(CallPerformed, Filesystem, "open file", .connection = asked.connection, .kind = SystemCall::Open,
             .value = opened.error == 0 ? opened.descriptor.get() : -opened.error);
    if (opened.error != 0 || !opened.isRegular()) {
        shard.remove(path);
        return without(opened.isTrouble() ? FileLookup::Found::Trouble : FileLookup::Found::Nothing, path);
    }
    const auto file = describe(asked, relative, std::move(opened));
    if (!file) {
        shard.remove(path);
        return without(FileLookup::Found::Trouble, path);
    }
    std::vector<CacheShard::Evicted> evicted;
    const bool kept = shard.put(path, file, coarseNanoseconds(), evicted);
    shard.count(FileSource::CacheMiss);
    for ([[maybe_unused]] const auto& [gone, why] : evicted) {
        LAB_MARK(FileEvicted, Filesystem, "evict file", .connection = asked.connection, .kind = why,
                 .value = gone->name);
    }
    const auto source = kept ? file->sourceAsMiss() : m_policy.make ? FileSource::Opened : FileSource::Uncached;
    return {FileLookup::Found::File, source, file->name, file};
}

/// Null when the content could not be read as it is, because it kept changing or reading failed.
std::shared_ptr<ServedFile> Filesystem::describe(Asked asked, std::string_view relative, OpenedPath opened) {
    const auto path = asked.path;
    auto file = std::make_shared<ServedFile>();
    constexpr int maximumTries = 4;
    bool settled = false;
    for (int tries = 0; !settled && tries < maximumTries; ++tries) {
        file->size = opened.status.st_size;
        file->entityTag = entityTagOf(opened.status);
        const bool small = file->size <= m_smallFileOctets;
        settled = !small || readContent(opened.descriptor.get(), file->size, file->content, asked.connection);
        if (small) {
            settled = ::fstat(opened.descriptor.get(), &opened.status) == 0 && settled &&
                      entityTagOf(opened.status) == file->entityTag;
        }
    }
    if (!settled) {
        return nullptr;
    }
    if (!file->inMemory()) {
        file->content.clear();
        file->descriptor = std::move(opened.descriptor);
    }
    // A time to come is no time of modification yet (RFC 9110 section 8.8.2.1).
    file->modified = std::min(opened.status.st_mtim.tv_sec, wallSeconds());
    file->lastModified = formatHttpDate(file->modified);
    file->contentType = mediaType(relative);
    file->fields = makeFileFields(file->contentType, file->entityTag, file->lastModified, file->size);
    file->name = nameIn(m_fileNames, path);
    return file;
}

} // namespace

Result<std::unique_ptr<CachedFilesystem>> CachedFilesystem::open(const std::string& root, Recording* recording,
                                                                 Options options, std::string mountedAt) {
    auto directory = DocumentRoot::open(root);
    if (!directory) {
        return directory.error();
    }
    return open(std::move(*directory), root, recording, options, std::move(mountedAt));
}

Result<std::unique_ptr<CachedFilesystem>> CachedFilesystem::open(DocumentRoot directory, const std::string& root,
                                                                 Recording* recording, Options options,
                                                                 std::string mountedAt) {
    CacheHints hints;
    if (options.policy == CacheKind::Hinted) {
        auto read = CacheHints::read(directory, root);
        if (!read) {
            return read.error();
        }
        hints = std::move(*read);
    }
    return std::unique_ptr<CachedFilesystem>(
        std::make_unique<Filesystem>(std::move(directory), std::move(hints), recording, options, std::move(mountedAt)));
}

} // namespace lab
