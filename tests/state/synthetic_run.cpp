// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/state/synthetic_run.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::uint16_t trafficThread = 1;
constexpr std::uint16_t firstServerThread = 2;
constexpr std::int64_t octets = 5'312;

struct Outstanding {
    std::uint32_t connection;
    std::uint32_t operation;
    Operation kind;
};

} // namespace

Event& SyntheticRun::add(EventType type, std::uint16_t actor, std::uint32_t connection, std::uint32_t operation,
                         unsigned kind, std::int64_t value) {
    m_time += 50 + below(400);
    m_events.push_back({.time = m_time,
                        .kindAndValue = Event::pack(static_cast<std::uint8_t>(kind), value),
                        .connection = connection,
                        .operation = operation,
                        .typeAndSequence = static_cast<std::uint32_t>(type),
                        .actor = actor,
                        .site = 0});
    return m_events.back();
}

void SyntheticRun::begin(unsigned serverThreads) {
    m_serverThreads = serverThreads;
    add(EventType::ThreadStarted, 0, 0, 0, 0, 1);
    add(EventType::RunStarted, 0, 0, 0, 0, 2);
    add(EventType::ListeningStarted, 0, 0, 0, 0, 8080);
    add(EventType::ThreadStarted, trafficThread, 0, 0, 0, 3);
    for (unsigned thread = 0; thread < serverThreads; ++thread) {
        add(EventType::ThreadStarted, static_cast<std::uint16_t>(firstServerThread + thread), 0, 0, 0, 8 + thread % 8);
    }
    add(EventType::PhaseStarted, trafficThread, 0, 0, 0, 4);
}

std::uint32_t SyntheticRun::open(std::uint16_t actor) {
    const auto connection = ++m_lastConnection;
    const auto port = 10'000 + connection % 50'000;
    if (m_freeClients.empty()) {
        m_freeClients.push_back(++m_lastClient);
    }
    const auto client = m_clients[connection] = m_freeClients.back();
    m_freeClients.pop_back();
    add(EventType::ClientConnecting, trafficThread, client, 0, 0, port);
    const bool acceptedFirst = below(2) == 0;
    if (!acceptedFirst) {
        add(EventType::ClientConnected, trafficThread, client);
    }
    add(EventType::ConnectionAccepted, actor, connection, 0, Origin::Traffic, port);
    if (acceptedFirst) {
        add(EventType::ClientConnected, trafficThread, client);
    }
    return connection;
}

void SyntheticRun::close(std::uint16_t actor, std::uint32_t connection) {
    add(EventType::ConnectionClosed, actor, connection, 0, CloseReason::Finished, 1);
    add(EventType::ClientClosed, trafficThread, m_clients[connection]);
    m_freeClients.push_back(m_clients[connection]);
    m_clients.erase(connection);
}

void SyntheticRun::clientAsks(std::uint32_t connection) {
    add(EventType::ClientRequestSent, trafficThread, m_clients[connection], ++m_lastRequest, 0, 5);
}

void SyntheticRun::request(std::uint16_t actor, std::uint32_t connection) {
    add(EventType::RequestParsed, actor, connection, 0, Method::Get, 87);
    add(EventType::FileFound, actor, connection, 0, FileSource::CacheHit, 5 + below(3));
    add(EventType::ResponseStarted, actor, connection, 0, Transfer::Memory, responseValue(200, octets));
}

std::uint32_t SyntheticRun::initiate(std::uint16_t actor, std::uint32_t connection, Operation kind,
                                     std::int64_t asked) {
    add(EventType::OperationInitiated, actor, connection, ++m_lastOperation, kind, asked);
    return m_lastOperation;
}

void SyntheticRun::proactive(std::size_t events, std::uint32_t connections) {
    const auto end = m_events.size() + events;
    std::vector<Outstanding> kernel;
    while (m_events.size() < end) {
        const auto actor = static_cast<std::uint16_t>(firstServerThread + below(m_serverThreads));
        if (kernel.size() < connections) {
            const auto accept = initiate(actor, 0, Operation::Accept, 0);
            add(EventType::OperationCompleted, actor, 0, accept, Operation::Accept, 1);
            add(EventType::QueuePushed, actor, 0, accept, Queue::Completion, 1);
            add(EventType::QueuePopped, actor, 0, accept, Queue::Completion, 0);
            add(EventType::HookEntered, actor, 0, accept, Hook::HandleAccept);
            const auto connection = open(actor);
            kernel.push_back({connection, initiate(actor, connection, Operation::Read, 8192), Operation::Read});
            add(EventType::HookLeft, actor, 0, accept, Hook::HandleAccept);
            continue;
        }
        auto& work = kernel[below(static_cast<unsigned>(kernel.size()))];
        const bool reads = work.kind == Operation::Read;
        if (reads) {
            clientAsks(work.connection);
        }
        const auto hook = reads ? Hook::HandleRead : Hook::HandleWrite;
        add(EventType::OperationCompleted, actor, work.connection, work.operation, work.kind, reads ? 87 : octets);
        add(EventType::QueuePushed, actor, work.connection, work.operation, Queue::Completion, 1);
        add(EventType::QueuePopped, actor, work.connection, work.operation, Queue::Completion, 0);
        add(EventType::HookEntered, actor, work.connection, work.operation, hook);
        const auto done = work.operation;
        const auto connection = work.connection;
        if (reads) {
            request(actor, connection);
            work.operation = initiate(actor, connection, Operation::Write, octets);
            work.kind = Operation::Write;
        } else {
            add(EventType::ResponseSent, actor, connection, 0, 0, octets);
            add(EventType::ClientResponseReceived, trafficThread, m_clients[connection], m_lastRequest, 1, octets);
            if (below(4) == 0) {
                close(actor, connection);
                std::swap(work, kernel.back());
                kernel.pop_back();
            } else {
                work.operation = initiate(actor, connection, Operation::Read, 8192);
                work.kind = Operation::Read;
            }
        }
        add(EventType::HookLeft, actor, connection, done, hook);
    }
}

