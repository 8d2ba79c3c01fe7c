// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service_spec.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/http/limits.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace lab {

enum class Demultiplexer : std::uint8_t { Select, Poll, Epoll };

/// How a file that is not in memory comes to the peer.
enum class FileTransfer : std::uint8_t {
    Suited,         ///< what the model prefers; Server::start puts one of the others in its place
    BySize,         ///< Sendfile, and MmapWritev for large files: synchronous and reactive models
    ReadWrite,      ///< read a piece into a buffer, write the buffer
    MmapWritev,     ///< map the file, write header and mapped pages by one gathering write
    Sendfile,       ///< the kernel sends from the file: synchronous and reactive models
    Splice,         ///< the kernel moves pages from file to pipe and from pipe to socket
    AsyncReadWrite, ///< an asynchronous read of the file, then an asynchronous write: proactive models
    TransmitFile    ///< one asynchronous operation sends the file: proactive models
};

/// From this size on files are mapped and written where BySize was chosen. Up to here sendfile is faster when the peer is
/// on the same machine, and always cheaper.
inline constexpr std::int64_t mappedFileOctets = 4 * 1024 * 1024;

/// What was chosen, for an answer whose longest stretch of a file has so many octets: never BySize.
constexpr FileTransfer transferOf(FileTransfer chosen, std::int64_t octets) {
    if (chosen != FileTransfer::BySize) {
        return chosen;
    }
    return octets < mappedFileOctets ? FileTransfer::Sendfile : FileTransfer::MmapWritev;
}

/// Who performs asynchronous operations for the proactive models.
enum class ProcessorKind : std::uint8_t {
    Suited,  ///< what the model prefers: processorOf()
    Asio,    ///< emulated on epoll
    IoUring, ///< the kernel itself
    PosixAio ///< threads of the C library, for files
};

/// How header and file come into full packets although they are sent by separate calls.
enum class Cork : std::uint8_t {
    MsgMore, ///< each call says that more follows
    TcpCork, ///< the socket holds part-filled packets back while the option is set
    None     ///< neither, nor TCP_NODELAY: the header leaves in a packet of its own, and Nagle's algorithm keeps a rest
             ///< that fills no packet until it has been acknowledged, which the peer may put off
};

/// In which order operations are dealt with that wait for the same thing.
enum class ServiceOrder : std::uint8_t {
    Fifo,
    Priority,        ///< as priorityOf() says
    ShortestJobFirst ///< of whose answer the fewest octets are left to send
};

/// All that a server is told. Every model takes all of it, and uses what concerns it.
struct ServerOptions {
    std::string model = "reactor"; ///< id in models()
    std::uint8_t protocol = 0;     ///< which of `protocols`
    std::string root;              ///< document root
    std::string address = "127.0.0.1";
    std::uint16_t port = 0; ///< 0: any free one
    unsigned threads = 4;   ///< of pools
    Demultiplexer demultiplexer = Demultiplexer::Epoll;
    FileTransfer transfer = FileTransfer::Suited;
    ProcessorKind processor = ProcessorKind::Suited;
    Cork cork = Cork::MsgMore;
    unsigned acceptBurst = 0;   ///< connections taken in each time the listening socket is ready; 0: as the model does
    unsigned queueLimit = 1024; ///< of queues between threads that have a bound
    ServiceOrder order = ServiceOrder::Fifo;
    unsigned transmitsAtOnce = 0; ///< answers that are being sent at a time, the others wait; 0: all
    int backlog = 4096;
    std::chrono::milliseconds drainLimit{3'000}; ///< for what is in flight when the server ends
    Limits limits;
    CachedFilesystem::Options files;
    std::vector<ServiceSpec> services; ///< of the Protocol Pipeline, in order, as the server begins
};

} // namespace lab
