// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/accepted_connection.h"

#include "engine/connection/connection_transit.h"
#include "engine/protocol/protocol_handler.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace lab {

namespace {

/// The lab's own clients call from 127.0.0.2 and above, so that everybody else is known to come from outside.
Origin originOf(const sockaddr_storage& peer) {
    if (peer.ss_family != AF_INET) {
        return Origin::Outside;
    }
    const auto address = ntohl(reinterpret_cast<const sockaddr_in&>(peer).sin_addr.s_addr);
    return address >= 0x7f000002 && address <= 0x7f0000ff ? Origin::Traffic : Origin::Outside;
}

std::uint16_t portOf(const sockaddr_storage& peer) {
    return ntohs(peer.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(peer).sin6_port
                                            : reinterpret_cast<const sockaddr_in&>(peer).sin_port);
}

void noteServed(ServerContext& context, std::uint32_t connection) {
    if (context.served != nullptr) {
        context.served->requestsBefore.store(context.requests.load(std::memory_order_relaxed),
                                             std::memory_order_relaxed);
        context.served->connection.store(connection, std::memory_order_relaxed);
    }
}

/// The model before may have wanted its sockets otherwise.
void adjust(int socket, int flags, const ServerOptions& options) {
    const int noDelay = options.cork == Cork::None ? 0 : 1; // as accepted sockets inherit it
    ::fcntl(socket, F_SETFL, (flags & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &noDelay, sizeof noDelay);
}

AcceptedConnection admit(ServerContext& context, FileDescriptor socket, const sockaddr_storage& peer) {
    AcceptedConnection connection;
    connection.socket = std::move(socket);
    connection.id = context.lastConnection.fetch_add(1, std::memory_order_relaxed) + 1;
    connection.origin = originOf(peer);
    connection.peerPort = portOf(peer);
    connection.peer = PeerAddress::of(peer);
    noteServed(context, connection.id);
    context.accepted.fetch_add(1, std::memory_order_release);
    LAB_MARK(ConnectionAccepted, Acceptor, "accept", .connection = connection.id, .kind = connection.origin,
             .value = connection.peerPort);
    return connection;
}

} // namespace

std::chrono::milliseconds acceptFailed(int errorNumber) {
    switch (errorNumber) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        LAB_MARK(AcceptFailed, Acceptor, "accept", .kind = static_cast<std::uint8_t>(errorNumber),
                 .value = restOfAcceptor.count());
        return restOfAcceptor;
    default: return std::chrono::milliseconds{0}; // nobody there, or the peer has gone: the next one may come at once
    }
}

AcceptOutcome acceptConnection(ServerContext& context, int flags) {
    return acceptConnection(context, flags, context.listeningSocket);
}

AcceptOutcome acceptConnection(ServerContext& context, int flags, int listeningSocket) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    FileDescriptor socket(::accept4(listeningSocket, reinterpret_cast<sockaddr*>(&peer), &size, flags | SOCK_CLOEXEC));
    if (!socket) {
        return {std::nullopt, acceptFailed(errno)};
    }
    return {admit(context, std::move(socket), peer), {}};
}

AcceptedConnection admitConnection(ServerContext& context, FileDescriptor socket) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    ::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &size);
    return admit(context, std::move(socket), peer);
}

std::optional<AcceptedConnection> takeOverConnection(ServerContext& context, int flags) {
    while (context.hasArrivals()) {
        auto connection = context.transit->take();
        if (!connection) {
            break;
        }
        noteServed(context, connection->id);
        context.counts.takenOver.fetch_add(1, std::memory_order_release);
        LAB_MARK(ConnectionTakenOver, Acceptor, "take over", .connection = connection->id, .kind = connection->origin,
                 .value = connection->peerPort);
        if (connection->socket) {
            adjust(connection->socket.get(), flags, context.options);
            return connection;
        }
        closeConnection(context, *connection, CloseReason::Failed, connection->requests);
    }
    return std::nullopt;
}

bool leavesForNextModel(const ServerContext& context, const ProtocolHandler& handler,
                        std::optional<CloseReason> reason) {
    return context.handsOver() && handler.isBetweenRequests() &&
           (reason ? *reason == CloseReason::ServerStopping : context.stopping());
}

void handOverConnection(ServerContext& context, AcceptedConnection& connection, std::uint32_t requests) {
    LAB_MARK(ConnectionHandedOver, HttpHandler, "hand over", .connection = connection.id, .value = requests);
    connection.requests = requests;
    context.transit->push(std::move(connection));
    context.counts.handedOver.fetch_add(1, std::memory_order_release);
}

void endConnection(ServerContext& context, AcceptedConnection& connection, const ProtocolHandler& handler,
                   std::optional<CloseReason> reason) {
    if (leavesForNextModel(context, handler, reason)) {
        handOverConnection(context, connection, handler.requestsServed());
        return;
    }
    const auto ofHandler = context.stopping() ? CloseReason::ServerStopping : handler.closeReason();
    closeConnection(context, connection, reason.value_or(ofHandler), handler.requestsServed());
}

void closeConnection(ServerContext& context, AcceptedConnection& connection, CloseReason reason,
                     std::uint32_t requests) {
    LAB_MARK(ConnectionClosed, HttpHandler, "close", .connection = connection.id, .kind = reason, .value = requests);
    connection.socket.reset();
    context.closed.fetch_add(1, std::memory_order_release);
}

} // namespace lab
