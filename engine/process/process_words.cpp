// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/process/process_words.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace lab {

namespace {

constexpr std::size_t mostDescriptors = 5;
constexpr std::size_t longestFirst = 16 * 1024;

} // namespace

Result<void> say(int socket, std::span<const std::byte> octets, int flags) {
    ssize_t sent = 0;
    do {
        sent = ::send(socket, octets.data(), octets.size(), flags | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        return Error::ofSystem("the other process does not listen", errno);
    }
    return {};
}

Result<void> sayFirst(int socket, std::string_view octets, std::span<const int> descriptors) {
    if (octets.size() > longestFirst) {
        return Error{"the server's options are too long for its processes"};
    }
    alignas(cmsghdr) char control[CMSG_SPACE(mostDescriptors * sizeof(int))]{};
    iovec piece{const_cast<char*>(octets.data()), octets.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
    if (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
        return Error::ofSystem("cannot hand the server to its processes", errno);
    }
    return {};
}

Result<FirstWord> hearFirst(int socket) {
    FirstWord word;
    word.octets.resize(longestFirst);
    alignas(cmsghdr) char control[CMSG_SPACE(mostDescriptors * sizeof(int))]{};
    iovec piece{word.octets.data(), word.octets.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const auto octets = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (octets <= 0) {
        return Error{"the lab has said nothing"};
    }
    word.octets.resize(static_cast<std::size_t>(octets));
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            const auto count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t index = 0; index < count; ++index) {
                int descriptor = -1;
                std::memcpy(&descriptor, CMSG_DATA(header) + index * sizeof(int), sizeof descriptor);
                word.descriptors.emplace_back(descriptor);
            }
        }
    }
    return word;
}

std::ptrdiff_t hear(int socket, std::span<std::byte> octets) {
    ssize_t heard = 0;
    do {
        heard = ::recv(socket, octets.data(), octets.size(), MSG_DONTWAIT);
    } while (heard < 0 && (errno == EINTR || errno == ECONNRESET)); // reset: it went without hearing all; words remain
    if (heard < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    }
    return heard == 0 ? -1 : heard;
}

} // namespace lab
