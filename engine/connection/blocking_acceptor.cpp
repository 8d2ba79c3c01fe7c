// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/blocking_acceptor.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

namespace {

/// Whether a client waits to be accepted; waits for one, `milliseconds` at most.
bool isReadable(int socket, int milliseconds) {
    pollfd listening{.fd = socket, .events = POLLIN, .revents = 0};
    return ::poll(&listening, 1, milliseconds) > 0;
}

/// What became of waiting for a client.
struct Accepted {
    FileDescriptor socket;
    int failure = 0;
    bool wasTold = false; ///< that the call was left
};

Accepted acceptNow(int listeningSocket, int flags) {
    // Blocks for a quarter of a second at most: the listening socket's own time limit.
    FileDescriptor socket(::accept4(listeningSocket, nullptr, nullptr, flags | SOCK_CLOEXEC));
    const int failure = socket ? 0 : errno;
    return {std::move(socket), failure};
}

/// While threads have their turns, the gate picks who gets a client, and not the kernel: all who wait for one come
/// there, and the one whose turn it is accepts.
Accepted acceptInTurn(int listeningSocket, int flags) {
    constexpr int patience = 250; // ms
    if (!isReadable(listeningSocket, patience)) {
        return {.socket = {}, .failure = EAGAIN};
    }
    const OnlyWhile present([listeningSocket] { return isReadable(listeningSocket, 0); }, listeningSocket);
    LAB_MARK(CallLeft, Acceptor, "accept", .kind = SystemCall::Accept);
    if (present.withdrawn()) {
        return {.socket = {}, .failure = EAGAIN};
    }
    auto accepted = acceptNow(listeningSocket, flags);
    accepted.wasTold = true;
    return accepted;
}

} // namespace

std::optional<AcceptedConnection> acceptBlocking(ServerContext& context, int flags) {
    while (context.running()) {
        if (auto former = takeOverConnection(context, flags)) {
            return former;
        }
        LAB_MARK(CallEntered, Acceptor, "accept", .kind = SystemCall::Accept);
        Accepted accepted;
        do {
            accepted = context.gate.engaged() ? acceptInTurn(context.listeningSocket, flags)
                                              : acceptNow(context.listeningSocket, flags);
        } while (!accepted.wasTold && (accepted.failure == EAGAIN || accepted.failure == EINTR) && context.running() &&
                 !context.hasArrivals());
        if (!accepted.wasTold) {
            LAB_MARK(CallLeft, Acceptor, "accept", .kind = SystemCall::Accept, .value = -accepted.failure);
        }
        if (accepted.socket) {
            return admitConnection(context, std::move(accepted.socket));
        }
        if (const auto rest = acceptFailed(accepted.failure); rest.count() > 0) {
            restFromAccepting(rest);
        }
    }
    return std::nullopt;
}

void restFromAccepting(std::chrono::milliseconds rest) {
    endTurn();
    ::poll(nullptr, 0, static_cast<int>(rest.count()));
}

} // namespace lab
