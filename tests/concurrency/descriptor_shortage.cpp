// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/concurrency/descriptor_shortage.h"

#include "tests/process/process_watch.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace lab::test {

namespace {

constexpr rlim_t mostDescriptors = 256; ///< while there is no shortage
constexpr int fewDescriptors = 64;      ///< the limit while there is one; more than a wait at any handles watches

std::set<int> descriptorsOf(int process) {
    std::set<int> open;
    std::error_code failure; // it may go while it is looked at
    std::filesystem::directory_iterator each("/proc/" + std::to_string(process) + "/fd", failure);
    for (; !failure && each != std::filesystem::directory_iterator(); each.increment(failure)) {
        open.insert(std::stoi(each->path().filename().string()));
    }
    return open;
}

/// The number from which on a process must get none, so that `left` are free beneath it.
rlim_t limitFor(const std::set<int>& open, std::size_t left) {
    int limit = 0;
    for (std::size_t free = 0; free < left || open.contains(limit); ++limit) {
        free += open.contains(limit) ? 0 : 1;
    }
    return static_cast<rlim_t>(limit);
}

void setLimit(int process, rlim_t most) {
    rlimit limit{};
    if (::prlimit(process, RLIMIT_NOFILE, nullptr, &limit) == 0) {
        limit.rlim_cur = most;
        ::prlimit(process, RLIMIT_NOFILE, &limit, nullptr);
    }
}

/// The lowest number that is free.
FileDescriptor anyDescriptor() { return FileDescriptor(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)); }

/// Beneath the limit: what a shortage leaves.
std::vector<FileDescriptor>& reserve() {
    static std::vector<FileDescriptor> descriptors;
    return descriptors;
}

void fillReserve() {
    for (auto one = anyDescriptor(); one && one.get() < fewDescriptors; one = anyDescriptor()) {
        reserve().push_back(std::move(one));
    }
}

} // namespace

void DescriptorShortage::prepare() {
    setLimit(::getpid(), mostDescriptors);
    fillReserve();
}

DescriptorShortage::DescriptorShortage(std::size_t left) {
    prepare();
    for (const int process : descendants()) {
        setLimit(process, limitFor(descriptorsOf(process), left));
    }
    for (auto one = anyDescriptor(); one; one = anyDescriptor()) {
        m_taken.push_back(std::move(one));
    }
    setLimit(::getpid(), fewDescriptors);
    reserve().resize(reserve().size() - left);
}

DescriptorShortage::~DescriptorShortage() {
    fillReserve();
    setLimit(::getpid(), mostDescriptors);
    m_taken.clear();
    for (const int process : descendants()) {
        setLimit(process, mostDescriptors);
    }
}

} // namespace lab::test
