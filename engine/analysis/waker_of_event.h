// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/recording.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace lab {

/// What let a waiting thread go on.
struct Waker {
    enum class Cause : std::uint8_t {
        Queued,          ///< another thread put the item that it takes into the queue
        ClientConnected, ///< a client of the traffic connected
        RequestSent,     ///< a client of the traffic sent the request
        ClientClosed,    ///< a client of the traffic closed its connection
        HandedOver,      ///< another thread started it for its connection
        RoomMade,        ///< another thread took an item out of the full queue
        ListeningFreed,  ///< another thread let the listening socket go
        Promoted,        ///< the leader promoted it
        Count
    };
    Cause cause = Cause::Queued;
    std::size_t event = 0; ///< index of the event that tells of it

    friend bool operator==(const Waker&, const Waker&) = default;
};

std::string_view words(Waker::Cause cause); ///< "the item was queued"

/// Finds, for an event at which a thread goes on after waiting, the event that woke it: by what happened, not by
/// what stands next to it.
///
/// A thread at a queue was woken by the push of the item that it takes, or by the pop that made room; one that waited
/// for its turn by the thread that gave it up; one in accept by the client that connected;
/// one in read, or that watches handles or performs operations, by what the client of that connection sent; a new
/// thread by the one that handed the connection over. Nothing is said where the recording does not tell: a client
/// from outside, a time that ran out, room in a socket's buffer.
/// Threads: one at a time. Owner: whoever reads the recording. Looks at no more than a bounded stretch around the
/// event.
class WakerOfEvent {
public:
    /// Which client of the traffic is behind a connection, where it is known already; 0: it is not.
    using ClientOf = std::function<std::uint32_t(std::uint32_t connection)>;

    explicit WakerOfEvent(const RecordingView& view, ClientOf clientOf = {});

    /// `index`: of a CallLeft or a ThreadStarted. Nothing for other events.
    std::optional<Waker> of(std::size_t index) const;

private:
    std::optional<Waker> ofTaken(std::size_t index) const;
    std::optional<Waker> ofAccept(std::size_t index) const;
    static bool isSending(SystemCall call);
    std::optional<Waker> ofManyWaits(std::size_t index) const;
    std::optional<Waker> ofCompletion(std::size_t index) const;
    std::optional<Waker> ofTurn(std::size_t index, std::size_t next) const;
    std::optional<Waker> ofNewThread(std::size_t index) const;
    std::optional<Waker> ofConnecting(std::size_t accepted) const;
    std::optional<Waker> ofReceived(std::size_t index, bool ended) const;

    std::optional<std::size_t> nextOf(std::uint16_t actor, std::size_t after) const;
    std::optional<std::size_t> acceptedNext(std::uint16_t actor, std::size_t after) const;
    std::optional<std::size_t> connecting(std::size_t accepted) const;
    std::uint32_t clientOf(std::uint32_t connection, std::size_t before) const;
    template <typename Matches>
    std::optional<std::size_t> lastBefore(std::size_t index, std::size_t reach, Matches matches) const;
    template <typename Matches>
    std::optional<std::size_t> firstAfter(std::size_t index, std::size_t reach, Matches matches) const;

    const RecordingView& m_view;
    ClientOf m_clientOf;
};

} // namespace lab
