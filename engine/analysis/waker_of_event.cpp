// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/waker_of_event.h"

#include <algorithm>

namespace lab {

namespace {

/// How far back a cause is looked for: what lies further back in a fast run is not told.
constexpr std::size_t farBack = 200'000;
/// How far ahead: what a thread does next may have to wait for many others' events.
constexpr std::size_t farAhead = 20'000;
/// A client notes that it connects when the kernel has taken it in: the server may be faster.
constexpr std::size_t aLittleAhead = 500;

bool isOfTraffic(EventType type) { return type >= EventType::PhaseStarted && type <= EventType::ClientClosed; }

std::uint16_t portOf(const Event& event) { return static_cast<std::uint16_t>(event.value()); }

} // namespace

std::string_view words(Waker::Cause cause) {
    switch (cause) {
    case Waker::Cause::Queued: return "the item was queued";
    case Waker::Cause::ClientConnected: return "a client connected";
    case Waker::Cause::RequestSent: return "the client sent its request";
    case Waker::Cause::ClientClosed: return "the client closed its connection";
    case Waker::Cause::HandedOver: return "the connection was handed over";
    case Waker::Cause::RoomMade: return "an item was taken out of the queue";
    case Waker::Cause::ListeningFreed: return "the listening socket was let go";
    case Waker::Cause::Promoted: return "the leader promoted it";
    default: return "nothing that is known";
    }
}

WakerOfEvent::WakerOfEvent(const RecordingView& view, ClientOf clientOf)
    : m_view(view)
    , m_clientOf(std::move(clientOf)) {}

template <typename Matches>
std::optional<std::size_t> WakerOfEvent::lastBefore(std::size_t index, std::size_t reach, Matches matches) const {
    const auto low = std::max(m_view.first(), index - std::min(index, reach));
    for (auto at = index; at > low; --at) {
        if (matches(m_view[at - 1])) {
            return at - 1;
        }
    }
    return std::nullopt;
}

template <typename Matches>
std::optional<std::size_t> WakerOfEvent::firstAfter(std::size_t index, std::size_t reach, Matches matches) const {
    const auto high = std::min(m_view.end(), index + 1 + reach);
    for (auto at = index + 1; at < high; ++at) {
        if (matches(m_view[at])) {
            return at;
        }
    }
    return std::nullopt;
}

std::optional<Waker> WakerOfEvent::of(std::size_t index) const {
    if (index < m_view.first() || index >= m_view.end()) {
        return std::nullopt;
    }
    const auto& event = m_view[index];
    if (event.type() == EventType::ThreadStarted) {
        return ofNewThread(index);
    }
    if (event.type() != EventType::CallLeft || event.value() < 0) {
        return std::nullopt;
    }
    const auto call = event.kindAs<SystemCall>();
    switch (call) {
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll:
    case SystemCall::QueueWait:
    case SystemCall::IoUringEnter: return ofManyWaits(index);
    case SystemCall::Accept: return ofAccept(index);
    case SystemCall::Read: return ofReceived(index, event.value() == 0);
    default: return std::nullopt;
    }
}

/// The item that the thread takes at `index`; it was woken when that came into the queue.
std::optional<Waker> WakerOfEvent::ofTaken(std::size_t index) const {
    const auto& popped = m_view[index];
    const auto pushed = lastBefore(index, farBack, [&](const Event& event) {
        return event.type() == EventType::QueuePushed && event.kind() == popped.kind() &&
               event.operation == popped.operation && event.connection == popped.connection;
    });
    return pushed ? std::optional(Waker{Waker::Cause::Queued, *pushed}) : std::nullopt;
}

std::optional<Waker> WakerOfEvent::ofAccept(std::size_t index) const {
    const auto next = nextOf(m_view[index].actor, index);
    return next && m_view[*next].type() == EventType::ConnectionAccepted ? ofConnecting(*next) : std::nullopt;
}

bool WakerOfEvent::isSending(SystemCall call) {
    switch (call) {
    case SystemCall::Write:
    case SystemCall::Writev:
    case SystemCall::Sendfile:
    case SystemCall::Splice: return true;
    default: return false;
    }
}

/// The first handle, performed operation or item that the thread tells of before it waits again.
std::optional<Waker> WakerOfEvent::ofManyWaits(std::size_t index) const {
    const auto actor = m_view[index].actor;
    for (auto next = nextOf(actor, index); next; next = nextOf(actor, *next)) {
        const auto& event = m_view[*next];
        if (event.type() == EventType::HandleReady) {
            if (event.kindAs<Interest>() == Interest::Accept) {
                const auto accepted = acceptedNext(actor, *next);
                return accepted ? ofConnecting(*accepted) : std::nullopt;
            }
            return event.kindAs<Interest>() == Interest::Read ? ofReceived(*next, false) : std::nullopt;
        }
        if (event.type() == EventType::CallPerformed && isSending(event.kindAs<SystemCall>())) {
            return std::nullopt; // there was room in a socket again: no event tells whose acknowledgement made it
        }
        if (event.type() == EventType::SubmissionQueued) {
            return std::nullopt; // the kernel has taken a piece of a transfer, and the next one follows: as above
        }
        if (event.type() == EventType::OperationCompleted) {
            return ofCompletion(*next);
        }
        if (event.type() == EventType::QueuePopped) {
            return ofTaken(*next);
        }
        if (m_view[index].kindAs<SystemCall>() == SystemCall::QueueWait) {
            if (const auto waker = ofTurn(index, *next)) {
                return waker;
            }
        }
        if (event.type() == EventType::CallEntered) {
            break;
        }
    }
    return std::nullopt;
}

/// Who made room, or gave its turn to this thread, whose `next` event tells what it had waited for.
std::optional<Waker> WakerOfEvent::ofTurn(std::size_t index, std::size_t next) const {
    const auto& event = m_view[next];
    const auto lastOther = [&](EventType type, auto matches) {
        return lastBefore(index, farBack, [&](const Event& candidate) {
            return candidate.type() == type && candidate.actor != event.actor && matches(candidate);
        });
    };
    std::optional<std::size_t> found;
    auto cause = Waker::Cause::RoomMade;
    if (event.type() == EventType::QueuePushed) {
        found = lastOther(EventType::QueuePopped, [&](const Event& other) { return other.kind() == event.kind(); });
    } else if (event.type() == EventType::HandlerRegistered && event.connection == 0) {
        found = lastOther(EventType::HandlerRemoved, [](const Event& other) { return other.connection == 0; });
        cause = Waker::Cause::ListeningFreed;
    } else if (event.type() == EventType::LeadershipTaken) {
        found = lastOther(EventType::LeadershipPassed, [](const Event&) { return true; });
        cause = Waker::Cause::Promoted;
    }
    return found ? std::optional(Waker{cause, *found}) : std::nullopt;
}

std::optional<Waker> WakerOfEvent::ofCompletion(std::size_t index) const {
    const auto& completed = m_view[index];
    if (completed.value() < 0) {
        return std::nullopt;
    }
    if (completed.kindAs<Operation>() == Operation::Read) {
        return ofReceived(index, completed.value() == 0);
    }
    if (completed.kindAs<Operation>() != Operation::Accept) {
        return std::nullopt;
    }
    const auto hook = firstAfter(index, farAhead, [&](const Event& event) {
        return event.type() == EventType::HookEntered && event.operation == completed.operation;
    });
    const auto accepted = hook ? acceptedNext(m_view[*hook].actor, *hook) : std::nullopt;
    return accepted ? ofConnecting(*accepted) : std::nullopt;
}

/// The other thread's last word on the connection that the new one begins with.
std::optional<Waker> WakerOfEvent::ofNewThread(std::size_t index) const {
    const auto actor = m_view[index].actor;
    const auto next = nextOf(actor, index);
    if (!next || m_view[*next].connection == 0 || isOfTraffic(m_view[*next].type())) {
        return std::nullopt;
    }
    const auto connection = m_view[*next].connection;
    const auto handed = lastBefore(index, farBack, [&](const Event& event) {
        return event.connection == connection && event.actor != actor && !isOfTraffic(event.type());
    });
    return handed ? std::optional(Waker{Waker::Cause::HandedOver, *handed}) : std::nullopt;
}

std::optional<Waker> WakerOfEvent::ofConnecting(std::size_t accepted) const {
    const auto found = connecting(accepted);
    return found ? std::optional(Waker{Waker::Cause::ClientConnected, *found}) : std::nullopt;
}

/// What the client of that connection sent, or, where the stream has `ended`, that it closed.
std::optional<Waker> WakerOfEvent::ofReceived(std::size_t index, bool ended) const {
    const auto connection = m_view[index].connection;
    const auto client = clientOf(connection, index);
    if (client == 0) {
        return std::nullopt;
    }
    const auto sent = lastBefore(index, farBack, [&](const Event& event) {
        return event.connection == client &&
               (event.type() == EventType::ClientRequestSent || event.type() == EventType::ClientClosed);
    });
    if (!sent) {
        return std::nullopt;
    }
    const bool closed = m_view[*sent].type() == EventType::ClientClosed;
    if (ended && !closed) {
        return std::nullopt;
    }
    return Waker{closed ? Waker::Cause::ClientClosed : Waker::Cause::RequestSent, *sent};
}

std::optional<std::size_t> WakerOfEvent::nextOf(std::uint16_t actor, std::size_t after) const {
    return firstAfter(after, farAhead, [&](const Event& event) { return event.actor == actor; });
}

std::optional<std::size_t> WakerOfEvent::acceptedNext(std::uint16_t actor, std::size_t after) const {
    const auto found = firstAfter(after, farAhead, [&](const Event& event) {
        return event.actor == actor && (event.type() == EventType::ConnectionAccepted ||
                                        (event.type() == EventType::HookLeft && event.connection == 0) ||
                                        event.type() == EventType::CallEntered);
    });
    return found && m_view[*found].type() == EventType::ConnectionAccepted ? found : std::nullopt;
}

/// Where the client connected whose connection was accepted at `accepted`: both tell the client's port.
std::optional<std::size_t> WakerOfEvent::connecting(std::size_t accepted) const {
    const auto& event = m_view[accepted];
    if (event.kindAs<Origin>() == Origin::Outside) {
        return std::nullopt;
    }
    const auto isIt = [port = portOf(event)](const Event& candidate) {
        return candidate.type() == EventType::ClientConnecting && portOf(candidate) == port;
    };
    if (const auto later = firstAfter(accepted, aLittleAhead, isIt)) {
        return later;
    }
    return lastBefore(accepted, farBack, isIt);
}

std::uint32_t WakerOfEvent::clientOf(std::uint32_t connection, std::size_t before) const {
    if (const auto known = m_clientOf ? m_clientOf(connection) : 0; known != 0) {
        return known;
    }
    const auto accepted = lastBefore(before, farBack, [&](const Event& event) {
        return event.connection == connection && event.type() == EventType::ConnectionAccepted;
    });
    const auto found = accepted ? connecting(*accepted) : std::nullopt;
    return found ? m_view[*found].connection : 0;
}

} // namespace lab
