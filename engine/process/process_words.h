// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/file_descriptor.h"
#include "engine/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// What the lab says to the parent of a server's processes.
struct LabWord {
    enum class Kind : std::uint32_t {
        Look, ///< at the server's state, or at the places
        Kill  ///< process: ends a child
    };
    Kind kind = Kind::Look;
    int process = 0;
};

/// What processes have cost, as the kernel counts.
struct ProcessCost {
    std::int64_t processorNanoseconds = 0;
    std::int64_t voluntarySwitches = 0;
    std::int64_t involuntarySwitches = 0;
};

/// What the parent says to the lab.
struct ParentWord {
    enum class Kind : std::uint32_t {
        Ready,       ///< it has all it needs
        Failed,      ///< text: why it cannot begin
        WantsPlaces, ///< none is free
        Ended,       ///< a child, at place, with status as of wait()
        Ends         ///< the parent itself, in good order; cost is its own
    };
    Kind kind = Kind::Ready;
    std::uint32_t place = 0;
    int process = 0;
    int status = 0;
    ProcessCost cost{};
    std::array<char, 400> text{}; ///< ends with a zero
};

/// The lab's first word: the options' octets, and with them the memory, the listening socket and the bell.
struct FirstWord {
    std::string octets;
    std::vector<FileDescriptor> descriptors;
};

/// Error: the other side has gone, or (`flags` MSG_DONTWAIT) does not listen just now.
Result<void> say(int socket, std::span<const std::byte> octets, int flags = 0);
Result<void> sayFirst(int socket, std::string_view octets, std::span<const int> descriptors);
Result<FirstWord> hearFirst(int socket);

template <typename Word>
Result<void> say(int socket, const Word& word, int flags = 0) {
    return say(socket, std::as_bytes(std::span(&word, 1)), flags);
}

/// What became of listening.
template <typename Word>
struct Heard {
    std::optional<Word> word; ///< nothing: nobody speaks just now
    bool isGone = false;      ///< the other side
};

/// Octets of the next message; 0: nothing just now; -1: the other side has gone. Does not wait.
std::ptrdiff_t hear(int socket, std::span<std::byte> octets);

template <typename Word>
Heard<Word> hear(int socket) {
    Word word;
    const auto octets = hear(socket, std::as_writable_bytes(std::span(&word, 1)));
    if (octets == sizeof word) {
        return {.word = word};
    }
    return {.word = std::nullopt, .isGone = octets != 0};
}

} // namespace lab
