// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <sys/socket.h>

namespace lab {

/// Where the clients connect to, and from which addresses.
///
/// On 127.0.0.0/8 the clients come from 127.0.0.2 on, never from 127.0.0.1: so the server can tell the lab's own
/// traffic from everybody else's. A value, made once. Threads: any.
class ServerEndpoint {
public:
    static constexpr unsigned clientsPerAddress = 5'000;
    static constexpr unsigned mostAddresses = 8; ///< 127.0.0.2 to 127.0.0.9

    /// `address` as the server listens on it; "0.0.0.0" and "::" stand for the loopback address.
    /// Error: not an address.
    static Result<ServerEndpoint> of(const std::string& address, std::uint16_t port);

    /// A non-blocking stream socket bound to the source address with number `source` (modulo mostAddresses), and its
    /// connection begun. `receiveBuffer` in octets; 0: the system's own. On failure: no descriptor, and errno.
    /// `announce`, where there is one, is called with the local port just before anybody can see the connection; not
    /// where the port is known only afterwards.
    FileDescriptor beginConnecting(unsigned source, int receiveBuffer,
                                   const std::function<void(std::uint16_t port)>& announce = {}) const;

    /// The value of a request's Host field.
    const std::string& host() const { return m_host; }

private:
    bool bindSource(int descriptor, unsigned source, bool withPort) const;

    sockaddr_storage m_address{};
    socklen_t m_length = 0;
    bool m_fromOwnAddresses = false;
    std::string m_host;
};

/// The local port of a socket; 0 when it has none.
std::uint16_t localPort(int descriptor);

} // namespace lab
