// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/descriptor_limit.h"

#include "engine/analysis/text_table.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <sys/resource.h>

namespace lab {

Result<void> ensureDescriptors(std::size_t needed, const std::string& who) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return Error::ofSystem("cannot ask for the limit of file descriptors", errno);
    }
    if (limit.rlim_cur >= needed) {
        return {};
    }
    if (limit.rlim_max >= needed) {
        const auto former = limit.rlim_cur;
        limit.rlim_cur = needed;
        if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) {
            return {};
        }
        limit.rlim_max = former;
    }
    return Error{who + " need " + withSeparators(std::uint64_t{needed}) + " file descriptors; the limit is " +
                 withSeparators(std::uint64_t{limit.rlim_max}) + " (ulimit -n)"};
}

} // namespace lab
