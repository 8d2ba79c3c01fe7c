// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace lab {

/// How much, and how long, a peer may keep a server busy. The same for every concurrency model.
struct Limits {
    std::size_t requestLineOctets = 16'384; ///< a longer one: 414
    std::size_t fieldOctets = 16'384;       ///< a longer single header field: 431
    std::size_t headerOctets = 65'536; ///< request line and header together: 431 (414 where the line alone is too long)
    std::uint64_t bodyOctets = 1'048'576; ///< a longer body: 413

    std::chrono::milliseconds header{10'000}; ///< for a whole request header: 408
    std::chrono::milliseconds body{20'000};   ///< for a whole request body: 408
    std::chrono::milliseconds idle{5'000};    ///< between two requests: close
    std::chrono::milliseconds write{20'000};  ///< without any octet taken by the peer: close
    std::chrono::milliseconds linger{2'000};  ///< for the peer to close after our last octet

    /// How often limits have to be looked at.
    std::chrono::milliseconds shortest() const { return std::min({header, body, idle, write, linger}); }

    std::chrono::milliseconds of(Deadline deadline) const {
        switch (deadline) {
        case Deadline::Header: return header;
        case Deadline::Body: return body;
        case Deadline::Idle: return idle;
        case Deadline::Write: return write;
        case Deadline::Linger: return linger;
        case Deadline::None:
        case Deadline::Count: break;
        }
        return std::chrono::milliseconds::max();
    }
};

} // namespace lab
