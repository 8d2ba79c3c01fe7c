// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/concurrency/late_client.h"

#include "tests/process/process_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

namespace lab::test {

namespace {

constexpr std::string_view lastRequest = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";

} // namespace

LateClient::LateClient()
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}

void LateClient::call(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(m_socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
}

bool LateClient::isConnected() const {
    pollfd entry{m_socket.get(), POLLOUT, 0};
    return ::poll(&entry, 1, 0) > 0 && entry.revents == POLLOUT;
}

void LateClient::goOn() {
    if (!m_hasAsked && isConnected()) {
        m_hasAsked = ::send(m_socket.get(), lastRequest.data(), lastRequest.size(), MSG_NOSIGNAL) ==
                     static_cast<ssize_t>(lastRequest.size());
    }
    while (m_hasAsked && !m_hasEnded) {
        std::array<char, 4'096> buffer;
        const auto octets = ::recv(m_socket.get(), buffer.data(), buffer.size(), 0);
        if (octets < 0 && errno == EAGAIN) {
            return;
        }
        m_received.append(buffer.data(), octets > 0 ? static_cast<std::size_t>(octets) : 0);
        m_hasEnded = octets <= 0;
    }
}

bool LateClient::isAnswered() const {
    return m_hasEnded && m_received.starts_with("HTTP/1.1 200 ") &&
           m_received.ends_with("Hello from the laboratory.\n");
}

void LateClient::reset() {
    const linger atOnce{1, 0};
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    m_socket.reset();
}

void goOn(std::list<LateClient>& clients) {
    for (auto& client : clients) {
        client.goOn();
    }
}

bool areServed(std::list<LateClient>& clients) {
    return eventually([&] {
        goOn(clients);
        return std::all_of(clients.begin(), clients.end(), [](const auto& client) { return client.isAnswered(); });
    });
}

} // namespace lab::test
