// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/server_endpoint.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace lab {

namespace {

void setOption(int descriptor, int level, int option, int value) {
    ::setsockopt(descriptor, level, option, &value, sizeof value);
}

} // namespace

Result<ServerEndpoint> ServerEndpoint::of(const std::string& address, std::uint16_t port) {
    ServerEndpoint endpoint;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        if (four.sin_addr.s_addr == htonl(INADDR_ANY)) {
            four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        }
        endpoint.m_fromOwnAddresses = ntohl(four.sin_addr.s_addr) >> 24 == 127;
        std::memcpy(&endpoint.m_address, &four, sizeof four);
        endpoint.m_length = sizeof four;
        char text[INET_ADDRSTRLEN] = {};
        ::inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
        endpoint.m_host = std::string(text) + ":" + std::to_string(port);
    } else if (::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        if (IN6_IS_ADDR_UNSPECIFIED(&six.sin6_addr)) {
            six.sin6_addr = in6addr_loopback;
        }
        std::memcpy(&endpoint.m_address, &six, sizeof six);
        endpoint.m_length = sizeof six;
        endpoint.m_host = "[" + address + "]:" + std::to_string(port);
    } else {
        return Error{"\"" + address + "\" is not an Internet address such as 127.0.0.1"};
    }
    return endpoint;
}

bool ServerEndpoint::bindSource(int descriptor, unsigned source, bool withPort) const {
    if (!withPort) {
        // The port is chosen by connect(), by the whole pair of addresses: so ports do not run out.
        setOption(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    }
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl((127u << 24) + 2 + source % mostAddresses);
    return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0;
}

FileDescriptor ServerEndpoint::beginConnecting(unsigned source, int receiveBuffer,
                                               const std::function<void(std::uint16_t port)>& announce) const {
    FileDescriptor descriptor(::socket(m_address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!descriptor) {
        return descriptor;
    }
    setOption(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    if (receiveBuffer > 0) {
        setOption(descriptor.get(), SOL_SOCKET, SO_RCVBUF, receiveBuffer);
    }
    const auto connected = [&] {
        if (m_fromOwnAddresses && !bindSource(descriptor.get(), source, announce != nullptr)) {
            return false;
        }
        if (announce && m_fromOwnAddresses) { // else there is no port yet
            announce(localPort(descriptor.get()));
        }
        return ::connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&m_address), m_length) == 0 ||
               errno == EINPROGRESS;
    };
    if (!connected()) {
        const int failure = errno;
        descriptor.reset();
        errno = failure;
    }
    return descriptor;
}

std::uint16_t localPort(int descriptor) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        return 0;
    }
    // The port stands at the same place for both families.
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

} // namespace lab
