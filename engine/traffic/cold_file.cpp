// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/cold_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace lab {

Result<std::shared_ptr<const ColdFile>> ColdFile::open(const std::string& path) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat state {};
    if (!file || ::fstat(file.get(), &state) != 0) {
        return Error::ofSystem("cannot open " + path + ", which is to be cold", errno);
    }
    if (::fdatasync(file.get()) != 0) {
        return Error::ofSystem("cannot bring " + path + " to its disk", errno);
    }
    return std::shared_ptr<const ColdFile>(new ColdFile(std::move(file), state.st_size));
}

void ColdFile::cool() const { ::posix_fadvise(m_file.get(), 0, 0, POSIX_FADV_DONTNEED); }

bool ColdFile::isCold() const {
    if (m_octets == 0) {
        return true;
    }
    const auto octets = static_cast<std::size_t>(m_octets);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* start = ::mmap(nullptr, octets, PROT_READ, MAP_SHARED, m_file.get(), 0);
    if (start == MAP_FAILED) {
        return false;
    }
    std::vector<unsigned char> resident((octets + page - 1) / page);
    const bool told = ::mincore(start, octets, resident.data()) == 0;
    ::munmap(start, octets);
    return told && std::none_of(resident.begin(), resident.end(), [](auto entry) { return (entry & 1) != 0; });
}

} // namespace lab
