// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/blocking_acceptor.h"

#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

std::optional<AcceptedConnection> acceptBlocking(ServerContext& context) {
    while (context.running()) {
        LAB_MARK(CallEntered, Acceptor, "accept", .kind = SystemCall::Accept);
        FileDescriptor socket;
        int failure = 0;
        do {
            // Blocks for a quarter of a second at most: the listening socket's own time limit.
            socket.reset(::accept4(context.listeningSocket, nullptr, nullptr, SOCK_CLOEXEC));
            failure = socket ? 0 : errno;
        } while ((failure == EAGAIN || failure == EINTR) && context.running());
        LAB_MARK(CallLeft, Acceptor, "accept", .kind = SystemCall::Accept, .value = -failure);
        if (socket) {
            return admitConnection(context, std::move(socket));
        }
        if (const auto rest = acceptFailed(failure); rest.count() > 0) {
            ::poll(nullptr, 0, static_cast<int>(rest.count()));
        }
    }
    return std::nullopt;
}

} // namespace lab
