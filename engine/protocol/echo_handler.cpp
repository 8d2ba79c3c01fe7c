// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/echo_handler.h"

#include "engine/connection/accepted_connection.h"
#include "engine/protocol/protocol_list.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

namespace lab {

namespace {

/// All that a connection ever holds: nothing more is read before this has gone back, so a peer that sends and does not
/// read is slowed down by TCP itself.
constexpr std::size_t bufferOctets = 16 * 1024;

class EchoHandler final : public ProtocolHandler {
public:
    EchoHandler(std::uint32_t connection, std::uint32_t served)
        : m_connection(connection)
        , m_buffer(std::make_unique_for_overwrite<char[]>(bufferOctets))
        , m_served(served) {}

    Action start() override { return receive(); }
    std::span<char> receiveBuffer() override { return {m_buffer.get(), bufferOctets}; }
    Action received(std::size_t octets) override;
    std::span<const Segment> segments() const override { return {&m_segment, 1}; }
    Action sent() override;
    void separateAnswers() override { m_separates = true; }
    Action answer() override { return echo(); }
    Action reject() override { return echo(); } // there is no word for "later": who has the octets gives them back
    Action finishedSending() override;
    Action expired(Deadline deadline) override;
    CloseReason closeReason() const override { return m_closeReason; }
    /// What came has gone back, so that nothing is left here.
    bool isBetweenRequests() const override { return m_waits && !m_refusing; }
    std::uint32_t requestsServed() const override { return m_served; }
    void refuseMoreRequests() override { m_refusing = true; }

private:
    Action receive();
    Action echo();
    Action close(CloseReason reason);

    const std::uint32_t m_connection;
    const std::unique_ptr<char[]> m_buffer;
    Segment m_segment;
    CloseReason m_closeReason = CloseReason::Finished;
    bool m_separates = false;
    bool m_refusing = false;
    bool m_lingers = false;
    bool m_waits = false; ///< for octets to send back, and has none
    std::uint32_t m_served;
    std::uint64_t m_lingeringOctets = 0;
};

Action EchoHandler::receive() {
    m_waits = true;
    return {Action::Next::Receive, Deadline::Idle};
}

/// A peer that has ended its side has got everything back by now: nothing is read before it has been sent.
Action EchoHandler::received(std::size_t octets) {
    m_waits = false;
    if (m_lingers) {
        m_lingeringOctets += octets;
        const bool enough = octets == 0 || m_lingeringOctets > maximumLingeringOctets;
        return enough ? close(m_closeReason) : Action{Action::Next::Receive, Deadline::Linger};
    }
    if (octets == 0) {
        return close(CloseReason::PeerClosed);
    }
    m_segment.memory = {m_buffer.get(), octets};
    return m_separates ? Action{.next = Action::Next::Send, .unanswered = true} : echo();
}

Action EchoHandler::echo() {
    LAB_MARK(ResponseStarted, HttpHandler, "send back", .connection = m_connection, .kind = Transfer::Memory,
             .value = responseValue(0, m_segment.octets()));
    return {Action::Next::Send};
}

Action EchoHandler::sent() {
    ++m_served;
    auto action = m_refusing ? Action{Action::Next::FinishSending} : receive();
    action.requestDone = true;
    return action;
}

/// The server ends, and what the peer has sent meanwhile must not become a reset.
Action EchoHandler::finishedSending() {
    m_lingers = true;
    m_closeReason = CloseReason::ServerStopping;
    return {Action::Next::Receive, Deadline::Linger};
}

Action EchoHandler::expired(Deadline) { return close(m_lingers ? m_closeReason : CloseReason::DeadlineExpired); }

Action EchoHandler::close(CloseReason reason) {
    m_waits = false;
    m_closeReason = reason;
    return {Action::Next::Close};
}

} // namespace

std::unique_ptr<ProtocolHandler> makeEchoHandler(std::uint32_t connection, std::uint32_t served) {
    return std::make_unique<EchoHandler>(connection, served);
}

std::unique_ptr<ProtocolHandler> makeEchoProtocol(ServerContext&, const AcceptedConnection& connection) {
    return makeEchoHandler(connection.id, connection.requests);
}

} // namespace lab
