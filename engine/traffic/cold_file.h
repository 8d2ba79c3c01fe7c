// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <cstdint>
#include <memory>
#include <string>

namespace lab {

/// A file of the document root that is to be on its disk, and not in the kernel's page cache, when it is asked for: as
/// if the server had more files than the machine has memory.
///
/// Role: part of the traffic, which takes it out of the page cache before each request. Threads: any. Owner: the
/// targets that ask for it.
class ColdFile {
public:
    /// What has been written to it is on the disk afterwards, since only such pages can go. Error: no such file.
    static Result<std::shared_ptr<const ColdFile>> open(const std::string& path);

    /// Takes it out of the page cache (posix_fadvise, POSIX_FADV_DONTNEED). Pages that somebody is sending or has
    /// mapped stay. Takes some ten microseconds a megabyte.
    void cool() const;

    /// Nothing of it is in the page cache. Never so where the file system is in memory itself (tmpfs).
    bool isCold() const;

private:
    ColdFile(FileDescriptor file, std::int64_t octets)
        : m_file(std::move(file))
        , m_octets(octets) {}

    FileDescriptor m_file;
    std::int64_t m_octets;
};

} // namespace lab
