// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

/// A line of bounded speed over which several clients get their answers, as if it were the server's own to the world.
///
/// Role: makes the network the bottleneck, which loopback never is: only then can the order in which a server sends
/// change anything. Decides: when octets that have come to a client's socket have passed the line, and may be taken.
/// The line is a token bucket; it passes one piece after the other, in the order in which clients ask for them, so that
/// those who have something waiting share it evenly. What waits at the line fills the client's small receive buffer,
/// and so the server feels it. Threads: the traffic's. Owner: the client reactor.
class SharedLink {
public:
    explicit SharedLink(std::int64_t octetsPerSecond)
        : m_octetsPerSecond(octetsPerSecond) {}

    /// From now on. A phase may have another speed.
    void setSpeed(std::int64_t octetsPerSecond) { m_octetsPerSecond = octetsPerSecond; }

    struct Passage {
        std::size_t octets;
        std::int64_t until; ///< lab time, ns: when the last of them has passed
    };
    /// The next piece of the octets that wait at a client.
    Passage pass(std::size_t waiting, std::int64_t now);

    /// For a client's socket: so little that what waits is in the server's hands.
    static int receiveBuffer(std::int64_t octetsPerSecond);

private:
    std::int64_t m_octetsPerSecond;
    std::int64_t m_freeFrom = 0; ///< lab time, ns: all that was passed so far has gone by then
};

} // namespace lab
