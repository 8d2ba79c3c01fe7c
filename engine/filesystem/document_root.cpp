// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/document_root.h"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace lab {

namespace {

constexpr int commonFlags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

/// openat(2) that begins again when a signal came in between.
int openOne(int directory, const char* name, int flags) {
    int descriptor = -1;
    do {
        descriptor = ::openat(directory, name, flags);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

} // namespace

bool isShortage(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == EIO || error == EAGAIN;
}

OpenedPath openFolder(const std::string& folder) {
    OpenedPath opened;
    opened.descriptor.reset(openOne(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.descriptor || ::fstat(opened.descriptor.get(), &opened.status) != 0) {
        opened.error = errno;
        opened.descriptor.reset();
    }
    return opened;
}

Result<DocumentRoot> DocumentRoot::open(const std::string& root) {
    auto opened = openFolder(root);
    if (opened.error != 0) {
        return Error::ofSystem("cannot open the document root " + root, opened.error);
    }
    return DocumentRoot(std::move(opened.descriptor));
}

DocumentRoot::DocumentRoot(FileDescriptor directory)
    : m_directory(std::move(directory)) {
    // Old kernels do not know the call; some containers' filters refuse what they do not know.
    const FileDescriptor probe(openByKernel(".", O_PATH | O_CLOEXEC));
    if (!probe && (errno == ENOSYS || errno == EPERM)) {
        m_resolution = Resolution::Stepwise;
    }
}

OpenedPath DocumentRoot::openBeneath(std::string_view relative, int flags) const {
    OpenedPath opened;
    std::array<char, PATH_MAX> path;
    if (relative.empty() || relative.size() >= path.size() || relative.find('\0') != std::string_view::npos) {
        opened.error = ENOENT;
        return opened;
    }
    path[relative.copy(path.data(), relative.size())] = '\0';
    flags |= (flags & O_PATH) != 0 ? O_CLOEXEC : commonFlags;
    opened.descriptor.reset(m_resolution == Resolution::Kernel ? openByKernel(path.data(), flags)
                                                               : openStepwise(relative, flags));
    if (!opened.descriptor || ::fstat(opened.descriptor.get(), &opened.status) != 0) {
        opened.error = errno;
        opened.descriptor.reset();
    }
    return opened;
}

int DocumentRoot::openByKernel(const char* relative, int flags) const {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    // EAGAIN: a rename was going on, and the kernel could not tell whether ".." in a link left the root.
    constexpr int maximumTries = 8;
    long descriptor = -1;
    for (int tries = 0; descriptor < 0 && tries < maximumTries; ++tries) {
        descriptor = ::syscall(SYS_openat2, m_directory.get(), relative, &how, sizeof how);
        if (descriptor < 0 && errno != EAGAIN && errno != EINTR) {
            break;
        }
    }
    return static_cast<int>(descriptor);
}

int DocumentRoot::openStepwise(std::string_view relative, int flags) const {
    FileDescriptor directory;
    while (true) {
        const auto slash = relative.find('/');
        const std::string component(relative.substr(0, slash));
        if (component.empty() || component == "." || component == "..") {
            errno = ENOENT;
            return -1;
        }
        const int from = directory ? directory.get() : m_directory.get();
        if (slash == std::string_view::npos) {
            return openOne(from, component.c_str(), flags | O_NOFOLLOW);
        }
        FileDescriptor next(openOne(from, component.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!next) {
            return -1;
        }
        directory = std::move(next);
        relative.remove_prefix(slash + 1);
    }
}

} // namespace lab
