// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/listening_socket.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace lab {

namespace {

std::string explain(int errorNumber, const std::string& address, std::uint16_t port) {
    const auto place = address + ":" + std::to_string(port);
    switch (errorNumber) {
    case EADDRINUSE:
        return "cannot listen on " + place +
               ": another program uses this port; choose another one, or 0 for any free port";
    case EACCES: return "cannot listen on " + place + ": not permitted; ports below 1024 need special rights";
    case EADDRNOTAVAIL: return "cannot listen on " + place + ": this machine has no such address";
    default: return Error::ofSystem("cannot listen on " + place, errorNumber).message;
    }
}

} // namespace

Result<ListeningSocket> ListeningSocket::open(const std::string& address, std::uint16_t port, int backlog) {
    boost::system::error_code failure;
    const auto numeric = boost::asio::ip::make_address(address, failure);
    if (failure) {
        return Error{"cannot listen on '" + address + "': not a numeric address such as 127.0.0.1 or ::1"};
    }
    boost::asio::ip::tcp::endpoint endpoint(numeric, port);
    ListeningSocket result;
    result.isIpv6 = numeric.is_v6();
    result.address = numeric.to_string();
    result.descriptor.reset(::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int socket = result.descriptor.get();
    if (socket < 0) {
        return Error::ofSystem("cannot make a listening socket", errno);
    }
    const int on = 1;
    const timeval patience{.tv_sec = 0, .tv_usec = 250'000};
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) < 0 || ::listen(socket, backlog) < 0) {
        return Error{explain(errno, result.address, port)};
    }
    socklen_t size = static_cast<socklen_t>(endpoint.capacity());
    if (::getsockname(socket, endpoint.data(), &size) < 0) {
        return Error::ofSystem("cannot learn the port", errno);
    }
    endpoint.resize(size);
    result.port = endpoint.port();
    return result;
}

} // namespace lab
