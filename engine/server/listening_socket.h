// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <cstdint>
#include <string>

namespace lab {

/// A bound and listening socket, and where it listens.
struct ListeningSocket {
    FileDescriptor descriptor;
    std::string address; ///< numeric
    std::uint16_t port = 0;
    bool isIpv6 = false;

    /// Listens on a numeric IPv4 or IPv6 address; port 0: any free one. Sockets accepted from it inherit its time
    /// limits: a blocking call on them returns after a quarter of a second.
    /// Error: not an address, in use, not permitted.
    static Result<ListeningSocket> open(const std::string& address, std::uint16_t port, int backlog);
};

} // namespace lab
