// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/user_filesystem.h"

#include "engine/filesystem/document_root.h"
#include "engine/filesystem/followed_folder.h"
#include "engine/filesystem/path_names.h"

#include <algorithm>
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

/// The public folder as it stands now.
OpenedPath openPublicFolder(const UserFolder& user) {
    auto base = openFolder(user.base);
    if (base.error != 0 || user.inside.empty()) {
        return base;
    }
    return DocumentRoot(std::move(base.descriptor)).openBeneath(user.inside, O_RDONLY | O_DIRECTORY);
}

class UserFilesystem final : public CachedFilesystem {
public:
    UserFilesystem(const TildeExpander& expander, Recording* recording)
        : m_expander(expander)
        , m_recording(recording)
        , m_names(recording, otherPathsNamed) {}

    FileLookup find(std::string_view path, std::uint32_t connection) override;
    CacheCounts counts() override;
    void refresh() override;

private:
    struct KeptFolder {
        std::shared_ptr<FollowedFolder> files;
        std::uint64_t lastUse = 0;
    };

    std::shared_ptr<FollowedFolder> folderOf(const UserFolder& user);
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
    if (!expanded) {
        return {FileLookup::Found::Nothing, FileSource::NotFound, m_names.of(path), nullptr};
    }
    const auto folder = folderOf(*expanded->folder);
    const int error = folder->error();
    if (error == 0 && !expanded->rest.empty()) {
        return folder->find(expanded->rest, connection);
    }
    const auto found = error == 0          ? FileLookup::Found::Directory
                       : isShortage(error) ? FileLookup::Found::Trouble
                                           : FileLookup::Found::Nothing;
    return {found, FileSource::NotFound, m_names.of(path), nullptr};
}

/// Opens without the lock: whoever comes at the same time may open it too, and one of both is kept. Never null; one that
/// cannot be opened is not kept.
std::shared_ptr<FollowedFolder> UserFilesystem::folderOf(const UserFolder& user) {
    const auto key = user.user + '\0' + user.base + '\0' + user.inside;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto kept = m_kept.find(key); kept != m_kept.end()) {
            kept->second.lastUse = ++m_uses;
            return kept->second.files;
        }
    }
    auto opened = std::make_shared<FollowedFolder>([user] { return openPublicFolder(user); }, m_recording,
                                                   modestCache(), "/~" + user.user);
    if (opened->error() == 0) {
        const std::lock_guard lock(m_mutex);
        makeRoom();
        const auto kept = m_kept.try_emplace(key, KeptFolder{opened}).first;
        kept->second.lastUse = ++m_uses;
        opened = kept->second.files;
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

CacheCounts UserFilesystem::counts() {
    const std::lock_guard lock(m_mutex);
    auto sum = m_former;
    for (const auto& [key, kept] : m_kept) {
        const auto counts = kept.files->counts();
        sum += counts;
    }
    return sum;
}

void UserFilesystem::refresh() {
    std::map<std::string, KeptFolder> kept;
    {
        const std::lock_guard lock(m_mutex);
        kept = m_kept;
    }
    for (const auto& [key, folder] : kept) {
        folder.files->refresh();
    }
}

} // namespace

std::unique_ptr<CachedFilesystem> makeUserFilesystem(const TildeExpander& expander, Recording* recording) {
    return std::make_unique<UserFilesystem>(expander, recording);
}

} // namespace lab
