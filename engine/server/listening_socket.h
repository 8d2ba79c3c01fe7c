// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

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

    /// Ends listening: the port is free when this returns, even while somebody else still holds the socket, as the
    /// kernel does for a moment after the end of an io_uring that accepted from it. Who waits to be accepted is reset.
    void close();
};

/// What limitUnsent() does for most runs.
constexpr int unsentOctets = 128 * 1024;

/// Lets no more than `octets` of an answer wait unsent in any connection that is accepted from `listeningSocket`.
///
/// What lies there is sent on by whoever processes the peer's acknowledgements, which on one machine is the peer's own
/// processor, while the server's has nothing to do; and it is out of the processor's cache by then. A thread that blocks
/// is woken more often for it, which is worth it. False: the system does not know how.
bool limitUnsent(int listeningSocket, int octets);

/// How the kernel picks one of several listening sockets for a connection.
enum class Pick : std::uint8_t {
    AtRandom,
    ByAddress ///< by the client's, so that it does the same again
};

/// Further sockets that listen at the same address and port as `first`, which listens already; the kernel gives each
/// new connection to one of them all (SO_REUSEPORT). `count`: how many more.
///
/// Nobody else gets in between. `first` was bound without sharing, so that the port was nobody else's; another program
/// that wants the port for itself is refused as ever; and one of the same user that asks to share it may listen, but
/// gets no connection, since the kernel is told to pick among ours alone. Error: the system has no descriptors, or does
/// not know how to share.
Result<std::vector<FileDescriptor>> openSiblings(int first, std::size_t count, int backlog, Pick pick);

/// From now on the kernel gives each new connection to `first`, and none to its siblings: what is in their backlogs can
/// be accepted, and then they can be closed.
void leaveToFirst(int first);

} // namespace lab
