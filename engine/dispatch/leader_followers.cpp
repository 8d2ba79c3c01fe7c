// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/leader_followers.h"

#include "engine/dispatch/planned_order.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <utility>

namespace lab {

namespace {

Interest common(Interest a, Interest b) {
    return static_cast<Interest>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}

EventHandler::Outcome call(EventHandler& handler, Hook hook) {
    switch (hook) {
    case Hook::HandleInput: return handler.handleInput();
    case Hook::HandleOutput: return handler.handleOutput();
    default: return handler.handleTimeout();
    }
}

} // namespace

Result<std::unique_ptr<LeaderFollowers>> LeaderFollowers::create(ServerContext& context,
                                                                 std::unique_ptr<EventDemultiplexer> demultiplexer) {
    demultiplexer->reportOnce();
    auto wakeUp = LoopWakeUp::watchedBy(*demultiplexer);
    if (!wakeUp) {
        return wakeUp.error();
    }
    return std::unique_ptr<LeaderFollowers>(new LeaderFollowers(context, std::move(demultiplexer), std::move(*wakeUp)));
}

LeaderFollowers::LeaderFollowers(ServerContext& context, std::unique_ptr<EventDemultiplexer> demultiplexer,
                                 LoopWakeUp wakeUp)
    : m_context(context)
    , m_demultiplexer(std::move(demultiplexer))
    , m_wakeUp(std::move(wakeUp))
    , m_leadership(TurnToken::Right::Leadership, context.gate)
    , m_atWork(context.options.threads)
    , m_period(std::chrono::nanoseconds(context.options.limits.shortest()).count())
    , m_nextLook(context.gate.now() + m_period) {}

LeaderFollowers::~LeaderFollowers() = default;

std::int64_t LeaderFollowers::now() const { return m_context.gate.now(); }

void LeaderFollowers::work() {
    while (m_leadership.take()) {
        LAB_MARK(LeadershipTaken, InitiationDispatcher, "become leader");
        const auto turn = lead();
        if (!turn) {
            m_leadership.close();
            break;
        }
        LAB_MARK(InterestChanged, InitiationDispatcher, "deactivate handle", .connection = turn->handler->connection(),
                 .kind = Interest::None);
        LAB_MARK(LeadershipPassed, InitiationDispatcher, "promote a follower");
        m_leadership.pass();
        process(*turn);
    }
    if (m_atWork.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        m_handlers.clear(); // what is left is cut off, by the last thread
    }
}

/// Waits until there is something to do, and takes the first of it. Nothing: the server has come to its end.
std::optional<LeaderFollowers::Turn> LeaderFollowers::lead() {
    while (m_turns.empty()) {
        takeArrivals();
        if (isOver()) {
            return std::nullopt;
        }
        LAB_MARK(CallEntered, InitiationDispatcher, "select", .kind = m_demultiplexer->call(), .value = handlers());
        waitForHandles();
        LAB_MARK(CallLeft, InitiationDispatcher, "select", .kind = m_demultiplexer->call(),
                 .value = static_cast<std::int64_t>(m_ready.size()));
        tellReady();
        lookAtTimeLimits();
    }
    const auto turn = m_turns.front();
    m_turns.pop_front();
    return turn;
}

std::int64_t LeaderFollowers::handlers() {
    const std::lock_guard lock(m_mutex);
    return static_cast<std::int64_t>(m_handlers.size());
}

/// All at once: there is one handle set.
void LeaderFollowers::takeArrivals() {
    while (m_context.running() && m_context.hasArrivals()) {
        EventHandler* acceptor = nullptr;
        {
            const std::lock_guard lock(m_mutex);
            acceptor = m_acceptor;
        }
        if (acceptor == nullptr) {
            return;
        }
        acceptor->handleArrivals();
    }
}

bool LeaderFollowers::isOver() {
    if (m_context.running()) {
        return false;
    }
    if (!m_context.stopping()) {
        drain();
    }
    const std::lock_guard lock(m_mutex);
    return m_context.stopping() || m_handlers.empty();
}

void LeaderFollowers::waitForHandles() {
    waitOnce(!plannedEvent());
    const auto putBack = [this](EventHandler& handler) {
        const std::lock_guard lock(m_mutex);
        m_demultiplexer->change(handler.handle(), &handler, handler.m_interest);
    };
    const auto acceptor = [this] {
        const std::lock_guard lock(m_mutex);
        return m_acceptor;
    };
    while (!m_context.stopping() && !putInPlannedOrder(m_ready, acceptor(), putBack)) {
        constexpr int betweenLooks = 1; // ms
        ::poll(nullptr, 0, betweenLooks);
        waitOnce(false);
    }
}

void LeaderFollowers::waitOnce(bool block) {
    std::vector<EventHandler*> refused;
    int milliseconds = 0;
    {
        const std::lock_guard lock(m_mutex);
        refused = applyChanges();
        milliseconds = block && refused.empty() ? patience() : 0;
        m_isWaitedAt = !m_demultiplexer->changesWhileWaiting();
        m_waitsForEver = milliseconds < 0;
    }
    m_demultiplexer->wait(milliseconds, m_ready);
    {
        const std::lock_guard lock(m_mutex);
        m_isWaitedAt = m_waitsForEver = false;
        for (auto* handler : applyChanges()) {
            refused.push_back(handler);
        }
    }
    for (auto* handler : refused) {
        handler->handleRefusal();
        remove(*handler);
    }
}

/// How long a wait may last, in ms: for ever when no time limit can pass.
int LeaderFollowers::patience() const {
    if (m_paused != nullptr) {
        return static_cast<int>(std::max<std::int64_t>(1, (m_pausedUntil - now()) / 1'000'000));
    }
    if (m_handlers.size() <= (m_acceptor != nullptr ? 1U : 0U)) {
        return -1;
    }
    return static_cast<int>(m_period / 1'000'000 + 1);
}

/// What was found ready is each for one thread; the demultiplexer does not report it again before it is reactivated.
void LeaderFollowers::tellReady() {
    for (const auto& ready : m_ready) {
        auto* handler = static_cast<EventHandler*>(ready.key);
        if (handler == nullptr) {
            m_wakeUp.take();
            continue;
        }
        const auto interest = handler->m_interest;
        const bool isInput = contains(interest, Interest::Read | Interest::Accept) &&
                             contains(ready.ready, Interest::Read | Interest::Accept);
        LAB_MARK(HandleReady, InitiationDispatcher, "handle ready", .connection = handler->connection(),
                 .kind = interest == Interest::Accept ? Interest::Accept : common(ready.ready, interest));
        m_turns.push_back({handler, isInput ? Hook::HandleInput : Hook::HandleOutput});
        const std::lock_guard lock(m_mutex);
        handler->m_isAway = true;
    }
}

/// As long as it leads: nobody else is told of these handlers meanwhile.
void LeaderFollowers::lookAtTimeLimits() {
    const auto moment = now();
    std::vector<EventHandler*> late;
    {
        const std::lock_guard lock(m_mutex);
        if (m_paused != nullptr && moment >= m_pausedUntil && !m_paused->m_isAway) {
            auto& acceptor = *std::exchange(m_paused, nullptr);
            acceptor.m_interest = Interest::Accept;
            m_demultiplexer->change(acceptor.handle(), &acceptor, Interest::Accept);
        }
        if (moment >= m_nextLook) {
            m_nextLook = moment + m_period;
            for (const auto& [handle, handler] : m_handlers) {
                if (!handler->m_isAway && handler->m_until != 0 && moment >= handler->m_until) {
                    handler->m_isAway = true;
                    late.push_back(handler.get());
                }
            }
        }
    }
    for (auto* handler : late) {
        process({handler, Hook::HandleTimeout});
    }
}

void LeaderFollowers::drain() {
    std::vector<EventHandler*> all;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [handle, handler] : m_handlers) {
            if (!handler->m_isAway) {
                all.push_back(handler.get());
            }
        }
    }
    for (auto* handler : all) {
        if (handler->handleDraining() == EventHandler::Outcome::Remove) {
            remove(*handler);
        }
    }
}

