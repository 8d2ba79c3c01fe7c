// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/connection_channel.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

namespace {

/// What goes with a connection's descriptor.
struct Travelling {
    std::uint32_t id = 0;
    std::uint32_t requests = 0;
    std::uint16_t peerPort = 0;
    Origin origin = Origin::Outside;
};

/// A message with room for one descriptor.
struct Message {
    Travelling what{};
    iovec piece{&what, sizeof what};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
    msghdr header{};

    Message() {
        header.msg_iov = &piece;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = sizeof control;
    }
};

} // namespace

Result<ConnectionChannel> ConnectionChannel::create() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return Error::ofSystem("cannot make a socket for connections to travel through", errno);
    }
    return ConnectionChannel{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

Result<void> sendConnection(int channel, const AcceptedConnection& connection, int flags) {
    Message message;
    message.what = {connection.id, connection.requests, connection.peerPort, connection.origin};
    auto* rights = CMSG_FIRSTHDR(&message.header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    const int socket = connection.socket.get();
    std::memcpy(CMSG_DATA(rights), &socket, sizeof socket);
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(channel, &message.header, flags | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? Result<void>(Error::ofSystem("cannot hand a connection over", errno)) : Result<void>();
}

std::optional<AcceptedConnection> receiveConnection(int channel) {
    Message message;
    ssize_t received = 0;
    do {
        received = ::recvmsg(channel, &message.header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    const auto* rights = received == sizeof message.what ? CMSG_FIRSTHDR(&message.header) : nullptr;
    if (rights == nullptr || rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) {
        return std::nullopt;
    }
    int socket = -1;
    std::memcpy(&socket, CMSG_DATA(rights), sizeof socket);
    AcceptedConnection connection;
    connection.socket.reset(socket);
    connection.id = message.what.id;
    connection.requests = message.what.requests;
    connection.peerPort = message.what.peerPort;
    connection.origin = message.what.origin;
    return connection;
}

/// Waits where many do so at once. The process's own descriptor is closed with `connection`.
void ChannelTransit::push(AcceptedConnection connection) { // NOLINT(performance-unnecessary-value-param)
    static_cast<void>(sendConnection(m_channel, connection, 0));
}

bool ChannelTransit::empty() const {
    pollfd waiting{.fd = m_channel, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) <= 0;
}

} // namespace lab
