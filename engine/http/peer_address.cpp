// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/peer_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace lab {

PeerAddress PeerAddress::of(const sockaddr_storage& peer) {
    PeerAddress address;
    if (peer.ss_family == AF_INET) {
        address.family = Family::V4;
        std::memcpy(address.octets.data(), &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, sizeof(in_addr));
    } else if (peer.ss_family == AF_INET6) {
        address.family = Family::V6;
        std::memcpy(address.octets.data(), &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, sizeof(in6_addr));
    }
    return address;
}

std::string PeerAddress::text() const {
    char text[INET6_ADDRSTRLEN];
    const int system = family == Family::V6 ? AF_INET6 : AF_INET;
    const bool known = family != Family::Unknown && ::inet_ntop(system, octets.data(), text, sizeof text) != nullptr;
    return known ? text : "-";
}

} // namespace lab
