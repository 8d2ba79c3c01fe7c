// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/text_file.h"

#include "engine/base/file_descriptor.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <utility>

namespace lab {

namespace {

std::string sizeText(std::size_t octets) {
    constexpr std::size_t mebi = 1U << 20;
    return octets % mebi == 0 ? std::to_string(octets / mebi) + " MiB" : std::to_string(octets) + " octets";
}

/// A pipe's writer may think. False: for too long.
bool awaitWriter(int pipe) {
    constexpr int longest = 10'000; // ms
    pollfd reading{pipe, POLLIN, 0};
    return ::poll(&reading, 1, longest) > 0;
}

} // namespace

Result<std::string> readTextFile(const std::string& file, std::string_view kind, std::size_t longest) {
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor) {
        return Error::ofSystem("cannot read " + file, errno);
    }
    constexpr std::size_t piece = 64U << 10;
    std::string text;
    for (std::size_t length = 0; length <= longest;) {
        text.resize(std::min(std::max(piece, 2 * length), longest + 1));
        const auto octets = ::read(descriptor.get(), text.data() + length, text.size() - length);
        if (octets < 0 && (errno == EINTR || (errno == EAGAIN && awaitWriter(descriptor.get())))) {
            continue;
        }
        if (octets < 0) {
            return Error::ofSystem("cannot read " + file, errno); // a directory says so here
        }
        length += static_cast<std::size_t>(octets);
        if (octets == 0) {
            text.resize(length);
            return Result<std::string>(boost::system::in_place_value, std::move(text));
        }
    }
    return Error{file + ": is longer than " + sizeText(longest) + ": not " + std::string(kind)};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    const auto begin = std::min(text.find_first_not_of(white), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(white) + 1);
}

} // namespace lab
