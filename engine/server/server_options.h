// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/filesystem/cached_filesystem.h"
#include "engine/http/limits.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace lab {

enum class Demultiplexer : std::uint8_t { Select, Poll, Epoll };
/// How a proactive or reactive server brings a file that is not in memory to the peer.
enum class FileTransfer : std::uint8_t {
    ReadWrite,   ///< read a piece into a buffer, write the buffer
    TransmitFile ///< sendfile: for the proactive models an asynchronous operation of its own
};

/// All that a server is told. Every model takes all of it, and uses what concerns it.
struct ServerOptions {
    std::string model = "reactor"; ///< id in models()
    std::string root;              ///< document root
    std::string address = "127.0.0.1";
    std::uint16_t port = 0; ///< 0: any free one
    unsigned threads = 4;   ///< of pools
    Demultiplexer demultiplexer = Demultiplexer::Epoll;
    FileTransfer transfer = FileTransfer::TransmitFile;
    int backlog = 4096;
    std::chrono::milliseconds drainLimit{3'000}; ///< for what is in flight when the server ends
    Limits limits;
    CachedFilesystem::Options files;
};

} // namespace lab