/// A handle that is ready again and again is with some thread whenever the leader looks at time limits: so that thread
/// looks as well.
void LeaderFollowers::process(const Turn& turn) {
    auto& handler = *turn.handler;
    bool stays = callHook(handler, turn.hook);
    if (stays && turn.hook != Hook::HandleTimeout && handler.m_until != 0 && now() >= handler.m_until) {
        stays = callHook(handler, Hook::HandleTimeout);
    }
    if (stays) {
        reactivate(handler);
    }
}

/// False: the handler is gone.
bool LeaderFollowers::callHook(EventHandler& handler, Hook hook) {
    const auto connection = handler.connection();
    LAB_MARK(HookEntered, EventHandler, "hook", .connection = connection, .kind = hook);
    const bool stays = call(handler, hook) == EventHandler::Outcome::Stay;
    if (stays) {
        LAB_MARK(InterestChanged, InitiationDispatcher, "reactivate handle", .connection = connection,
                 .kind = handler.m_interest);
    } else {
        remove(handler);
    }
    LAB_MARK(HookLeft, EventHandler, "hook", .connection = connection, .kind = hook);
    return stays;
}

bool LeaderFollowers::registerHandler(std::unique_ptr<EventHandler> handler, Interest interest) {
    auto& taken = *handler;
    const int handle = taken.handle();
    taken.m_interest = interest;
    LAB_MARK(HandlerRegistered, InitiationDispatcher, "register_handler", .connection = taken.connection(),
             .kind = interest);
    bool wakes = false;
    int failure = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (interest == Interest::Accept) {
            m_acceptor = &taken;
        }
        m_handlers[handle] = std::move(handler);
        wakes = changeSoon({Change::What::Add, handle, &taken, interest}, failure) || m_waitsForEver;
        taken.m_isAway = failure != 0;
    }
    if (wakes) {
        wake();
    }
    if (failure != 0) {
        taken.handleRefusal();
        remove(taken);
    }
    return failure == 0;
}