void SyntheticRun::reactive(std::size_t events, std::uint32_t connections) {
    constexpr auto actor = firstServerThread;
    const auto end = m_events.size() + events;
    std::vector<std::uint32_t> open;
    add(EventType::HandlerRegistered, actor, 0, 0, Interest::Accept);
    while (m_events.size() < end) {
        std::vector<std::uint32_t> ready;
        for (unsigned index = 0; index < 1 + below(4) && !open.empty(); ++index) {
            const auto connection = open[below(static_cast<unsigned>(open.size()))];
            if (std::find(ready.begin(), ready.end(), connection) == ready.end()) {
                ready.push_back(connection);
                clientAsks(connection);
            }
        }
        add(EventType::CallEntered, actor, 0, 0, SystemCall::Epoll, static_cast<std::int64_t>(open.size()));
        add(EventType::CallLeft, actor, 0, 0, SystemCall::Epoll, static_cast<std::int64_t>(ready.size()));
        for (const auto connection : ready) {
            add(EventType::HandleReady, actor, connection, 0, Interest::Read);
        }
        if (open.size() < connections) {
            add(EventType::HandleReady, actor, 0, 0, Interest::Accept);
        }
        for (const auto connection : ready) {
            add(EventType::HookEntered, actor, connection, 0, Hook::HandleInput);
            add(EventType::CallPerformed, actor, connection, 0, SystemCall::Read, 87);
            request(actor, connection);
            add(EventType::CallPerformed, actor, connection, 0, SystemCall::Writev, octets);
            add(EventType::ResponseSent, actor, connection, 0, 0, octets);
            const bool closes = below(4) == 0;
            if (closes) {
                close(actor, connection);
                add(EventType::HandlerRemoved, actor, connection);
                std::erase(open, connection);
            }
            add(EventType::HookLeft, actor, connection, 0, Hook::HandleInput);
        }
        if (open.size() < connections) {
            add(EventType::HookEntered, actor, 0, 0, Hook::HandleInput);
            add(EventType::CallPerformed, actor, 0, 0, SystemCall::Accept, 7);
            open.push_back(this->open(actor));
            add(EventType::HandlerRegistered, actor, open.back(), 0, Interest::Read);
            add(EventType::HookLeft, actor, 0, 0, Hook::HandleInput);
        }
    }
}

void SyntheticRun::synchronous(std::size_t events, std::uint32_t connections) {
    const auto end = m_events.size() + events;
    std::uint32_t turn = 0;
    while (m_events.size() < end) {
        const auto actor = static_cast<std::uint16_t>(firstServerThread + turn++ % std::max(1U, connections));
        add(EventType::ThreadStarted, actor, 0, 0, 0, 8 + turn % 8);
        add(EventType::CallEntered, actor, 0, 0, SystemCall::Accept);
        add(EventType::CallLeft, actor, 0, 0, SystemCall::Accept, 7);
        const auto connection = open(actor);
        add(EventType::CallEntered, actor, connection, 0, SystemCall::Read, 8192);
        clientAsks(connection);
        add(EventType::CallLeft, actor, connection, 0, SystemCall::Read, 87);
        request(actor, connection);
        add(EventType::CallEntered, actor, connection, 0, SystemCall::Writev);
        add(EventType::CallLeft, actor, connection, 0, SystemCall::Writev, octets);
        add(EventType::ResponseSent, actor, connection, 0, 0, octets);
        close(actor, connection);
        add(EventType::ThreadEnded, actor);
    }
}

void SyntheticRun::damaged(std::size_t events) {
    for (std::size_t index = 0; index < events; ++index) {
        const auto small = [&] { return below(3) == 0 ? static_cast<std::uint32_t>(m_random()) : below(12); };
        auto value = static_cast<std::int64_t>(std::uint64_t{m_random()} << 32 | m_random()) >> below(64);
        auto& event =
            add(static_cast<EventType>(below(10) == 0 ? below(256) : below(static_cast<unsigned>(EventType::Count))),
                static_cast<std::uint16_t>(small()), small(), small(), below(4) == 0 ? below(256) : below(8), value);
        event.site = static_cast<std::uint16_t>(m_random());
        if (below(50) == 0) {
            event.time = (std::uint64_t{m_random()} << 32) | m_random();
        }
    }
}

std::shared_ptr<Recording> SyntheticRun::recording(std::size_t maximumEvents) const {
    auto recording = std::make_shared<Recording>(maximumEvents);
    for (const auto* name :
         {"laboratory", "proactor-pool", "traffic", "burst", "/index.html", "/5k.bin", "/5m.bin", "worker-1",
          "worker-2", "worker-3", "worker-4", "worker-5", "worker-6", "worker-7", "worker-8"}) {
        recording->intern(name);
    }
    recording->append(m_events);
    return recording;
}

LabState SyntheticRun::fold(const std::vector<Event>& events, std::size_t count) {
    LabState state;
    for (std::size_t index = 0; index < count; ++index) {
        state.apply(events[index]);
    }
    return state;
}

} // namespace lab
