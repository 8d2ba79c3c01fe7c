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
    PeerAddress peer{};
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

    void put(int descriptor) {
        auto* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof descriptor);
        std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }

    /// Nothing: the kernel had no descriptor for it, and has closed what was on its way.
    FileDescriptor taken() {
        const auto* rights = CMSG_FIRSTHDR(&header);
        int descriptor = -1;
        if (rights != nullptr && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS &&
            rights->cmsg_len >= CMSG_LEN(sizeof descriptor)) {
            std::memcpy(&descriptor, CMSG_DATA(rights), sizeof descriptor);
        }
        return FileDescriptor(descriptor);
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
    message.what = {.id = connection.id,
                    .requests = connection.requests,
                    .peerPort = connection.peerPort,
                    .origin = connection.origin,
                    .peer = connection.peer};
    if (connection.socket) {
        message.put(connection.socket.get());
    } else {
        message.header.msg_controllen = 0; // it was lost on an earlier way: whoever takes it has to be told
    }
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
    if (received != sizeof message.what) {
        return std::nullopt;
    }
    AcceptedConnection connection;
    connection.socket = message.taken();
    connection.id = message.what.id;
    connection.requests = message.what.requests;
    connection.peerPort = message.what.peerPort;
    connection.origin = message.what.origin;
    connection.peer = message.what.peer;
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
