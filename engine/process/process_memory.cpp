// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_memory.h"

#include <cerrno>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>

namespace lab {

namespace {

constexpr std::size_t pageOctets = 4096;

constexpr std::size_t upTo(std::size_t octets, std::size_t unit) { return (octets + unit - 1) / unit * unit; }

constexpr std::size_t placesOffset = upTo(sizeof(ProcessShare), alignof(ProcessPlace));

} // namespace

std::size_t ProcessMemory::eventsOffset(std::size_t places) {
    return upTo(placesOffset + places * sizeof(ProcessPlace), pageOctets);
}

std::size_t ProcessMemory::octetsOf(std::size_t places, std::size_t ringCapacity) {
    return eventsOffset(places) + places * ringCapacity * sizeof(Event);
}

Result<ProcessMemory> ProcessMemory::create(std::size_t places, std::size_t ringCapacity) {
    FileDescriptor file(::memfd_create("proactor-lab", MFD_CLOEXEC));
    const auto octets = octetsOf(places, ringCapacity);
    // Pages come when they are written: most rings stay small.
    if (!file || ::ftruncate(file.get(), static_cast<off_t>(octets)) < 0) {
        return Error::ofSystem("cannot get memory to share with processes", errno);
    }
    auto* memory = ::mmap(nullptr, octets, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
    if (memory == MAP_FAILED) {
        return Error::ofSystem("cannot map memory to share with processes", errno);
    }
    ProcessMemory result(std::move(file), memory, octets);
    auto* share = ::new (memory) ProcessShare;
    share->layout = layoutOfShare();
    share->places = static_cast<std::uint32_t>(places);
    share->ringCapacity = static_cast<std::uint32_t>(ringCapacity);
    std::uninitialized_default_construct_n(&result.place(0), places);
    return result;
}

Result<ProcessMemory> ProcessMemory::open(FileDescriptor file) {
    struct stat status {};
    if (::fstat(file.get(), &status) < 0 || static_cast<std::size_t>(status.st_size) < sizeof(ProcessShare)) {
        return Error{"the memory that the lab shares is not as it should be"};
    }
    const auto octets = static_cast<std::size_t>(status.st_size);
    auto* memory = ::mmap(nullptr, octets, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
    if (memory == MAP_FAILED) {
        return Error::ofSystem("cannot map the memory that the lab shares", errno);
    }
    ProcessMemory result(std::move(file), memory, octets);
    const auto& share = result.share();
    if (share.layout != layoutOfShare() || octets != octetsOf(share.places, share.ringCapacity)) {
        return Error{"the program for processes and the lab are of different builds: build both anew"};
    }
    return result;
}

ProcessMemory::ProcessMemory(ProcessMemory&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_memory(std::exchange(other.m_memory, nullptr))
    , m_octets(other.m_octets) {}

ProcessMemory::~ProcessMemory() {
    if (m_memory != nullptr) {
        ::munmap(m_memory, m_octets);
    }
}

ProcessPlace& ProcessMemory::place(std::size_t index) const {
    auto* first = static_cast<std::byte*>(m_memory) + placesOffset;
    return reinterpret_cast<ProcessPlace*>(first)[index];
}

RingPlace ProcessMemory::ring(std::size_t index) const {
    const auto capacity = share().ringCapacity;
    auto* first = static_cast<std::byte*>(m_memory) + eventsOffset(share().places);
    return {&place(index).ring, reinterpret_cast<Event*>(first) + index * capacity, capacity};
}

} // namespace lab
