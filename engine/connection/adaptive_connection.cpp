// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/connection/adaptive_connection.h"

#include "engine/server/server_context.h"

#include <algorithm>
#include <memory>

namespace lab {

namespace {

/// The call "send this answer", made an object.
class SendAnswer final : public MethodObject {
public:
    explicit SendAnswer(AdaptiveConnection& connection)
        : MethodObject(connection.connection())
        , m_connection(connection) {}

    void call() override { m_connection.workOff(); }

private:
    AdaptiveConnection& m_connection;
};

} // namespace

AdaptiveConnection::AdaptiveConnection(ServerContext& context, HalfSyncLayers& layers, AdaptiveLoad& load,
                                       AcceptedConnection connection)
    : HalfSyncConnection(context, layers, std::move(connection))
    , m_load(load) {}

void AdaptiveConnection::sentSome(std::int64_t octets) {
    m_load.octets.fetch_add(octets, std::memory_order_relaxed);
    if (m_isLarge) {
        m_load.largeOctets.fetch_add(octets, std::memory_order_relaxed);
    }
}

/// In the loop: a request is whole.
EventHandler::Outcome AdaptiveConnection::answerRequest() {
    const auto transfer = m_load.transfer.load(std::memory_order_relaxed);
    sender().use(transfer);
    protocol().use(transfer);
    const auto action = protocol().answer();
    if (action.next != Action::Next::Send) {
        return proceed(action);
    }
    const auto segments = protocol().segments();
    m_isLarge = std::any_of(segments.begin(), segments.end(), [](const Segment& segment) { return segment.isFile(); });
    m_load.answers.fetch_add(1, std::memory_order_relaxed);
    if (m_isLarge && m_load.byPool.load(std::memory_order_relaxed) && layers().requests.hasRoom()) {
        layers().loop.sendAway(*this); // before the push: a thread may have it from then on
        if (layers().requests.tryPush(std::make_unique<SendAnswer>(*this))) {
            return Outcome::Stay;
        }
        layers().loop.changeInterest(*this, Interest::Read); // the server is stopping
    }
    return proceed(action);
}

/// By a thread of the pool: the answer is there already.
void AdaptiveConnection::workOff() {
    if (context().stopping()) {
        failBecause(CloseReason::ServerStopping);
    } else {
        sendBlocking();
    }
    giveBack();
}

} // namespace lab