/// The acceptor's own hook calls this, so it is away: what comes next is its reactivation, without interest.
void LeaderFollowers::pause(EventHandler& handler, std::int64_t until) {
    const std::lock_guard lock(m_mutex);
    m_paused = &handler;
    m_pausedUntil = until;
    handler.m_interest = Interest::None;
}

/// From the moment on in which the lock is given back the handler may be another thread's.
void LeaderFollowers::reactivate(EventHandler& handler) {
    bool wakes = false;
    {
        const std::lock_guard lock(m_mutex);
        handler.m_isAway = false;
        if (handler.m_interest == Interest::None) {
            wakes = true; // paused: the leader waits for that moment, too
        } else {
            int failure = 0;
            wakes = changeSoon({Change::What::Change, handler.handle(), &handler, handler.m_interest}, failure);
        }
    }
    if (wakes || !m_context.running()) {
        wake();
    }
}

void LeaderFollowers::remove(EventHandler& handler) {
    const int handle = handler.handle();
    LAB_MARK(HandlerRemoved, InitiationDispatcher, "remove_handler", .connection = handler.connection());
    std::unique_ptr<EventHandler> owned;
    bool wakes = false;
    {
        const std::lock_guard lock(m_mutex);
        int failure = 0;
        wakes = changeSoon({Change::What::Remove, handle, &handler, Interest::None}, failure);
        const auto place = m_handlers.find(handle);
        owned = std::move(place->second);
        m_handlers.erase(place);
        m_acceptor = m_acceptor == &handler ? nullptr : m_acceptor;
        m_paused = m_paused == &handler ? nullptr : m_paused;
    }
    owned.reset();
    if (wakes || !m_context.running()) {
        wake(); // the leader may have waited for just that
    }
}

/// Now, or when the leader has come back from its wait: then it has to be woken, and that is what is returned.
bool LeaderFollowers::changeSoon(const Change& change, int& failure) {
    if (m_isWaitedAt) {
        m_changes.push_back(change);
        return true;
    }
    failure = apply(change);
    return false;
}

int LeaderFollowers::apply(const Change& change) {
    switch (change.what) {
    case Change::What::Add: return m_demultiplexer->add(change.handle, change.handler, change.interest);
    case Change::What::Change: m_demultiplexer->change(change.handle, change.handler, change.interest); break;
    case Change::What::Remove: m_demultiplexer->remove(change.handle); break;
    }
    return 0;
}

std::vector<EventHandler*> LeaderFollowers::applyChanges() {
    std::vector<EventHandler*> refused;
    for (const auto& change : std::exchange(m_changes, {})) {
        if (apply(change) != 0) {
            change.handler->m_isAway = true;
            refused.push_back(change.handler);
        }
    }
    return refused;
}

} // namespace lab
