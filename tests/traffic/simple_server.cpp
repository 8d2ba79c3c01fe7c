// SPDX-License-Identifier: GPL-3.0-or-later
#include "simple_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lab {

SimpleServer::SimpleServer(Answer answer)
    : m_answer(std::move(answer))
    , m_listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    , m_stop(::eventfd(0, EFD_CLOEXEC)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(m_listening.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
        ::listen(m_listening.get(), 128) == 0) {
        ::getsockname(m_listening.get(), reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
    }
    m_thread = std::jthread([this] { run(); });
}

SimpleServer::~SimpleServer() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_stop.get(), &one, sizeof one);
}

std::string SimpleServer::response(const std::string& body, const std::string& fields) {
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

void SimpleServer::hold() {
    const std::lock_guard lock(m_mutex);
    m_held = true;
}

void SimpleServer::release() {
    {
        const std::lock_guard lock(m_mutex);
        m_held = false;
    }
    m_changed.notify_all();
}

void SimpleServer::waitForRequests(std::size_t count) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_requests.size() >= count; });
}

std::vector<std::string> SimpleServer::requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

std::vector<std::string> SimpleServer::peers() const {
    const std::lock_guard lock(m_mutex);
    return m_peers;
}

/// True when `descriptor` can be read; false when the test is over.
static bool waitFor(int descriptor, int stop) {
    pollfd entries[] = {{descriptor, POLLIN, 0}, {stop, POLLIN, 0}};
    return ::poll(entries, 2, -1) > 0 && entries[1].revents == 0;
}

void SimpleServer::run() {
    while (waitFor(m_listening.get(), m_stop.get())) {
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        const FileDescriptor accepted(::accept(m_listening.get(), reinterpret_cast<sockaddr*>(&peer), &length));
        char text[INET_ADDRSTRLEN] = {};
        ::inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text);
        {
            const std::lock_guard lock(m_mutex);
            m_peers.emplace_back(text);
        }
        serve(accepted.get());
    }
}

std::string SimpleServer::receive(int descriptor) {
    std::string request;
    while (!request.ends_with("\r\n\r\n") && waitFor(descriptor, m_stop.get())) {
        char buffer[4096];
        const auto received = ::recv(descriptor, buffer, sizeof buffer, 0);
        if (received <= 0) {
            return {};
        }
        request.append(buffer, static_cast<std::size_t>(received));
    }
    return request;
}

void SimpleServer::serve(int descriptor) {
    while (true) {
        const auto request = receive(descriptor);
        if (request.empty()) {
            return;
        }
        {
            std::unique_lock lock(m_mutex);
            m_requests.push_back(request);
            m_changed.notify_all();
            m_changed.wait(lock, [this] { return !m_held || m_stopping; });
        }
        const auto answer = m_answer(request);
        std::size_t sent = 0;
        while (sent < answer.size()) {
            const auto count = ::send(descriptor, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
            if (count <= 0) {
                return;
            }
            sent += static_cast<std::size_t>(count);
        }
        if (answer.empty() || request.find("Connection: close") != std::string::npos ||
            answer.find("Connection: close") != std::string::npos) {
            return;
        }
    }
}

} // namespace lab
