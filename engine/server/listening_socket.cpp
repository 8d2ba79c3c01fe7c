// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server/listening_socket.h"

#include "engine/trace/trace.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <iterator>
#include <linux/filter.h>
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

void ListeningSocket::close() {
    ::shutdown(descriptor.get(), SHUT_RDWR);
    descriptor.reset();
}

bool limitUnsent(int listeningSocket, int octets) {
    return ::setsockopt(listeningSocket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &octets, sizeof octets) == 0;
}

namespace {

/// What the program that picks goes by: the last four octets of the client's address, or a random number.
int placeOf(Pick pick, sa_family_t family) {
    if (pick == Pick::AtRandom) {
        return SKF_AD_OFF + SKF_AD_RANDOM;
    }
    constexpr int sourceInIpv4 = 12;
    constexpr int lastOfSourceInIpv6 = 20;
    return SKF_NET_OFF + (family == AF_INET6 ? lastOfSourceInIpv6 : sourceInIpv4);
}

/// Of TCP, as it is set for `socket`.
int optionOf(int socket, int option, int byDefault) {
    socklen_t size = sizeof byDefault;
    ::getsockopt(socket, IPPROTO_TCP, option, &byDefault, &size);
    return byDefault;
}

/// For all sockets of the group: one of the first `count`, in the order in which they began to listen.
bool pickAmong(int socket, std::size_t count, int place) {
    sock_filter program[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(place)},
                             {BPF_ALU | BPF_MOD | BPF_K, 0, 0, static_cast<std::uint32_t>(count)},
                             {BPF_RET | BPF_A, 0, 0, 0}};
    const sock_fprog whole{.len = std::size(program), .filter = program};
    return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &whole, sizeof whole) == 0;
}

} // namespace

Result<std::vector<FileDescriptor>> openSiblings(int first, std::size_t count, int backlog, Pick pick) {
    std::vector<FileDescriptor> siblings;
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int on = 1;
    const int noDelay = optionOf(first, TCP_NODELAY, 1);
    const int mostUnsent = optionOf(first, TCP_NOTSENT_LOWAT, 0);
    if (::getsockname(first, reinterpret_cast<sockaddr*>(&address), &size) < 0 ||
        ::setsockopt(first, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0) {
        return Error::ofSystem("cannot share the listening socket's port", errno);
    }
    while (siblings.size() < count) {
        FileDescriptor sibling(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const int socket = sibling.get();
        if (socket < 0 || ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0 ||
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &noDelay, sizeof noDelay) < 0 ||
            !limitUnsent(socket, mostUnsent) || ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) < 0 ||
            ::listen(socket, backlog) < 0) {
            return Error::ofSystem("cannot open a listening socket for each event loop", errno);
        }
        siblings.push_back(std::move(sibling));
        // The port stands at the same place in both families' addresses.
        LAB_MARK(ListeningStarted, Acceptor, "listen",
                 .value = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port));
    }
    // One that has never had a sibling has no group, and the kernel nothing to pick among.
    if (!pickAmong(first, count + 1, placeOf(pick, address.ss_family)) && count > 0) {
        return Error::ofSystem("cannot tell the kernel which listening sockets to pick among", errno);
    }
    return siblings;
}

void leaveToFirst(int first) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(first, reinterpret_cast<sockaddr*>(&address), &size);
    pickAmong(first, 1, placeOf(Pick::ByAddress, address.ss_family));
}

} // namespace lab
