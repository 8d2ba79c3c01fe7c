// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/lane_index.h"

#include "engine/state/work_of.h"

#include <algorithm>
#include <limits>

namespace lab {

namespace {

constexpr auto openEnd = std::numeric_limits<std::uint64_t>::max();

/// Work that an event says has just been done, so that it names the time before it; None: it names what follows.
Work workJustDone(const Event& event) {
    switch (event.type()) {
    case EventType::CallPerformed: return workOf(event.kindAs<SystemCall>());
    case EventType::RequestParsed: return Work::Parse;
    case EventType::FileFound: return Work::File;
    case EventType::ResponseSent: return Work::Write;
    default: return Work::None;
    }
}

bool isOfTraffic(EventType type) { return type >= EventType::PhaseStarted && type <= EventType::ClientClosed; }

bool isOfLaboratory(EventType type) {
    return type == EventType::RunStarted || type == EventType::RunEnded || type == EventType::ResourceSampled ||
           type == EventType::ThreadDelaySampled ||
           (type >= EventType::ServiceLinked && type <= EventType::ServiceReconfigured);
}

/// A thread performs the operation: its own lane shows it.
bool isLeftToPool(const Event& event) {
    return event.type() == EventType::QueuePushed && event.kindAs<Queue>() == Queue::Ready;
}

/// Only a thread of the server says so.
bool isOfServer(EventType type) {
    return (type >= EventType::CallEntered && type <= EventType::CallPerformed) ||
           (type >= EventType::ConnectionAccepted && type <= EventType::QueuePopped);
}

/// What follows a call that has come back: octets that were read are looked at, readiness is dispatched.
Work workAfter(const Event& event) {
    const auto work = workOf(event.kindAs<SystemCall>());
    if (work == Work::Read) {
        return event.value() > 0 ? Work::Parse : Work::Read;
    }
    return work == Work::Wait ? Work::None : work;
}

void enterCall(LaneSpan& open, const Event& event) {
    open.blocked = 1;
    open.callValue = event.kind();
    open.workValue = static_cast<std::uint64_t>(workOf(event.kindAs<SystemCall>()));
}

/// What the thread goes on with after `event`.
void goOn(LaneSpan& open, const Event& event) {
    if (open.blocked && event.type() != EventType::CallEntered && event.type() != EventType::CallLeft) {
        return; // an event from within the call
    }
    open.callValue = 0;
    switch (event.type()) {
    case EventType::CallEntered: enterCall(open, event); break;
    case EventType::CallLeft:
        open.blocked = 0;
        open.workValue = static_cast<std::uint64_t>(workAfter(event));
        break;
    case EventType::HookEntered:
        open.hookValue = event.kind();
        open.workValue = static_cast<std::uint64_t>(workOf(event.kindAs<Hook>()));
        break;
    case EventType::HookLeft:
        open.hookValue = 0;
        open.workValue = 0;
        break;
    case EventType::OperationInitiated:
        open.workValue = static_cast<std::uint64_t>(workOf(event.kindAs<Operation>()));
        break;
    case EventType::ResponseStarted: open.workValue = static_cast<std::uint64_t>(Work::Write); break;
    case EventType::QueuePopped:
    case EventType::ConnectionClosed: open.workValue = 0; break;
    case EventType::CallPerformed: open.workValue = static_cast<std::uint64_t>(workAfter(event)); break;
    case EventType::RequestParsed: open.workValue = static_cast<std::uint64_t>(Work::File); break;
    default:
        if (const auto work = workJustDone(event); work != Work::None) {
            open.workValue = static_cast<std::uint64_t>(work);
        }
    }
}

bool saysConnection(EventType type) {
    return type != EventType::ThreadDelaySampled && type != EventType::ResourceSampled &&
           type != EventType::EventsLost && !isOfTraffic(type);
}

} // namespace

NameId ThreadLane::nameAt(std::uint64_t nanoseconds) const {
    const auto later = std::partition_point(lives.begin(), lives.end(),
                                            [nanoseconds](const Life& life) { return life.begin <= nanoseconds; });
    return lives.empty() ? 0 : (later == lives.begin() ? lives.front() : *(later - 1)).name;
}

std::uint32_t KernelLane::connectionAt(std::uint64_t nanoseconds) const {
    const auto later = std::partition_point(
        tenants.begin(), tenants.end(), [nanoseconds](const Tenant& tenant) { return tenant.begin <= nanoseconds; });
    return later == tenants.begin() ? nobody : (later - 1)->connection;
}

LaneIndex::LaneIndex() = default;
LaneIndex::~LaneIndex() = default;

std::size_t LaneIndex::follow(const RecordingView& view, std::size_t maximumEvents) {
    if (view.empty()) {
        return 0;
    }
    if (m_next < view.first()) { // the recording forgot what was never seen here
        m_next = view.first();
    }
    const auto oldest = view[view.first()].time;
    if (oldest > m_begin) {
        dropBefore(oldest);
        m_begin = oldest;
    }
    auto left = std::min(maximumEvents, view.end() - std::min(m_next, view.end()));
    while (left > 0) {
        const auto run = view.run(m_next);
        const auto count = std::min(left, run.size());
        for (std::size_t i = 0; i < count; ++i) {
            take(m_next++, run[i]);
        }
        left -= count;
    }
    return view.end() - std::min(m_next, view.end());
}

void LaneIndex::take(std::size_t index, const Event& event) {
    m_time = event.time;
    if (event.actor >= m_byActor.size()) {
        m_byActor.resize(event.actor + std::size_t{1}, nullptr);
    }
    auto*& lane = m_byActor[event.actor];
    if (!lane) {
        lane = &m_threads[event.actor];
        lane->actor = event.actor;
    }
    if (isOfTraffic(event.type())) {
        lane->isClient = true;
        takeClient(event);
        return;
    }
    if (isOfLaboratory(event.type())) {
        lane->isClient = lane->isClient || !lane->isServer;
    } else if (isOfServer(event.type()) && !(lane->isClient && event.type() <= EventType::CallPerformed)) {
        lane->isServer = true;
        lane->isClient = false;
    }
    if (lane->isClient && event.type() != EventType::ThreadStarted) {
        return;
    }
    takeThread(index, event, *lane);
    if (event.operation != 0) {
        takeOperation(index, event);
    } else if (event.type() == EventType::ConnectionClosed) {
        for (auto& place : m_kernel) {
            if (place.operation == 0 && !place.tenants.empty() && place.tenants.back().connection == event.connection) {
                place.tenants.push_back({event.time, KernelLane::nobody});
            }
        }
    }
}

void LaneIndex::takeThread(std::size_t index, const Event& event, ThreadLane& lane) {
    if (!lane.alive && (event.type() == EventType::ProcessEnded || event.type() == EventType::EventsLost)) {
        return; // told of it afterwards
    }
    if (event.type() == EventType::ThreadStarted || !lane.alive) {
        if (event.type() == EventType::ThreadStarted) {
            lane.lives.push_back({event.time, static_cast<NameId>(event.value())});
            lane.isClient = false;
            lane.isServer = false;
        }
        lane.alive = true;
        lane.open = {};
        lane.open.actor = event.actor;
        lane.open.begin = event.time;
        lane.open.event = index;
    }
    auto span = lane.open;
    span.end = event.time;
    if (const auto done = workJustDone(event); done != Work::None && !span.blocked) {
        span.event = index;
        span.workValue = static_cast<std::uint64_t>(done);
        span.callValue = event.type() == EventType::CallPerformed ? event.kind() : 0;
        span.connection = event.connection;
    }
    if (span.end > span.begin) {
        lane.spans.append(span);
    }
    lane.open.begin = event.time;
    lane.open.event = index;
    const bool within = span.blocked && event.type() != EventType::CallLeft && event.type() != EventType::CallEntered;
    if (saysConnection(event.type()) && !within) {
        lane.open.connection = event.connection;
        lane.open.operation = event.type() == EventType::HookLeft ? 0 : event.operation;
        goOn(lane.open, event);
    }
    if (event.type() == EventType::ThreadEnded) {
        lane.alive = false;
    }
}

KernelLane* LaneIndex::placeFor(std::uint32_t connection, std::uint64_t time) {
    KernelLane* empty = nullptr;
    for (auto& place : m_kernel) {
        const bool free = place.operation == 0;
        if (free && place.tenants.back().connection == connection) {
            return &place;
        }
        if (free && !empty && place.tenants.back().connection == KernelLane::nobody) {
            empty = &place;
        }
    }
    if (!empty && m_kernel.size() < kernelLanes) {
        empty = &m_kernel.emplace_back();
    }
    if (empty) {
        empty->tenants.push_back({time, connection});
    }
    return empty;
}

void LaneIndex::takeOperation(std::size_t index, const Event& event) {
    if (event.type() == EventType::OperationInitiated && event.kindAs<Operation>() != Operation::Timer) {
        auto* place = placeFor(event.connection, event.time);
        m_placeOf[event.operation] = place ? static_cast<std::size_t>(place - m_kernel.data()) : kernelLanes;
        if (!place) {
            m_moreOperations.change(event.time, m_moreOperations.now() + 1);
            return;
        }
        place->operation = event.operation;
        place->open = {};
        place->open.begin = event.time;
        place->open.end = openEnd;
        place->open.event = index;
        place->open.blocked = 1;
        place->open.kindValue = event.kind();
        place->open.workValue = static_cast<std::uint64_t>(workOf(event.kindAs<Operation>()));
        place->open.connection = event.connection;
        place->open.operation = event.operation;
        place->open.actor = event.actor;
    } else if (event.type() == EventType::OperationCompleted || isLeftToPool(event)) {
        const auto found = m_placeOf.find(event.operation);
        if (found == m_placeOf.end()) {
            return;
        }
        if (found->second == kernelLanes) {
            m_moreOperations.change(event.time, m_moreOperations.now() - 1);
        } else {
            auto& place = m_kernel[found->second];
            place.open.end = event.time;
            if (place.open.length() > 0) {
                place.spans.append(place.open);
            }
            place.operation = 0;
        }
        m_placeOf.erase(found);
    }
}

void LaneIndex::takeClient(const Event& event) {
    const auto before = m_clientLoad.now();
    if (event.type() == EventType::ClientRequestSent) {
        ++m_asking[event.connection];
        m_clientLoad.change(event.time, before + 1);
    } else if (event.type() == EventType::ClientResponseReceived || event.type() == EventType::ClientFailed) {
        const auto found = m_asking.find(event.connection);
        if (found == m_asking.end()) {
            return; // failed before it asked
        }
        const auto asked = event.type() == EventType::ClientFailed ? found->second : 1;
        if (found->second -= asked; found->second == 0) {
            m_asking.erase(found);
        }
        m_clientLoad.change(event.time, before - asked);
    }
}

void LaneIndex::dropBefore(std::uint64_t nanoseconds) {
    for (auto& [actor, lane] : m_threads) {
        lane.spans.dropBefore(nanoseconds);
        while (lane.lives.size() > 1 && lane.lives[1].begin <= nanoseconds) {
            lane.lives.pop_front();
        }
    }
    for (auto& place : m_kernel) {
        place.spans.dropBefore(nanoseconds);
        while (place.tenants.size() > 1 && place.tenants[1].begin <= nanoseconds) {
            place.tenants.pop_front();
        }
    }
    m_moreOperations.dropBefore(nanoseconds);
    m_clientLoad.dropBefore(nanoseconds);
}

std::size_t LaneIndex::memory() const {
    auto octets = m_moreOperations.memory() + m_clientLoad.memory();
    for (const auto& [actor, lane] : m_threads) {
        octets += lane.spans.memory() + lane.lives.size() * sizeof(ThreadLane::Life);
    }
    for (const auto& place : m_kernel) {
        octets += place.spans.memory() + place.tenants.size() * sizeof(KernelLane::Tenant);
    }
    return octets;
}

} // namespace lab
