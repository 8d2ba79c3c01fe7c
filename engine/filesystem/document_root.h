// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <sys/stat.h>

namespace lab {

/// Whether the system is short of something, which says nothing about the path.
bool isShortage(int error);

/// Something opened under a document root; `error` is an errno, and the rest is meaningless, unless it is 0.
struct OpenedPath {
    int error = 0;
    FileDescriptor descriptor;
    struct stat status {};

    bool isRegular() const { return S_ISREG(status.st_mode); }
    bool isDirectory() const { return S_ISDIR(status.st_mode); }
    bool isTrouble() const { return isShortage(error); }
};

/// Opens a folder by its path, wherever links in it lead.
OpenedPath openFolder(const std::string& folder);

/// The directory that files are served from, and the guarantee that nothing outside of it is ever opened.
///
/// Role: under the Cached Virtual Filesystem. Decides: how the kernel is asked (openat2 with RESOLVE_BENEATH, which
/// also holds against links changed between check and use; where there is no openat2, one step a component without
/// following links). Threads: any, at the same time. Owner: the filesystem.
class DocumentRoot {
public:
    enum class Resolution { Kernel, Stepwise };

    /// Error: `root` is missing, no directory, or not readable.
    static Result<DocumentRoot> open(const std::string& root);
    /// The same of a directory that is open already.
    explicit DocumentRoot(FileDescriptor directory);

    /// `relative` has no leading '/'; `flags` as for open(2), without O_CREAT.
    OpenedPath openBeneath(std::string_view relative, int flags) const;

    Resolution resolution() const { return m_resolution; }
    /// For tests: the way of a kernel without openat2.
    void setResolution(Resolution resolution) { m_resolution = resolution; }

private:
    int openByKernel(const char* relative, int flags) const;
    int openStepwise(std::string_view relative, int flags) const;

    FileDescriptor m_directory;
    Resolution m_resolution = Resolution::Kernel;
};

} // namespace lab
