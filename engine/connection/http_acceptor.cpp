// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/http_acceptor.h"

#include "engine/connection/reactive_connection.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <chrono>
#include <poll.h>
#include <sys/socket.h>

namespace lab {

HttpAcceptor::HttpAcceptor(ServerContext& context, HandlerRegistry& dispatcher, Options options)
    : m_context(context)
    , m_dispatcher(dispatcher)
    , m_options(std::move(options)) {
    if (m_options.socket < 0) {
        m_options.socket = context.listeningSocket;
    }
    // Several at once, since they tend to come so; not without end, so that the others have their turn.
    if (context.options.acceptBurst > 0) {
        m_options.burst = context.options.acceptBurst;
    }
    if (!m_options.create) {
        m_options.create = [this](AcceptedConnection accepted) {
            auto connection = std::make_unique<ReactiveConnection>(m_context, m_dispatcher, std::move(accepted));
            connection->open();
            return connection;
        };
    }
}

EventHandler::Outcome HttpAcceptor::handleInput() {
    m_context.counts.acceptWakeUps.fetch_add(1, std::memory_order_relaxed);
    for (unsigned count = 0; count < m_options.burst; ++count) {
        const auto plan = awaitPlanned();
        if (plan == Plan::Stop) {
            break;
        }
        const auto taken = plan == Plan::FindNobody ? Taken::Nobody : acceptOne();
        if (taken == Taken::Nobody && count == 0) {
            // Another thread has been faster; or the client has gone.
            m_context.counts.acceptsForNothing.fetch_add(1, std::memory_order_relaxed);
            LAB_MARK(AcceptWokenForNothing, Acceptor, "accept");
        }
        if (taken != Taken::One) {
            break;
        }
    }
    return Outcome::Stay;
}

HttpAcceptor::Taken HttpAcceptor::acceptOne() {
    auto outcome = acceptConnection(m_context, SOCK_NONBLOCK, handle());
    if (outcome.retryAfter.count() > 0) {
        m_dispatcher.pause(*this, m_dispatcher.now() + std::chrono::nanoseconds(outcome.retryAfter).count());
        return Taken::None;
    }
    if (!outcome.connection) {
        return Taken::Nobody;
    }
    m_dispatcher.registerHandler(m_options.create(std::move(*outcome.connection)), Interest::Read);
    return Taken::One;
}

/// One at a time, so that where there are several loops each takes some.
void HttpAcceptor::handleArrivals() {
    if (auto former = takeOverConnection(m_context, SOCK_NONBLOCK)) {
        m_dispatcher.registerHandler(m_options.create(std::move(*former)), Interest::Read);
    }
}

/// While a schedule is followed, it says how many connections are accepted in a row: one that it wants is waited for.
HttpAcceptor::Plan HttpAcceptor::awaitPlanned() const {
    while (const auto wanted = plannedEvent()) {
        if (wanted->type == EventType::AcceptWokenForNothing) {
            return Plan::FindNobody;
        }
        if (wanted->type != EventType::ConnectionAccepted || m_context.stopping()) {
            return Plan::Stop;
        }
        if (isReadable()) {
            return Plan::Accept;
        }
        constexpr int betweenLooks = 1; // ms
        awaitTraffic();
        ::poll(nullptr, 0, betweenLooks);
    }
    return Plan::Accept;
}

bool HttpAcceptor::isReadable() const {
    pollfd listening{.fd = handle(), .events = POLLIN, .revents = 0};
    return ::poll(&listening, 1, 0) > 0;
}

/// The next that the schedule has the calling thread find at the listening socket: a client that must be there, or
/// nobody, which can be found whenever it wants.
bool HttpAcceptor::isReadyAsPlanned() const {
    constexpr std::size_t farAhead = 1000;
    for (std::size_t ahead = 0; ahead < farAhead; ++ahead) {
        const auto wanted = plannedEvent(ahead);
        if (!wanted || wanted->type == EventType::AcceptWokenForNothing) {
            return true; // also where the schedule ends before it says what was found
        }
        if (wanted->type == EventType::ConnectionAccepted) {
            return isReadable();
        }
    }
    return isReadable();
}

} // namespace lab
