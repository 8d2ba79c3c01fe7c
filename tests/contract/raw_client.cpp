// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/raw_client.h"

#include "engine/base/result.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>

namespace lab::test {

namespace {

using Clock = std::chrono::steady_clock;

/// Waits for events; 0 when the time has passed.
short waitFor(int socket, short events, std::chrono::milliseconds limit) {
    pollfd entry{socket, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(limit.count(), 0)));
    return ready > 0 ? entry.revents : short{0};
}

} // namespace

RawClient::RawClient(std::uint16_t port, int receiveBuffer)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receiveBuffer > 0) {
        ::setsockopt(m_socket.get(), SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!m_socket || ::connect(m_socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error(Error::ofSystem("cannot connect to the server", errno).message);
    }
    const int on = 1; // so that single octets travel on their own
    ::setsockopt(m_socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void RawClient::send(std::string_view octets, std::size_t piece) {
    const auto until = Clock::now() + patience;
    while (!octets.empty() && !m_reset && Clock::now() < until) {
        const auto events = waitFor(m_socket.get(), m_ended ? POLLOUT : POLLOUT | POLLIN, patience);
        if ((events & POLLIN) != 0) {
            readSome();
        }
        if ((events & (POLLOUT | POLLERR | POLLHUP)) == 0) {
            continue;
        }
        const auto sent =
            ::send(m_socket.get(), octets.data(), std::min(piece, octets.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return;
        }
        octets.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
}

std::size_t RawClient::sendSome(std::string_view octets) {
    const auto sent = ::send(m_socket.get(), octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

bool RawClient::waitUntilWritable(std::chrono::milliseconds limit) {
    return waitFor(m_socket.get(), POLLOUT, limit) == POLLOUT;
}

void RawClient::halfClose() { ::shutdown(m_socket.get(), SHUT_WR); }

void RawClient::reset() {
    const linger atOnce{1, 0};
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    m_socket.reset();
}

RawClient::Ending RawClient::readUntil(const std::function<bool(const std::string&)>& enough,
                                       std::chrono::milliseconds limit) {
    const auto until = Clock::now() + limit;
    while (!enough(m_received)) {
        if (m_ended) {
            return m_reset ? Ending::Reset : Ending::Closed;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) {
            return Ending::TimedOut;
        }
        if (waitFor(m_socket.get(), POLLIN, left) != 0) {
            readSome();
        }
    }
    return Ending::Enough;
}

bool RawClient::readSome() {
    std::array<char, 65'536> buffer;
    const auto octets = ::recv(m_socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (octets > 0) {
        m_received.append(buffer.data(), static_cast<std::size_t>(octets));
        return true;
    }
    if (octets < 0 && (errno == EAGAIN || errno == EINTR)) {
        return true;
    }
    m_ended = true;
    m_reset = octets < 0;
    return false;
}

} // namespace lab::test
