// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cached_filesystem.h"
#include "engine/filesystem/document_root.h"
#include "engine/filesystem/path_names.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace lab {

/// The folder that stands at a path, as a filesystem: where it is moved away nothing is found any more, and where
/// another one takes its place, that one is served.
///
/// Decides: when to look (within a second, and at refresh()), and what is the same folder (device and number are).
/// Where the system is too short of something to look, what is open stays. Threads: any. Owner: a service.
class FollowedFolder final : public CachedFilesystem {
public:
    /// Opens the folder that stands there now. Any thread, several at the same time.
    using Open = std::function<OpenedPath()>;

    /// Looks at once: error() tells what came of it. `recording` may be null. The options name no hints.
    FollowedFolder(Open open, Recording* recording, const Options& options, const std::string& mountedAt);

    /// Why no folder is open, as an errno; 0: one is. Looks where that is due, as find() does.
    int error();

    FileLookup find(std::string_view path, std::uint32_t connection) override;
    CacheCounts counts() override;
    void refresh() override;

private:
    struct Present {
        std::shared_ptr<CachedFilesystem> files; ///< null: no folder is open
        int error = 0;
        std::uint64_t device = 0;
        std::uint64_t number = 0;
    };

    void lookIfDue();
    void look(); // with m_looking held
    Present present() const;

    const Open m_open;
    Recording* const m_recording;
    const Options m_options;
    const std::string m_mountedAt;
    PathNames m_names;
    std::atomic<std::int64_t> m_due{0}; ///< when to look next, in nanoseconds of the coarse clock
    std::mutex m_looking;               ///< taken before m_mutex
    mutable std::mutex m_mutex;
    Present m_present;    ///< guarded by m_mutex
    CacheCounts m_former; ///< of folders that are not served any more; guarded by m_mutex
};

} // namespace lab
