// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/http_acceptor.h"

#include "engine/connection/reactive_connection.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <chrono>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

int HttpAcceptor::handle() const { return m_context.listeningSocket; }

EventHandler::Outcome HttpAcceptor::handleInput() {
    // Several at once, since they tend to come so; not without end, so that the others have their turn.
    constexpr int connectionsPerTurn = 16;
    for (int count = 0; count < connectionsPerTurn; ++count) {
        if (!awaitPlanned()) {
            break;
        }
        auto outcome = acceptConnection(m_context, SOCK_NONBLOCK);
        if (outcome.retryAfter.count() > 0) {
            m_dispatcher.pause(*this, m_dispatcher.now() + std::chrono::nanoseconds(outcome.retryAfter).count());
            break;
        }
        if (!outcome.connection) {
            break;
        }
        auto connection = std::make_unique<ReactiveConnection>(m_context, m_dispatcher, std::move(*outcome.connection));
        connection->open();
        m_dispatcher.registerHandler(std::move(connection), Interest::Read);
    }
    return Outcome::Stay;
}

/// While a schedule is followed, it says how many connections are accepted in a row: one that it wants is waited for.
/// False: no further one is wanted.
bool HttpAcceptor::awaitPlanned() const {
    while (const auto wanted = plannedEvent()) {
        pollfd listening{.fd = m_context.listeningSocket, .events = POLLIN, .revents = 0};
        constexpr int betweenLooks = 20; // ms
        if (wanted->type != EventType::ConnectionAccepted || m_context.stopping()) {
            return false;
        }
        if (::poll(&listening, 1, 0) > 0) {
            return true;
        }
        endTurn();
        ::poll(&listening, 1, betweenLooks);
    }
    return true;
}

} // namespace lab
