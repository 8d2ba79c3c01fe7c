// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <cstdint>
#include <memory>

namespace lab {

/// Whom a dispatcher calls when a handle is ready; it then does the I/O itself, without blocking.
///
/// Role: Event Handler (B). Threads: one at a time, the dispatcher's. Owner: the dispatcher it is registered with.
class EventHandler {
public:
    enum class Outcome : std::uint8_t {
        Stay,  ///< registered
        Remove ///< done: the dispatcher removes and destroys the handler
    };

    virtual ~EventHandler() = default;
    virtual int handle() const = 0;
    virtual std::uint32_t connection() const { return 0; } ///< 0: the acceptor

    virtual Outcome handleInput() = 0;
    virtual Outcome handleOutput() = 0;
    /// Its time limit has passed.
    virtual Outcome handleTimeout() = 0;
    /// The dispatcher cannot take it: destroyed next.
    virtual void handleRefusal() {}
    /// The server does not run any more: what is idle should go.
    virtual Outcome handleDraining() = 0;

    /// The acceptor only: the model before has left connections.
    virtual void handleArrivals() {}

    /// While a schedule is followed that wants its handle ready: whether that can be told now, although the
    /// demultiplexer does not.
    virtual bool isReadyAsPlanned() const { return false; }

    Interest interest() const { return m_interest; }

protected:
    /// Lab time, ns; 0: no limit. Looked at every now and then, not to the millisecond.
    void setTimeLimit(std::int64_t until) { m_until = until; }

private:
    friend class InitiationDispatcher;
    friend class LeaderFollowers;
    Interest m_interest = Interest::None;
    std::int64_t m_until = 0;
    bool m_isAway = false; ///< another thread works on it: not watched, not called
};

/// What Event Handlers ask of the dispatcher that they are registered with.
///
/// Role: Initiation Dispatcher (B), as its handlers see it. Threads: as the dispatcher says.
class HandlerRegistry {
public:
    virtual ~HandlerRegistry() = default;

    /// Takes the handler and watches its handle. False when the demultiplexer has no place for it (select and
    /// handles from FD_SETSIZE on); the handler is destroyed then.
    virtual bool registerHandler(std::unique_ptr<EventHandler> handler, Interest interest) = 0;

    virtual void changeInterest(EventHandler& handler, Interest interest) = 0;

    /// Stops watching `handler` until the lab time `until`: accept has no descriptors to give out.
    virtual void pause(EventHandler& handler, std::int64_t until) = 0;

    /// Lab time, ns: near enough for time limits.
    virtual std::int64_t now() const = 0;
};

} // namespace lab
