// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/gate.h"

#include "engine/base/clock.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lab {

namespace {

/// Timers are late by some 0.1 ms, on a busy machine by more: so much of it is made up for. Shorter than a frame,
/// so that after a rest no eye sees several events at once.
constexpr std::int64_t catchUp = 10'000'000;

/// A thread whose turn it is and that makes no event for so long waits for something that nobody has told of: its
/// turn counts as over. So nothing waits for ever. Long enough for a thread that only lost its processor.
constexpr std::int64_t turnPatience = 500'000'000;

/// The same for one that waits for the traffic. Clients think, but not for long while a schedule is followed.
constexpr std::int64_t trafficPatience = 10'000'000'000;

/// From one event to the next, in ns; not longer than a day.
std::int64_t interval(double pace) { return static_cast<std::int64_t>(std::min(1e9 / pace, 86'400e9)); }

} // namespace

void Gate::change(Mode mode) {
    m_mode = m_openForGood ? Mode::Open : mode;
    const bool engaged = m_mode != Mode::Open;
    m_engaged.store(engaged, std::memory_order_relaxed);
    for (auto* face : m_faces) {
        face->setEngaged(engaged);
    }
    if (engaged) {
        m_wasEngaged.store(true, std::memory_order_relaxed);
    }
    m_pace.store(m_mode == Mode::Running ? m_run.pace : 0, std::memory_order_relaxed);
    // A faster pace counts at once; but a slider on its way sets many paces, and none of them gives an event away.
    m_nextEvent = m_mode == Mode::Running && m_run.pace > 0
                      ? std::min(m_nextEvent, monotonicNanoseconds() + interval(m_run.pace))
                      : 0;
    m_lookAgain = 0;
    m_promised = nobodysTurn;
    m_lastMoved = monotonicNanoseconds();
    if (!engaged) {
        turnIsOver();
        for (auto* waiter : m_waiters) {
            waiter->wake.notify_one();
        }
        if (m_observer) {
            m_observer(nullptr, false);
        }
    }
    grant();
    m_still.notify_all();
}

void Gate::setPace(double eventsPerSecond) {
    const Lock locked = lock();
    m_run = {};
    m_run.pace = std::max(0.0, eventsPerSecond);
    change(eventsPerSecond > 0 ? Mode::Running : Mode::Open);
    if (eventsPerSecond > 0 && m_observer) {
        m_observer(nullptr, false); // no longer in turns
    }
}

void Gate::release(const Lock&) {
    m_run = {};
    change(Mode::Open);
}

void Gate::hold() { hold(lock()); }

void Gate::run(GateRun run) { this->run(std::move(run), lock()); }

void Gate::run(GateRun run, const Lock&) {
    m_run = std::move(run);
    change(Mode::Running);
}

void Gate::open() {
    const Lock locked = lock();
    m_openForGood = true;
    change(Mode::Open);
}

void Gate::setObserver(std::function<void(const Event*, bool)> observer, const TurnPlan* plan) {
    const Lock locked = lock();
    m_observer = std::move(observer);
    m_plan = plan;
}

bool Gate::holding() const {
    const Lock locked = lock();
    return m_mode == Mode::Holding && !m_underWay;
}

std::vector<GateWaiter> Gate::waiting() const { return waiting(lock()); }

std::vector<GateWaiter> Gate::waiting(const Lock&) const {
    std::vector<GateWaiter> all;
    for (const auto* waiter : m_waiters) {
        if (waiter->onlyWhile != nullptr && !(*waiter->onlyWhile)()) {
            continue;
        }
        for (std::size_t index = 0; index < waiter->ways(); ++index) {
            all.push_back(waiter->way(index));
        }
    }
    return all;
}

std::optional<PlannedEvent> Gate::planned(std::uint16_t actor, std::size_t ahead) const {
    const Lock locked = lock();
    return m_plan != nullptr && m_mode != Mode::Open && follows() ? m_plan->planned(actor, ahead) : std::nullopt;
}

Passage Gate::pass(const Event& pending, bool isClient, const std::function<bool()>* onlyWhile) {
    Lock locked = lock();
    if (m_turnOf == pending.actor) {
        turnIsOver(); // back again
    }
    if (m_mode == Mode::Open) {
        return Passage::Free;
    }
    Waiter self{.what = {pending, isClient}, .onlyWhile = onlyWhile};
    waitForFate(locked, self);
    switch (self.fate) {
    case Fate::Waits: return Passage::Free; // the gate is open now
    case Fate::Granted: return Passage::InTurn;
    case Fate::Withdrawn: break;
    }
    return Passage::Withdrawn;
}

std::size_t Gate::choose(std::span<const Event> alternatives) {
    Lock locked = lock();
    if (m_mode == Mode::Open || alternatives.empty()) {
        return 0;
    }
    if (m_turnOf == alternatives.front().actor) {
        turnIsOver();
    }
    Waiter self{.what = {alternatives.front()}, .alternatives = alternatives};
    waitForFate(locked, self);
    return self.chosen;
}

/// Until it is let go, or the gate is open.
void Gate::waitForFate(Lock& lock, Waiter& self) {
    m_waiters.push_back(&self);
    grant();
    if (m_mode == Mode::Holding) {
        m_still.notify_all();
    }
    while (self.fate == Fate::Waits && m_mode != Mode::Open) {
        waitAtGate(lock, self);
    }
    if (self.fate == Fate::Waits) {
        std::erase(m_waiters, &self);
        accountTime();
    }
}

/// Whoever waits longest also minds the clock for all.
void Gate::waitAtGate(Lock& lock, Waiter& self) {
    const auto until = m_waiters.front() == &self ? nextLook() : 0;
    if (until == 0) {
        self.wake.wait(lock);
        return;
    }
    if (const auto left = until - monotonicNanoseconds(); left > 0) {
        m_minder = &self;
        m_minderUntil = until;
        self.wake.wait_for(lock, std::chrono::nanoseconds(left));
        if (m_minder == &self) {
            m_minder = nullptr;
        }
    }
    if (self.fate == Fate::Waits) {
        grant();
    }
}

void Gate::published(const Event& event, bool isClient) {
    const Lock locked = lock();
    m_underWay = false;
    m_lastMoved = monotonicNanoseconds();
    if (m_turnOf == event.actor) {
        m_turnUntil = m_lastMoved + turnPatience;
        if (event.type() == EventType::CallEntered || event.type() == EventType::ThreadEnded) {
            turnIsOver();
        }
    }
    if (m_observer) {
        m_observer(&event, isClient);
    }
    if (m_mode == Mode::Running && m_run.stopAfter && m_run.stopAfter(event)) {
        change(Mode::Holding);
    } else {
        grant();
        m_still.notify_all();
    }
}

void Gate::endTurn(std::uint16_t actor) {
    const Lock locked = lock();
    if (m_turnOf == actor) {
        turnIsOver();
        grant();
        m_still.notify_all();
    }
}

void Gate::awaitTraffic(std::uint16_t actor) {
    const Lock locked = lock();
    if (m_turnOf == actor && !m_awaitsTraffic) {
        m_awaitsTraffic = true;
        m_turnUntil = monotonicNanoseconds() + trafficPatience;
        grant();
        m_still.notify_all();
    }
}

void Gate::beginTurn(std::uint16_t actor) {
    m_turnOf = actor;
    m_awaitsTraffic = false;
}

void Gate::turnIsOver() {
    m_turnOf = nobodysTurn;
    m_awaitsTraffic = false;
}

bool Gate::turnIsOut(std::int64_t now) const { return m_turnOf != nobodysTurn && (m_underWay || now < m_turnUntil); }

bool Gate::isQuiet(const Lock&) const { return !m_underWay && (m_awaitsTraffic || !turnIsOut(monotonicNanoseconds())); }

bool Gate::waitUntilStill(std::int64_t moment) const {
    Lock locked = lock();
    while (m_mode != Mode::Open && !(m_mode == Mode::Holding && isQuiet(locked))) {
        const auto now = monotonicNanoseconds();
        if (now >= moment) {
            return false;
        }
        constexpr std::int64_t slice = 20'000'000; // a turn may end by nobody's doing
        m_still.wait_for(locked, std::chrono::nanoseconds(std::min(slice, moment - now)));
    }
    return true;
}

bool Gate::paceAllows() const { return m_run.pace <= 0 || m_lookedAt >= m_nextEvent; }

void Gate::usePace() {
    if (m_run.pace > 0) {
        const auto due = m_nextEvent == 0 ? m_lookedAt : m_nextEvent;
        m_nextEvent = std::max(due, m_lookedAt - catchUp) + interval(m_run.pace);
    }
}

/// Sends those away whose reason to wait has gone.
void Gate::withdraw() {
    for (std::size_t index = 0; index < m_waiters.size();) {
        auto& waiter = *m_waiters[index];
        if (waiter.onlyWhile != nullptr && !(*waiter.onlyWhile)()) {
            letGo(waiter, Fate::Withdrawn);
        } else {
            ++index;
        }
    }
}

void Gate::letGo(Waiter& waiter, Fate fate) {
    waiter.fate = fate;
    std::erase(m_waiters, &waiter);
    waiter.wake.notify_one();
}

/// Lets the next one go, if anybody may.
void Gate::grant() {
    m_lookedAt = monotonicNanoseconds();
    m_somebodyCould = false;
    if (m_mode == Mode::Running && !m_underWay && !m_waiters.empty()) {
        withdraw();
        if (const auto next = chooseNext(); next.waiter != nullptr) {
            take(next);
        }
    }
    accountTime();
    remindClock();
}

void Gate::take(const Way& way) {
    auto& waiter = *way.waiter;
    const auto actor = waiter.what.event.actor;
    m_lastMoved = m_lookedAt;
    if (!waiter.what.isClient) {
        beginTurn(actor);
        m_promised = nobodysTurn;
    }
    if (waiter.alternatives.empty()) {
        usePace();
        m_underWay = true;
        m_underWayActor = actor;
    } else {
        m_turnUntil = m_lookedAt + turnPatience;
        m_promised = actor;
        waiter.chosen = way.index;
    }
    letGo(waiter, Fate::Granted);
}

Gate::Way Gate::chooseNext() {
    const bool clientsOnly = m_run.inTurns && turnIsOut(m_lookedAt);
    const auto mayGo = [&](const GateWaiter& way) { return !m_run.mayGo || m_run.mayGo(way); };
    const bool isPromised = std::any_of(m_waiters.begin(), m_waiters.end(), [&](const Waiter* waiter) {
        return waiter->what.event.actor == m_promised && mayGo(waiter->what);
    });
    std::vector<GateWaiter> candidates;
    std::vector<Way> ways;
    for (auto* waiter : m_waiters) {
        const bool isOthersTurn = clientsOnly || (isPromised && waiter->what.event.actor != m_promised);
        for (std::size_t index = 0; index < waiter->ways() && (waiter->what.isClient || !isOthersTurn); ++index) {
            if (auto way = waiter->way(index); mayGo(way)) {
                candidates.push_back(way);
                ways.push_back({waiter, index});
            }
        }
    }
    m_somebodyCould = !ways.empty();
    if (ways.empty() || !paceAllows()) {
        return {};
    }
    const auto chosen = m_run.choose ? m_run.choose(candidates) : 0;
    m_somebodyCould = chosen < ways.size();
    if (chosen == GateRun::holdAll) {
        change(Mode::Holding);
    }
    return m_somebodyCould ? ways[chosen] : Way{};
}

/// The next moment at which time alone may let somebody go; 0: none.
std::int64_t Gate::nextLook() const {
    if (m_mode != Mode::Running) {
        return 0;
    }
    std::int64_t next = 0;
    const auto consider = [&](std::int64_t moment) {
        if (moment > m_lookedAt && (next == 0 || moment < next)) {
            next = moment;
        }
    };
    consider(m_nextEvent);
    consider(m_lookAgain);
    if (m_run.inTurns && m_turnOf != nobodysTurn && !m_underWay) {
        consider(m_turnUntil);
    }
    return next;
}

/// The longest waiting one is told when it has to look earlier than it knows of.
void Gate::remindClock() {
    const auto until = nextLook();
    if (until == 0 || m_waiters.empty()) {
        return;
    }
    auto* front = m_waiters.front();
    if (m_minder != front || m_minderUntil > until) {
        front->wake.notify_one();
    }
}

/// Time stands while anybody is held, and while nothing was asked for; in turns, only while somebody goes or could.
void Gate::accountTime() {
    const auto now = monotonicNanoseconds();
    if (m_timeStands && m_standsForTurn && !m_underWay && now > m_turnUntil) {
        m_stoodInAll += std::max(m_turnUntil, m_standsSince) - m_standsSince; // since then it has not stood
        m_timeStands = false;
    }
    const bool forTurn = m_mode == Mode::Running && m_run.inTurns && !m_awaitsTraffic && turnIsOut(now);
    const bool otherwise =
        m_mode == Mode::Holding ||
        (m_mode == Mode::Running && (m_run.inTurns ? m_underWay || m_somebodyCould : !m_waiters.empty()));
    m_standsForTurn = forTurn && !otherwise;
    changeTime(forTurn || otherwise);
    for (auto* face : m_faces) {
        face->setTime(time());
    }
}

void Gate::changeTime(bool stands) {
    if (stands == m_timeStands) {
        return;
    }
    m_timeStands = stands;
    if (stands) {
        // In this order: who reads the clock and then finds the flag unset has read it before m_standsSince.
        m_timeEverStood.store(true, std::memory_order_seq_cst);
        m_standsSince = monotonicNanoseconds();
    } else {
        m_stoodInAll += monotonicNanoseconds() - m_standsSince;
    }
}

GateFace::Time Gate::time() const {
    GateFace::Time time{.stands = m_timeStands, .since = m_standsSince, .stoodInAll = m_stoodInAll};
    if (m_standsForTurn && !m_underWay) {
        time.until = m_turnUntil; // standing for a turn that nobody has ended ends by itself
    }
    return time;
}

void Gate::mirrorTo(GateFace& face) {
    const Lock locked = lock();
    face.setEngaged(m_engaged.load(std::memory_order_relaxed));
    face.setTime(time());
    m_faces.push_back(&face);
}

void Gate::endMirror(GateFace& face) {
    const Lock locked = lock();
    std::erase(m_faces, &face);
}

void Gate::gone(std::uint16_t actor) {
    const Lock locked = lock();
    const auto waits = std::find_if(m_waiters.begin(), m_waiters.end(),
                                    [&](const Waiter* waiter) { return waiter->what.event.actor == actor; });
    if (waits != m_waiters.end()) {
        letGo(**waits, Fate::Withdrawn);
    }
    if (m_underWay && m_underWayActor == actor) {
        m_underWay = false;
    }
    if (m_turnOf == actor) {
        turnIsOver();
    }
    grant();
    m_still.notify_all();
}

std::int64_t Gate::now() const {
    if (m_elsewhere != nullptr) {
        return m_elsewhere->now();
    }
    const auto clock = monotonicNanoseconds();
    if (!m_timeEverStood.load(std::memory_order_seq_cst)) {
        return clock;
    }
    const Lock locked = lock();
    const auto present = monotonicNanoseconds();
    if (!m_timeStands) {
        return present - m_stoodInAll;
    }
    // Standing for a turn that nobody has ended ends by itself.
    const bool ended = m_standsForTurn && !m_underWay && present > m_turnUntil;
    const auto stood = ended ? std::max(m_turnUntil, m_standsSince) - m_standsSince : present - m_standsSince;
    return present - stood - m_stoodInAll;
}

} // namespace lab
