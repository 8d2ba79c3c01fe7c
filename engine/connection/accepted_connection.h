// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/http/peer_address.h"
#include "engine/trace/event.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace lab {

class ProtocolHandler;
struct ServerContext;

/// A connection fresh from accept(). Whoever holds it closes it with closeConnection().
struct AcceptedConnection {
    FileDescriptor socket; ///< none: it was lost on the way from another process
    std::uint32_t id = 0;
    Origin origin = Origin::Outside;
    std::uint16_t peerPort = 0;
    PeerAddress peer{};
    std::uint32_t requests = 0; ///< answered on it by models before this one
};

/// What a try to accept brought.
struct AcceptOutcome {
    std::optional<AcceptedConnection> connection;
    /// Not zero: the system has no descriptor or memory to give; try again after so long, without spinning.
    std::chrono::milliseconds retryAfter{0};
};

/// Accepts one connection and gives it its number. `flags` as accept4() takes them.
/// Neither a connection nor a wait: nobody there just now, or the peer has gone already.
AcceptOutcome acceptConnection(ServerContext& context, int flags);

/// The same from a listening socket of the model's own.
AcceptOutcome acceptConnection(ServerContext& context, int flags, int listeningSocket);

/// Numbers and counts a connection that the operating system handed over in another way, and says that it is there.
AcceptedConnection admitConnection(ServerContext& context, FileDescriptor socket);

/// What to do about a failed accept; records AcceptFailed when it is about resources.
std::chrono::milliseconds acceptFailed(int errorNumber);

/// How long whoever accepts rests when the system has no thread, no process, no descriptor or no memory to give.
inline constexpr std::chrono::milliseconds restOfAcceptor{200};

/// Takes in a connection that the model before has left, its socket as `flags` of accept4() say. Nothing: there is
/// none. Closes those that were lost on their way here.
std::optional<AcceptedConnection> takeOverConnection(ServerContext& context, int flags);

/// Whether a connection is to go to the next model, and can: the server changes, and nothing is under way on it.
/// `reason` as for endConnection().
bool leavesForNextModel(const ServerContext& context, const ProtocolHandler& handler,
                        std::optional<CloseReason> reason);

/// Leaves the connection to the next model, counts it, and records it.
void handOverConnection(ServerContext& context, AcceptedConnection& connection, std::uint32_t requests);

/// Closes the socket, counts it, and records why.
void closeConnection(ServerContext& context, AcceptedConnection& connection, CloseReason reason,
                     std::uint32_t requests);

/// What has to be done when a connection's `handler` has come to its end here: one of the two. `reason`: of whoever
/// served it; nothing: the handler's.
void endConnection(ServerContext& context, AcceptedConnection& connection, const ProtocolHandler& handler,
                   std::optional<CloseReason> reason);

} // namespace lab
