// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"
#include "engine/process/process_share.h"

#include <cstddef>

namespace lab {

/// The memory that the lab and the processes of one server share: a file without a name, gone with its last user.
///
/// Threads: as what lies in it says. Owner: on the lab's side the process group, on the other the parent.
class ProcessMemory {
public:
    /// Error: the system gives no memory.
    static Result<ProcessMemory> create(std::size_t places, std::size_t ringCapacity);
    /// As received from the lab. Error: not of the same build.
    static Result<ProcessMemory> open(FileDescriptor file);

    ProcessMemory(ProcessMemory&& other) noexcept;
    ProcessMemory& operator=(ProcessMemory&&) = delete;
    ~ProcessMemory();

    ProcessShare& share() const { return *static_cast<ProcessShare*>(m_memory); }
    ProcessPlace& place(std::size_t index) const;
    RingPlace ring(std::size_t index) const;
    int file() const { return m_file.get(); }
    void closeFile() { m_file.reset(); } ///< the memory stays

private:
    ProcessMemory(FileDescriptor file, void* memory, std::size_t octets)
        : m_file(std::move(file))
        , m_memory(memory)
        , m_octets(octets) {}
    static std::size_t octetsOf(std::size_t places, std::size_t ringCapacity);
    static std::size_t eventsOffset(std::size_t places);

    FileDescriptor m_file;
    void* m_memory;
    std::size_t m_octets;
};

} // namespace lab
