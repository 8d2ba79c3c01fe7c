// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace lab {

enum class FileTransfer : std::uint8_t;

/// What a peer may still send after our last octet before the connection is closed under it.
inline constexpr std::uint64_t maximumLingeringOctets = 16 * 1024 * 1024;

/// A piece of a response, in the order of sending.
struct Segment {
    std::span<const char> memory; ///< sent when not empty
    int file = -1;                ///< otherwise `length` octets from `offset` of this descriptor
    std::int64_t offset = 0;
    std::int64_t length = 0;

    bool isFile() const { return file >= 0; }
    std::int64_t octets() const { return isFile() ? length : static_cast<std::int64_t>(memory.size()); }
};

/// The octets of the longest stretch of a file among them; none: all is in memory.
inline std::optional<std::int64_t> longestFileStretch(std::span<const Segment> segments) {
    std::optional<std::int64_t> longest;
    for (const auto& segment : segments) {
        if (segment.isFile()) {
            longest = std::max(longest.value_or(0), segment.length);
        }
    }
    return longest;
}

/// What a connection has to do next.
struct Action {
    enum class Next : std::uint8_t {
        Receive,       ///< read into receiveBuffer(), then call received(); not longer than `deadline` allows
        Send,          ///< send segments() to the last octet, then call sent()
        FinishSending, ///< shut down the sending side of the socket, then call finishedSending()
        Close          ///< close the connection, for closeReason()
    };
    Next next = Next::Close;
    Deadline deadline = Deadline::None; ///< for Receive: what the time limit is for
    bool requestDone = false;           ///< a response was sent whole just now: a request has ended
    bool unanswered = false; ///< for Send: a request is whole, and answer() or reject() has to be called first
};

/// Speaks one protocol on one connection, without any I/O on sockets: fed with octets, it answers what to do next.
///
/// Role: Protocol Handler (P section 2). The same handler works under every concurrency model and connection
/// style; those decide who waits, and how. Threads: one at a time. Owner: the connection.
class ProtocolHandler {
public:
    virtual ~ProtocolHandler() = default;

    /// First of all, once.
    virtual Action start() = 0;

    /// Where the next octets from the peer go. Never empty after Next::Receive. Stays valid and in place until
    /// received() or expired() is called.
    virtual std::span<char> receiveBuffer() = 0;

    /// `octets` were put at the front of receiveBuffer(); 0: the peer will send no more.
    virtual Action received(std::size_t octets) = 0;

    /// After Next::Send, the response: stays valid and in place until sent() is called or the handler is destroyed.
    virtual std::span<const Segment> segments() const = 0;

    /// All segments were handed to the operating system.
    virtual Action sent() = 0;

    /// From now on requests are only read and parsed by received() and sent(), and answered by answer(), so that
    /// another thread can do that: Action::unanswered. Before start(). A protocol that does nothing in between leaves
    /// it out.
    virtual void separateAnswers() {}

    /// After Action::unanswered: finds out what the answer is. The only call that may take its time, for files.
    virtual Action answer() { return {}; }

    /// How files of the answers to come will travel; only for what is told of them. Before answer().
    virtual void use(FileTransfer) {}

    /// Instead of answer(): the server has no time for this request. It may be asked again later.
    virtual Action reject() { return {}; }

    /// The sending side was shut down.
    virtual Action finishedSending() = 0;

    /// The time limit `deadline` has passed while receiving.
    virtual Action expired(Deadline deadline) = 0;

    /// Why the last action was Close.
    virtual CloseReason closeReason() const = 0;

    /// Not an octet has come of a next request, and nothing is to be sent: another handler could go on as well.
    virtual bool isBetweenRequests() const { return false; }

    /// Responses sent whole so far, those of handlers before this one included.
    virtual std::uint32_t requestsServed() const = 0;

    /// The request under way, or the last one, is one of the more important ones: see priorityOf().
    virtual bool isUrgent() const { return false; }

    /// The server wants to end: no further request on this connection after the one under way.
    virtual void refuseMoreRequests() = 0;
};

} // namespace lab
