// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

struct sockaddr_storage;

namespace lab {

/// Who is at the other end of a connection, as small as it goes: written for each connection, read by few.
struct PeerAddress {
    enum class Family : std::uint8_t { Unknown, V4, V6 };

    Family family = Family::Unknown;
    std::array<std::uint8_t, 16> octets{}; ///< in network order; the first four for V4

    static PeerAddress of(const sockaddr_storage& peer);

    /// "127.0.0.1"; "-" where it is not known.
    std::string text() const;

    friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

} // namespace lab
