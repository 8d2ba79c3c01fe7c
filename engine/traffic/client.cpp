// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/client.h"

#include "engine/base/clock.h"
#include "engine/trace/trace.h"
#include "engine/traffic/client_reactor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

namespace lab {

namespace {

constexpr std::int64_t patience = 30'000'000'000;   // ns of lab time without any progress
constexpr std::int64_t pieceInterval = 100'000'000; // ns between two pieces of a slow client
constexpr int readsInARow = 4;                      // then another client has its turn

/// The most that a slow client sends or takes at once.
std::size_t pieceOf(std::int64_t octetsPerSecond) {
    return static_cast<std::size_t>(std::max<std::int64_t>(1, octetsPerSecond * pieceInterval / 1'000'000'000));
}

/// How long so many octets last at a rate, ns.
std::int64_t timeOf(std::int64_t octets, std::int64_t octetsPerSecond) {
    return octets * 1'000'000'000 / octetsPerSecond;
}

/// So little that a slow reader's server feels it.
int receiveBufferOf(const ClientGroup& group, std::int64_t linkSpeed) {
    if (linkSpeed > 0) {
        return SharedLink::receiveBuffer(linkSpeed);
    }
    if (group.receiveOctetsPerSecond == 0) {
        return 0;
    }
    return static_cast<int>(std::clamp<std::int64_t>(group.receiveOctetsPerSecond / 10, 2'048, 65'536));
}

bool isSuccess(unsigned status) { return status >= 200 && status < 300; }

} // namespace

void Client::setGroup(const ClientGroup& group) {
    m_group = &group;
    m_link = m_reactor.linkOf(group);
}

void Client::begin(const ClientRequest& request) {
    m_request = request;
    m_busy = true;
    m_retried = false;
    m_lastProgress = m_reactor.now();
    if (m_state == State::Idle) {
        startSending();
    } else {
        connect();
    }
}

void Client::setTimer(std::int64_t due) { setTimer(due, m_reactor.now()); }

void Client::setTimer(std::int64_t due, std::int64_t now) {
    m_reactor.addTimer({.due = due, .client = m_number, .generation = ++m_timerGeneration}, now);
}

void Client::timerDue(std::int64_t due) {
    switch (m_state) {
    case State::Sending: send(); break;
    case State::Receiving:
        if (m_passing > 0) {
            receive();
        } else {
            watch(EPOLLIN);
        }
        break;
    case State::Closed:
    case State::Idle: m_arrivals.clientDue(*this, due); break;
    case State::Connecting: break;
    }
}

void Client::connect() {
    bool announced = false;
    const auto announce = [&]([[maybe_unused]] std::uint16_t port) {
        announced = true;
        LAB_MARK(ClientConnecting, Client, "connect", .connection = m_number, .operation = m_request.number,
                 .value = port);
    };
    m_socket = m_reactor.beginConnecting(*this, receiveBufferOf(*m_group, m_reactor.linkSpeedOf(*m_group)), announce);
    if (!m_socket) {
        const int failure = errno;
        if (failure == EMFILE || failure == ENFILE) {
            m_reactor.measurement().setTrouble(
                Error::ofSystem("client " + std::to_string(m_number) + " got no socket (see ulimit -n)", failure)
                    .message);
        }
        fail(ClientFailure::Connect, failure);
        return;
    }
    ++m_socketGeneration;
    m_requestsOnConnection = 0;
    m_state = State::Connecting;
    if (!announced) {
        announce(localPort(m_socket.get()));
    }
    m_watched = EPOLLOUT;
    if (!m_reactor.watch(m_socket.get(), *this, m_watched, true)) {
        fail(ClientFailure::Connect, errno);
    }
}

void Client::socketReady(std::uint32_t events) {
    switch (m_state) {
    case State::Connecting: finishConnecting(); break;
    case State::Idle: idleReady(); break;
    case State::Sending:
        if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
            receive(); // an answer before the request's end, or the end of the connection
        } else {
            send();
        }
        break;
    case State::Receiving: receive(); break;
    case State::Closed: break;
    }
}

void Client::finishConnecting() {
    int failure = 0;
    socklen_t length = sizeof failure;
    ::getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &failure, &length);
    if (failure != 0) {
        fail(ClientFailure::Connect, failure);
        return;
    }
    LAB_MARK(ClientConnected, Client, "connected", .connection = m_number, .operation = m_request.number);
    startSending();
}

void Client::startSending() {
    if (m_request.target->coldFile) {
        m_request.target->coldFile->cool();
    }
    m_state = State::Sending;
    m_sent = 0;
    m_responseOctets = 0;
    m_passing = 0;
    m_receiveDue = m_reactor.now();
    // Settled now: the group's rules may change with the phase while the request is under way.
    m_last = !m_group->keepAlive ||
             (m_group->requestsPerConnection > 0 && m_requestsOnConnection + 1 >= m_group->requestsPerConnection);
    m_text = m_last ? m_request.target->lastRequestText : m_request.target->keepAliveText;
    m_reader.reset();
    LAB_MARK(ClientRequestSent, Client, "send request", .connection = m_number, .operation = m_request.number,
             .value = m_request.target->name);
    send();
}

void Client::send() {
    const auto text = m_text.substr(m_sent);
    const bool slow = m_group->sendOctetsPerSecond > 0;
    const auto most = slow ? std::min(pieceOf(m_group->sendOctetsPerSecond), text.size()) : text.size();
    const auto sent = ::send(m_socket.get(), text.data(), most, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        watch(EPOLLIN | EPOLLOUT);
        return;
    }
    if (sent < 0) {
        receive(); // what the server may have said before it closed; that ends the request in any case
        return;
    }
    m_sent += static_cast<std::size_t>(sent);
    m_lastProgress = m_reactor.now();
    if (m_sent == m_text.size()) {
        m_state = State::Receiving;
        watch(EPOLLIN);
    } else if (slow) {
        watch(EPOLLIN);
        setTimer(m_lastProgress + timeOf(sent, m_group->sendOctetsPerSecond));
    } else {
        watch(EPOLLIN | EPOLLOUT);
    }
}

/// What has come waits until it has passed the line.
void Client::receiveByLink() {
    int waiting = 0;
    if (::ioctl(m_socket.get(), FIONREAD, &waiting) != 0 || waiting <= 0) {
        receiveOnce(); // the end of the connection, or nothing after all
        return;
    }
    const auto passage = m_link->pass(static_cast<std::size_t>(waiting), m_reactor.now());
    m_passing = passage.octets;
    watch(0);
    setTimer(passage.until);
}

void Client::receive() {
    if (m_link != nullptr && m_state == State::Receiving && m_passing == 0) {
        receiveByLink();
        return;
    }
    for (int count = 0; count < readsInARow && receiveOnce(); ++count) {
    }
}

/// How many octets it takes at once.
std::size_t Client::roomNow() const {
    const auto most = m_reactor.buffer().size();
    if (m_passing > 0) {
        return std::min(most, m_passing);
    }
    return m_group->receiveOctetsPerSecond > 0 ? std::min(most, pieceOf(m_group->receiveOctetsPerSecond)) : most;
}

/// True when there may be more to read at once.
bool Client::receiveOnce() {
    const bool slow = m_group->receiveOctetsPerSecond > 0;
    const auto room = m_reactor.buffer().first(roomNow());
    const bool passed = std::exchange(m_passing, 0) > 0;
    const auto received = ::recv(m_socket.get(), room.data(), room.size(), 0);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (received <= 0) {
        lose(received < 0 ? errno : 0);
        return false;
    }
    m_lastProgress = m_reactor.now();
    if (m_responseOctets == 0) {
        m_firstByteAfter = monotonicNanoseconds() - m_request.intendedStart;
        LAB_MARK(ClientFirstByte, Client, "first byte", .connection = m_number, .operation = m_request.number,
                 .value = m_firstByteAfter);
    }
    m_responseOctets += received;
    m_reactor.measurement().received(m_counted, static_cast<std::size_t>(received));
    switch (m_reader.feed({room.data(), static_cast<std::size_t>(received)})) {
    case ResponseReader::Progress::Done: finishResponse(); return false;
    case ResponseReader::Progress::Bad: fail(ClientFailure::BadResponse, 0); return false;
    case ResponseReader::Progress::NeedMore: break;
    }
    if (passed) {
        watch(EPOLLIN);
        return false;
    }
    if (slow) {
        m_state = State::Receiving;
        watch(0);
        // From when the wait should have ended, not from when it did, so that small delays do not add up to another
        // rate; after a longer one, which was not the client's, it does not hurry.
        m_receiveDue =
            std::max(m_receiveDue, m_lastProgress - pieceInterval) + timeOf(received, m_group->receiveOctetsPerSecond);
        setTimer(m_receiveDue);
        return false;
    }
    return static_cast<std::size_t>(received) == room.size();
}

/// The server has closed an idle connection, as it may; or talks without being asked, and is not listened to.
void Client::idleReady() { closeSocket(); }

void Client::finishResponse() {
    const auto lastByteAfter = monotonicNanoseconds() - m_request.intendedStart;
    const auto status = m_reader.status();
    const bool success = isSuccess(status) || (m_group->status != 0 && status == m_group->status);
    if (success && m_request.target->octets >= 0 && m_reader.bodyOctets() != m_request.target->octets) {
        fail(ClientFailure::BadResponse, 0);
        return;
    }
    LAB_MARK(ClientResponseReceived, Client, "response received", .connection = m_number, .operation = m_request.number,
             .kind = static_cast<std::uint8_t>(success ? 1 : 0), .value = m_responseOctets);
    m_reactor.measurement().answered(m_counted, success, m_firstByteAfter, lastByteAfter);
    // A request that was answered before its end has left the connection in doubt.
    const bool last = m_last || !m_reader.keepsAlive() || m_sent != m_text.size();
    ++m_requestsOnConnection;
    ++m_timerGeneration;
    m_busy = false;
    m_state = State::Idle;
    if (last) {
        closeSocket();
    } else {
        watch(EPOLLIN);
    }
    m_arrivals.requestEnded(*this, true);
}

/// The connection has ended while a response was expected.
void Client::lose(int failure) {
    if (failure == 0 && m_responseOctets > 0 && m_reader.feedEnd() == ResponseReader::Progress::Done) {
        finishResponse();
        return;
    }
    if (m_responseOctets == 0 && m_requestsOnConnection > 0 && !m_retried) {
        // The server closed the idle connection while the request was on its way: ask again on a new one
        // (RFC 9112 section 9.3.1).
        m_retried = true;
        m_reactor.measurement().retried();
        ++m_timerGeneration;
        closeSocket();
        connect();
        return;
    }
    fail(ClientFailure::Reset, failure);
}

void Client::fail(ClientFailure failure, int errorNumber) {
    LAB_MARK(ClientFailed, Client, "failed", .connection = m_number, .operation = m_request.number, .kind = failure,
             .value = errorNumber);
    m_reactor.measurement().failed(m_counted);
    m_busy = false;
    ++m_timerGeneration;
    closeSocket();
    m_arrivals.requestEnded(*this, false);
}

void Client::closeSocket() {
    m_state = State::Closed;
    if (m_socket) {
        LAB_MARK(ClientClosed, Client, "close", .connection = m_number);
        m_socket.reset();
    }
}

void Client::watch(std::uint32_t events) {
    if (events != m_watched) {
        m_watched = events;
        m_reactor.watch(m_socket.get(), *this, events, false);
    }
}

void Client::checkTimeout(std::int64_t now) {
    if (m_busy && now - m_lastProgress > patience) {
        fail(ClientFailure::Timeout, 0);
    }
}

void Client::rest() {
    if (!m_busy) {
        ++m_timerGeneration;
        closeSocket();
    }
}

void Client::abandon() {
    m_busy = false;
    ++m_timerGeneration;
    closeSocket();
}

} // namespace lab
