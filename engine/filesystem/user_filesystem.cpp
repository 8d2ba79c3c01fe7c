// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/user_filesystem.h"

#include "engine/filesystem/document_root.h"
#include "engine/filesystem/path_names.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <string>

namespace lab {

namespace {

constexpr std::size_t foldersKeptOpen = 32;
constexpr std::size_t otherPathsNamed = 256;

/// Of each user: so that all that is kept open stays within what a process may have open.
CachedFilesystem::Options modestCache() {
    CachedFilesystem::Options options;
    options.maximumFiles = 16;
    options.maximumOctets = 1024 * 1024;
    return options;
}

class UserFilesystem final : public CachedFilesystem {
public:
    UserFilesystem(const TildeExpander& expander, Recording* recording)
        : m_expander(expander)
        , m_recording(recording)
        , m_names(recording, otherPathsNamed) {}

    FileLookup find(std::string_view path, std::uint32_t connection) override;
    CacheCounts counts() override;

private:
    struct OpenFolder {
        std::shared_ptr<CachedFilesystem> files; ///< null: cannot be opened
        bool isTrouble = false;                  ///< for want of descriptors or memory
    };
    struct KeptFolder {
        std::shared_ptr<CachedFilesystem> files;
        std::uint64_t lastUse = 0;
    };

    OpenFolder folderOf(const UserFolder& user);
    OpenFolder open(const UserFolder& user) const;
    void makeRoom();

    const TildeExpander& m_expander;
    Recording* const m_recording;
    PathNames m_names;
    std::mutex m_mutex;
    // Guarded by m_mutex.
    std::map<std::string, KeptFolder> m_kept; ///< by user, base and what is inside it
    std::uint64_t m_uses = 0;
    CacheCounts m_former; ///< of folders that are not kept any more
};

FileLookup UserFilesystem::find(std::string_view path, std::uint32_t connection) {
    const auto expanded = m_expander.expand(path);
    const auto folder = expanded ? folderOf(*expanded->folder) : OpenFolder{};
    if (!folder.files) {
        const auto found = folder.isTrouble ? FileLookup::Found::Trouble : FileLookup::Found::Nothing;
        return {found, FileSource::NotFound, m_names.of(path), nullptr};
    }
    if (expanded->rest.empty()) {
        return {FileLookup::Found::Directory, FileSource::NotFound, m_names.of(path), nullptr};
    }
    return folder.files->find(expanded->rest, connection);
}

/// Opens without the lock: whoever comes at the same time may open it too, and one of both is kept.
UserFilesystem::OpenFolder UserFilesystem::folderOf(const UserFolder& user) {
    const auto key = user.user + '\0' + user.base + '\0' + user.inside;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto kept = m_kept.find(key); kept != m_kept.end()) {
            kept->second.lastUse = ++m_uses;
            return {kept->second.files};
        }
    }
    auto opened = open(user);
    if (opened.files) {
        const std::lock_guard lock(m_mutex);
        makeRoom();
        const auto kept = m_kept.try_emplace(key, KeptFolder{opened.files}).first;
        kept->second.lastUse = ++m_uses;
        opened.files = kept->second.files;
    }
    return opened;
}

/// With m_mutex held. The folder that nobody has asked for the longest goes; who still reads from it holds it.
void UserFilesystem::makeRoom() {
    if (m_kept.size() < foldersKeptOpen) {
        return;
    }
    const auto oldest = std::min_element(m_kept.begin(), m_kept.end(), [](const auto& left, const auto& right) {
        return left.second.lastUse < right.second.lastUse;
    });
    const auto counts = oldest->second.files->counts();
    m_former += counts;
    m_kept.erase(oldest);
}

UserFilesystem::OpenFolder UserFilesystem::open(const UserFolder& user) const {
    constexpr int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    OpenedPath base;
    base.descriptor.reset(::open(user.base.c_str(), flags));
    base.error = base.descriptor ? 0 : errno;
    auto folder = user.base;
    if (base.error == 0 && !user.inside.empty()) {
        const auto root = DocumentRoot::open(user.base);
        if (!root) {
            return {};
        }
        base = root->openBeneath(user.inside, flags);
        // The folder that was found there, and no other that is put into its place meanwhile.
        folder = "/proc/self/fd/" + std::to_string(base.descriptor.get());
    }
    if (base.error != 0) {
        return {nullptr, base.isTrouble()};
    }
    auto files = CachedFilesystem::open(folder, m_recording, modestCache(), "/~" + user.user);
    return files ? OpenFolder{std::move(*files)} : OpenFolder{};
}

CacheCounts UserFilesystem::counts() {
    const std::lock_guard lock(m_mutex);
    auto sum = m_former;
    for (const auto& [key, kept] : m_kept) {
        const auto counts = kept.files->counts();
        sum += counts;
    }
    return sum;
}

} // namespace

std::unique_ptr<CachedFilesystem> makeUserFilesystem(const TildeExpander& expander, Recording* recording) {
    return std::make_unique<UserFilesystem>(expander, recording);
}

} // namespace lab
