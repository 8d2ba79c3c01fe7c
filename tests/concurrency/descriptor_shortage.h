// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"

#include <cstddef>
#include <vector>

namespace lab::test {

/// While it lives, neither this process nor any that it has started gets more than so many further file descriptors
/// each: the limit of the operating system is set beneath those that are open, which stay open. Processes that are
/// started meanwhile inherit the limit.
///
/// Owner: a test, one at a time, and after prepare().
class DescriptorShortage {
public:
    /// Before servers start. Fills the lowest numbers, so that what a server has and gives back is above the limit to
    /// come; and lowers the one that there is, since io_uring keeps to the limit of when it was asked to accept. Again
    /// before descriptors are counted: servers that have begun in a shortage have had some of these.
    static void prepare();

    explicit DescriptorShortage(std::size_t left = 0);
    ~DescriptorShortage();
    DescriptorShortage(const DescriptorShortage&) = delete;
    DescriptorShortage& operator=(const DescriptorShortage&) = delete;

private:
    std::vector<FileDescriptor> m_taken; ///< of what is above the limit: all that was free
};

} // namespace lab::test
