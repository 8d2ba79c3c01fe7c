// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <sys/resource.h>

namespace lab::test {

/// While it lives, this process gets no descriptor with that number or a higher one; open ones stay open.
class DescriptorLimit {
public:
    explicit DescriptorLimit(rlim_t most) {
        ::getrlimit(RLIMIT_NOFILE, &m_former);
        auto limit = m_former;
        limit.rlim_cur = std::min(most, m_former.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_former); }
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;

private:
    rlimit m_former{};
};

/// Why a test that leaves no descriptors cannot run in this build; null: it can.
inline const char* whyDescriptorsAreNeeded() {
#ifdef __SANITIZE_ADDRESS__
    return "the sanitizer of undefined behaviour, which comes along, looks at objects through a pipe, and takes them "
           "for broken where it gets no descriptors";
#else
    return nullptr;
#endif
}

} // namespace lab::test
