// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/initiation_dispatcher.h"

#include "engine/dispatch/planned_order.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <utility>

namespace lab {

namespace {

constexpr Interest only(Interest set, Interest part) {
    return static_cast<Interest>(static_cast<unsigned>(set) & static_cast<unsigned>(part));
}

} // namespace

Result<std::unique_ptr<InitiationDispatcher>>
InitiationDispatcher::create(ServerContext& context, std::unique_ptr<EventDemultiplexer> demultiplexer) {
    auto wakeUp = LoopWakeUp::watchedBy(*demultiplexer);
    if (!wakeUp) {
        return wakeUp.error();
    }
    return std::unique_ptr<InitiationDispatcher>(
        new InitiationDispatcher(context, std::move(demultiplexer), std::move(*wakeUp)));
}

InitiationDispatcher::InitiationDispatcher(ServerContext& context, std::unique_ptr<EventDemultiplexer> demultiplexer,
                                           LoopWakeUp wakeUp)
    : m_context(context)
    , m_demultiplexer(std::move(demultiplexer))
    , m_wakeUp(std::move(wakeUp))
    , m_now(context.gate.now())
    , m_period(std::chrono::nanoseconds(context.options.limits.shortest()).count())
    , m_nextLook(m_now + m_period) {}

InitiationDispatcher::~InitiationDispatcher() = default;

bool InitiationDispatcher::registerHandler(std::unique_ptr<EventHandler> handler, Interest interest) {
    const int handle = handler->handle();
    if (m_demultiplexer->add(handle, handler.get(), interest) != 0) {
        handler->handleRefusal();
        return false;
    }
    handler->m_interest = interest;
    if (interest == Interest::Accept) {
        m_acceptor = handler.get();
    }
    LAB_MARK(HandlerRegistered, InitiationDispatcher, "register_handler", .connection = handler->connection(),
             .kind = interest);
    m_handlers[handle] = std::move(handler);
    return true;
}

void InitiationDispatcher::changeInterest(EventHandler& handler, Interest interest) {
    if (handler.m_interest != interest) {
        handler.m_interest = interest;
        if (handler.m_isAway) {
            handler.m_isAway = false;
            --m_away;
            m_demultiplexer->add(handler.handle(), &handler, interest);
        } else {
            m_demultiplexer->change(handler.handle(), &handler, interest);
        }
        LAB_MARK(InterestChanged, InitiationDispatcher, "change_interest", .connection = handler.connection(),
                 .kind = interest);
    }
}

void InitiationDispatcher::pause(EventHandler& handler, std::int64_t until) {
    m_paused = &handler;
    m_pausedInterest = handler.m_interest;
    m_pausedUntil = until;
    changeInterest(handler, Interest::None);
}

/// Not just without interest: a handle that the peer resets would be reported again and again.
void InitiationDispatcher::sendAway(EventHandler& handler) {
    if (!handler.m_isAway) {
        handler.m_isAway = true;
        handler.m_interest = Interest::None;
        ++m_away;
        m_demultiplexer->remove(handler.handle());
        LAB_MARK(InterestChanged, InitiationDispatcher, "send away", .connection = handler.connection(),
                 .kind = Interest::None);
    }
}

bool InitiationDispatcher::isStopping() const { return m_context.stopping(); }

void InitiationDispatcher::run() {
    while (!m_context.stopping() || m_away > 0) {
        if (m_guest != nullptr) {
            m_guest->beforeWait();
        }
        if (m_acceptor != nullptr && m_context.running() && m_context.hasArrivals()) {
            m_acceptor->handleArrivals();
        }
        if (!m_context.running() && isOver()) {
            break;
        }
        LAB_MARK(CallEntered, InitiationDispatcher, "select", .kind = m_demultiplexer->call(),
                 .value = static_cast<std::int64_t>(m_handlers.size()));
        waitForHandles();
        LAB_MARK(CallLeft, InitiationDispatcher, "select", .kind = m_demultiplexer->call(),
                 .value = static_cast<std::int64_t>(m_ready.size()));
        m_now = m_context.gate.now();
        tellReady();
        if (m_guest != nullptr) {
            m_guest->beforeHooks();
        }
        for (const auto& ready : m_ready) {
            dispatch(ready);
        }
        if (m_guest != nullptr) {
            m_guest->afterHooks();
        }
        lookAtTimeLimits();
    }
    // What is left is cut off: the handlers' destructors close.
    m_acceptor = nullptr;
    m_handlers.clear();
}

/// The server does not run any more: whether this loop has nothing left to do.
bool InitiationDispatcher::isOver() {
    drain();
    return m_handlers.empty() && (m_guest == nullptr || m_guest->isDone());
}

void InitiationDispatcher::tellReady() const {
    for (const auto& ready : m_ready) {
        if (const auto* handler = static_cast<EventHandler*>(ready.key)) {
            // All were found by the one call that has just returned.
            LAB_MARK_WITH(HandleReady, InitiationDispatcher, "handle ready", .connection = handler->connection(),
                          .kind = handler->interest() == Interest::Accept ? Interest::Accept
                                                                          : only(ready.ready, handler->interest()));
        }
    }
}

void InitiationDispatcher::waitForHandles() {
    m_demultiplexer->wait(plannedEvent() ? 0 : patience(), m_ready);
    while (!m_context.stopping() && !putInPlannedOrder(m_ready, m_acceptor, {})) {
        constexpr int betweenLooks = 1; // ms; what is ready and not wanted yet would end a longer wait at once
        ::poll(nullptr, 0, betweenLooks);
        m_demultiplexer->wait(0, m_ready);
    }
}

void InitiationDispatcher::dispatchFirst(EventHandler& handler) {
    const auto found =
        std::find_if(m_ready.begin(), m_ready.end(), [&](const ReadyHandle& ready) { return ready.key == &handler; });
    if (found != m_ready.end()) {
        const auto ready = *found;
        m_ready.erase(found);
        dispatch(ready);
    }
}

void InitiationDispatcher::dispatch(const ReadyHandle& ready) {
    if (ready.key == nullptr) {
        m_wakeUp.take();
        return;
    }
    auto& handler = *static_cast<EventHandler*>(ready.key);
    if (contains(handler.m_interest, Interest::Read | Interest::Accept) &&
        contains(ready.ready, Interest::Read | Interest::Accept)) {
        callHook(handler, Hook::HandleInput, &EventHandler::handleInput);
    } else if (contains(handler.m_interest, Interest::Write) && contains(ready.ready, Interest::Write)) {
        callHook(handler, Hook::HandleOutput, &EventHandler::handleOutput);
    }
}

void InitiationDispatcher::callHook(EventHandler& handler, Hook hook, EventHandler::Outcome (EventHandler::*call)()) {
    const auto connection = handler.connection();
    LAB_MARK(HookEntered, EventHandler, "hook", .connection = connection, .kind = hook);
    if ((handler.*call)() == EventHandler::Outcome::Remove) {
        remove(handler);
    }
    LAB_MARK(HookLeft, EventHandler, "hook", .connection = connection, .kind = hook);
}

/// Out of the handle set, and out of what is ready.
std::unique_ptr<EventHandler> InitiationDispatcher::takeOut(EventHandler& handler) {
    const int handle = handler.handle();
    if (handler.m_isAway) {
        handler.m_isAway = false;
        --m_away;
    } else {
        m_demultiplexer->remove(handle);
    }
    LAB_MARK(HandlerRemoved, InitiationDispatcher, "remove_handler", .connection = handler.connection());
    if (m_paused == &handler) {
        m_paused = nullptr;
    }
    if (m_acceptor == &handler) {
        m_acceptor = nullptr;
    }
    const auto place = m_handlers.find(handle);
    auto owned = std::move(place->second);
    m_handlers.erase(place);
    return owned;
}

void InitiationDispatcher::remove(EventHandler& handler) { takeOut(handler); }

std::unique_ptr<EventHandler> InitiationDispatcher::release(EventHandler& handler) {
    std::erase_if(m_ready, [&](const ReadyHandle& ready) { return ready.key == &handler; });
    return takeOut(handler);
}

void InitiationDispatcher::lookAtTimeLimits() {
    if (m_paused != nullptr && m_now >= m_pausedUntil) {
        changeInterest(*std::exchange(m_paused, nullptr), m_pausedInterest);
    }
    if (m_now < m_nextLook) {
        return;
    }
    m_nextLook = m_now + m_period;
    std::vector<EventHandler*> late;
    for (const auto& [handle, handler] : m_handlers) {
        if (!handler->m_isAway && handler->m_until != 0 && m_now >= handler->m_until) {
            late.push_back(handler.get());
        }
    }
    for (auto* handler : late) {
        callHook(*handler, Hook::HandleTimeout, &EventHandler::handleTimeout);
    }
}

void InitiationDispatcher::drain() {
    std::vector<EventHandler*> all;
    for (const auto& [handle, handler] : m_handlers) {
        if (!handler->m_isAway) {
            all.push_back(handler.get());
        }
    }
    for (auto* handler : all) {
        if (handler->handleDraining() == EventHandler::Outcome::Remove) {
            remove(*handler);
        }
    }
}

/// How long a wait may last, in ms: for ever when no time limit can pass.
int InitiationDispatcher::patience() const {
    if ((m_guest != nullptr && m_guest->hasMore()) || (m_acceptor != nullptr && m_context.hasArrivals())) {
        return 0;
    }
    if (m_paused != nullptr) {
        return static_cast<int>(std::max<std::int64_t>(1, (m_pausedUntil - m_now) / 1'000'000));
    }
    if (m_handlers.size() <= (m_acceptor != nullptr ? 1U : 0U)) {
        return -1;
    }
    return static_cast<int>(m_period / 1'000'000 + 1);
}

} // namespace lab
