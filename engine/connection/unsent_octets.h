// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <cstdint>

namespace lab {

/// What of an answer a socket has taken and not sent yet: what a cork, or MSG_MORE, is there to prevent.
struct UnsentOctets {
    HeldBack why = HeldBack::Nothing;
    std::int64_t octets = 0;

    /// As the kernel says at this moment, of a socket without TCP_NODELAY. Up to three system calls.
    static UnsentOctets of(int socket);
};

} // namespace lab
