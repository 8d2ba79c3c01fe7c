// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/sample_recording.h"

#include <array>

namespace lab::test {

namespace {

constexpr std::uint16_t traffic = 40;

template <typename Enum>
std::uint8_t kindOf(Enum value) {
    return static_cast<std::uint8_t>(value);
}

RunInfo infoOf(const char* model, const char* family) {
    RunInfo info;
    info.model = model;
    info.family = family;
    return info;
}

void begin(SampleRecording& sample) {
    sample.startThread(traffic, "clients");
    sample.add(traffic, EventType::RunStarted, {.value = sample.name("sample")});
    sample.add(traffic, EventType::PhaseStarted, {.value = sample.name("steady")});
}

constexpr std::array<const char*, 3> paths{"/index.html", "/5k.bin", "/5m.bin"};

} // namespace

SampleRecording::SampleRecording(RunInfo info)
    : m_recording(std::make_shared<Recording>()) {
    m_recording->setInfo(std::move(info));
}

void SampleRecording::add(std::uint16_t actor, EventType type, const Detail& detail, std::uint64_t after) {
    Event event{};
    m_time += after;
    event.time = m_time;
    event.kindAndValue = Event::pack(detail.kind, detail.value);
    event.connection = detail.connection;
    event.operation = detail.operation;
    event.typeAndSequence = static_cast<std::uint32_t>(type);
    event.actor = actor;
    m_recording->append({&event, 1});
}

void SampleRecording::startThread(std::uint16_t actor, const std::string& text) {
    add(actor, EventType::ThreadStarted, {.value = name(text)});
}

void SampleRecording::enter(std::uint16_t actor, SystemCall call, std::uint32_t connection) {
    add(actor, EventType::CallEntered, {.connection = connection, .kind = kindOf(call)});
}

void SampleRecording::leave(std::uint16_t actor, SystemCall call, std::uint32_t connection, std::int64_t result) {
    add(actor, EventType::CallLeft, {.connection = connection, .kind = kindOf(call), .value = result}, 9000);
}

void SampleRecording::perform(std::uint16_t actor, SystemCall call, std::uint32_t connection, std::int64_t result) {
    add(actor, EventType::CallPerformed, {.connection = connection, .kind = kindOf(call), .value = result}, 5000);
}

void SampleRecording::clientAsks(std::uint32_t client, const std::string& path, bool connects) {
    if (connects) {
        add(traffic, EventType::ClientConnecting, {.connection = client, .value = 40000 + client});
        add(traffic, EventType::ClientConnected, {.connection = client});
    }
    if (!path.empty()) {
        add(traffic, EventType::ClientRequestSent, {.connection = client, .operation = client, .value = name(path)});
    }
}

void SampleRecording::accept(std::uint16_t actor, std::uint32_t connection, std::uint32_t client) {
    const auto origin = client == 0 ? Origin::Outside : Origin::Traffic;
    add(actor, EventType::ConnectionAccepted,
        {.connection = connection, .kind = kindOf(origin), .value = client == 0 ? 51234 : 40000 + client});
}

void SampleRecording::initiate(std::uint16_t actor, Operation kind, std::uint32_t connection, std::uint32_t operation) {
    add(actor, EventType::OperationInitiated,
        {.connection = connection, .operation = operation, .kind = kindOf(kind), .value = 8192});
}

void SampleRecording::complete(std::uint16_t actor, Operation kind, std::uint32_t connection, std::uint32_t operation,
                               std::int64_t depth) {
    leave(actor, SystemCall::Epoll);
    add(actor, EventType::OperationCompleted,
        {.connection = connection, .operation = operation, .kind = kindOf(kind), .value = 312});
    add(actor, EventType::QueuePushed,
        {.connection = connection, .operation = operation, .kind = kindOf(Queue::Completion), .value = depth}, 400);
    enter(actor, SystemCall::Epoll);
}

void SampleRecording::dispatch(std::uint16_t actor, Hook hook, std::uint32_t connection, std::uint32_t operation,
                               std::int64_t depth) {
    add(actor, EventType::CallLeft, {.kind = kindOf(SystemCall::QueueWait)}, 12000);
    add(actor, EventType::QueuePopped,
        {.connection = connection, .operation = operation, .kind = kindOf(Queue::Completion), .value = depth}, 300);
    add(actor, EventType::HookEntered, {.connection = connection, .operation = operation, .kind = kindOf(hook)}, 500);
}

LabState SampleRecording::stateAt(std::size_t events) const {
    LabState state;
    const auto view = m_recording->view();
    for (std::size_t i = 0; i < events && i < view.end(); ++i) {
        state.apply(view[i]);
    }
    return state;
}

SampleRecording threadPoolSample() {
    auto info = infoOf("thread-pool", "synchronous");
    info.threads = 5;
    SampleRecording sample(info);
    begin(sample);
    for (std::uint16_t actor = 1; actor <= 5; ++actor) {
        sample.startThread(actor, "pool-" + std::to_string(actor));
        sample.enter(actor, SystemCall::Accept);
    }
    sample.add(1, EventType::ListeningStarted, {.value = 8080}, 0);
    for (std::uint32_t client = 1; client <= 7; ++client) {
        sample.clientAsks(client, paths[client % 3]);
    }
    for (std::uint16_t actor = 2; actor <= 5; ++actor) {
        sample.leave(actor, SystemCall::Accept);
        sample.accept(actor, actor + 7u, actor == 4 ? 0 : actor - 1u);
        sample.enter(actor, SystemCall::Read, actor + 7u);
    }
    for (const std::uint16_t actor : {3, 5}) {
        sample.leave(actor, SystemCall::Read, actor + 7u, 312);
        sample.add(actor, EventType::RequestParsed, {.connection = actor + 7u, .kind = 1, .value = 87}, 6000);
        if (actor == 3) {
            sample.add(actor, EventType::FileFound, {.connection = 10, .kind = 1, .value = sample.name(paths[2])},
                       3000);
            sample.add(actor, EventType::ResponseStarted,
                       {.connection = 10, .kind = kindOf(Transfer::ReadWrite), .value = responseValue(200, 5'000'000)});
            sample.enter(actor, SystemCall::Write, 10);
        }
    }
    return sample;
}

SampleRecording reactorSample() {
    auto info = infoOf("reactor", "reactive");
    info.demultiplexer = "epoll";
    info.threads = 1;
    SampleRecording sample(info);
    begin(sample);
    sample.startThread(1, "event loop");
    sample.add(1, EventType::ListeningStarted, {.value = 8080});
    sample.add(1, EventType::HandlerRegistered, {.kind = kindOf(Interest::Accept)});
    for (std::uint32_t client = 1; client <= 5; ++client) {
        sample.clientAsks(client, client < 4 ? paths[client % 3] : "");
        sample.enter(1, SystemCall::Epoll);
        sample.leave(1, SystemCall::Epoll);
        sample.add(1, EventType::HandleReady, {.kind = kindOf(Interest::Accept)});
        sample.add(1, EventType::HookEntered, {.kind = kindOf(Hook::HandleInput)});
        sample.accept(1, client + 8, client == 5 ? 0 : client);
        sample.add(1, EventType::HandlerRegistered, {.connection = client + 8, .kind = kindOf(Interest::Read)});
        sample.add(1, EventType::HookLeft, {.kind = kindOf(Hook::HandleInput)});
    }
    sample.clientAsks(6, paths[0]);
    sample.enter(1, SystemCall::Epoll);
    sample.leave(1, SystemCall::Epoll, 0, 3);
    sample.add(1, EventType::HandleReady, {.connection = 11, .kind = kindOf(Interest::Read)});
    sample.add(1, EventType::HandleReady, {.connection = 9, .kind = kindOf(Interest::Write)});
    sample.add(1, EventType::HandleReady, {.kind = kindOf(Interest::Accept)});
    sample.add(1, EventType::HookEntered, {.connection = 11, .kind = kindOf(Hook::HandleInput)});
    sample.perform(1, SystemCall::Read, 11, 312);
    sample.add(1, EventType::RequestParsed, {.connection = 11, .kind = 1, .value = 87}, 6000);
    sample.add(1, EventType::FileFound, {.connection = 11, .kind = 1, .value = sample.name(paths[1])}, 3000);
    return sample;
}

SampleRecording proactorSample() {
    auto info = infoOf("proactor-pool", "proactive");
    info.processor = "Asio on epoll";
    info.transfer = "TransmitFile";
    info.threads = 2;
    SampleRecording sample(info);
    begin(sample);
    sample.startThread(1, "dispatcher-1");
    sample.startThread(2, "dispatcher-2");
    sample.startThread(3, "processor");
    sample.enter(3, SystemCall::Epoll);
    sample.add(1, EventType::ListeningStarted, {.value = 8080});
    sample.initiate(1, Operation::Accept, 0, 100);
    sample.enter(1, SystemCall::QueueWait);
    sample.enter(2, SystemCall::QueueWait);
    for (std::uint32_t client = 1; client <= 5; ++client) {
        const auto connection = client + 7;
        sample.clientAsks(client, client < 5 ? paths[client % 3] : "");
        sample.complete(3, Operation::Accept, 0, 99 + client, 1);
        sample.dispatch(1, Hook::HandleAccept, 0, 99 + client, 0);
        sample.accept(1, connection, client == 4 ? 0 : client);
        sample.initiate(1, Operation::Read, connection, 200 + client);
        sample.initiate(1, Operation::Accept, 0, 100 + client);
        sample.add(1, EventType::HookLeft, {.kind = kindOf(Hook::HandleAccept)});
        sample.enter(1, SystemCall::QueueWait);
    }
    sample.complete(3, Operation::Read, 8, 201, 1);
    sample.dispatch(2, Hook::HandleRead, 8, 201, 0);
    sample.add(2, EventType::RequestParsed, {.connection = 8, .kind = 1, .value = 87}, 6000);
    sample.add(2, EventType::FileFound, {.connection = 8, .kind = 1, .value = sample.name(paths[2])}, 3000);
    sample.add(2, EventType::ResponseStarted,
               {.connection = 8, .kind = kindOf(Transfer::TransmitFile), .value = responseValue(200, 624)});
    sample.initiate(2, Operation::Transmit, 8, 301);
    sample.add(2, EventType::HookLeft, {.connection = 8, .kind = kindOf(Hook::HandleRead)});
    sample.enter(2, SystemCall::QueueWait);
    sample.complete(3, Operation::Read, 11, 204, 1);
    sample.complete(3, Operation::Read, 9, 202, 2);
    sample.complete(3, Operation::Read, 10, 203, 3);
    sample.dispatch(2, Hook::HandleRead, 11, 204, 2);
    return sample;
}

SampleRecording adaptiveSample() {
    auto info = infoOf("adaptive", "adaptive");
    info.processor = "io_uring";
    info.transfer = "TransmitFile";
    info.threads = 4;
    SampleRecording sample(info);
    begin(sample);
    constexpr std::uint16_t dispatcher = 5;
    for (std::uint16_t actor = 1; actor < dispatcher; ++actor) {
        sample.startThread(actor, "pool-" + std::to_string(actor));
        sample.enter(actor, SystemCall::QueueWait);
    }
    sample.startThread(dispatcher, "dispatcher");
    sample.add(dispatcher, EventType::ListeningStarted, {.value = 8080});
    sample.initiate(dispatcher, Operation::Accept, 0, 100);
    for (std::uint32_t client = 1; client <= 3; ++client) {
        const auto connection = client + 7;
        sample.clientAsks(client, paths[client % 3]);
        sample.complete(dispatcher, Operation::Accept, 0, 99 + client, 1);
        sample.dispatch(dispatcher, Hook::HandleAccept, 0, 99 + client, 0);
        sample.accept(dispatcher, connection, client);
        sample.initiate(dispatcher, Operation::Read, connection, 200 + client);
        sample.initiate(dispatcher, Operation::Accept, 0, 100 + client);
        sample.add(dispatcher, EventType::HookLeft, {.kind = kindOf(Hook::HandleAccept)});
    }
    for (std::uint32_t client = 1; client <= 2; ++client) {
        const auto connection = client + 7;
        const auto transmit = 300 + client;
        sample.complete(dispatcher, Operation::Read, connection, 200 + client, 1);
        sample.dispatch(dispatcher, Hook::HandleRead, connection, 200 + client, 0);
        sample.add(dispatcher, EventType::ResponseStarted,
                   {.connection = connection, .kind = kindOf(Transfer::Sendfile), .value = responseValue(200, 624)});
        sample.initiate(dispatcher, Operation::Transmit, connection, transmit);
        sample.add(dispatcher, EventType::QueuePushed,
                   {.connection = connection, .operation = transmit, .kind = kindOf(Queue::Ready), .value = 1});
        sample.add(dispatcher, EventType::HookLeft, {.connection = connection, .kind = kindOf(Hook::HandleRead)});
    }
    sample.leave(2, SystemCall::QueueWait);
    sample.add(2, EventType::QueuePopped,
               {.connection = 8, .operation = 301, .kind = kindOf(Queue::Ready), .value = 1});
    sample.enter(2, SystemCall::Sendfile, 8);
    sample.enter(dispatcher, SystemCall::QueueWait);
    return sample;
}

SampleRecording threadPerRequestCrowd(std::uint32_t connections) {
    SampleRecording sample(infoOf("thread-per-request", "synchronous"));
    begin(sample);
    sample.startThread(1, "acceptor");
    sample.add(1, EventType::ListeningStarted, {.value = 8080});
    for (std::uint32_t number = 1; number <= connections; ++number) {
        const auto actor = static_cast<std::uint16_t>(100 + number);
        sample.clientAsks(number, paths[number % 3]);
        sample.accept(1, number, number);
        sample.startThread(actor, "request-" + std::to_string(number));
        sample.enter(actor, SystemCall::Read, number);
        if (number % 5 == 0) {
            sample.leave(actor, SystemCall::Read, number, 312);
            sample.add(actor, EventType::RequestParsed, {.connection = number, .kind = 1, .value = 87});
            sample.add(actor, EventType::ResponseStarted,
                       {.connection = number, .kind = kindOf(Transfer::ReadWrite), .value = responseValue(200, 5000)});
            if (number % 10 == 0) {
                sample.enter(actor, SystemCall::Write, number);
            }
        }
    }
    sample.enter(1, SystemCall::Accept);
    return sample;
}

SampleRecording reactorCrowd(std::uint32_t connections) {
    auto info = infoOf("reactor", "reactive");
    info.demultiplexer = "epoll";
    SampleRecording sample(info);
    begin(sample);
    sample.startThread(1, "event loop");
    sample.add(1, EventType::ListeningStarted, {.value = 8080});
    sample.add(1, EventType::HandlerRegistered, {.kind = kindOf(Interest::Accept)});
    for (std::uint32_t number = 1; number <= connections; ++number) {
        sample.clientAsks(number, number % 3 ? paths[0] : "");
        sample.accept(1, number, number);
        sample.add(1, EventType::HandlerRegistered, {.connection = number, .kind = kindOf(Interest::Read)});
    }
    sample.enter(1, SystemCall::Epoll);
    sample.leave(1, SystemCall::Epoll, 0, 9);
    for (std::uint32_t number = 3; number <= connections; number += 6) {
        sample.add(1, EventType::HandleReady,
                   {.connection = number, .kind = kindOf(number % 4 == 1 ? Interest::Write : Interest::Read)});
    }
    sample.add(1, EventType::HookEntered, {.connection = 3, .kind = kindOf(Hook::HandleInput)});
    sample.perform(1, SystemCall::Read, 3, 312);
    return sample;
}

SampleRecording proactorCrowd(std::uint32_t connections) {
    auto info = infoOf("proactor", "proactive");
    info.processor = "Asio on epoll";
    info.transfer = "TransmitFile";
    SampleRecording sample(info);
    begin(sample);
    sample.startThread(1, "dispatcher");
    sample.startThread(3, "processor");
    sample.enter(3, SystemCall::Epoll);
    sample.add(1, EventType::ListeningStarted, {.value = 8080});
    sample.initiate(1, Operation::Accept, 0, 1);
    for (std::uint32_t number = 1; number <= connections; ++number) {
        sample.clientAsks(number, paths[number % 3]);
        sample.accept(1, number, number);
        sample.initiate(1, number % 4 == 0 ? Operation::Transmit : Operation::Read, number, 10 + number);
    }
    sample.enter(1, SystemCall::QueueWait);
    for (std::uint32_t number = 3; number <= connections; number += 9) {
        sample.complete(3, Operation::Read, number, 10 + number, number / 9 + 1);
    }
    sample.dispatch(1, Hook::HandleRead, 3, 13, 6);
    return sample;
}

} // namespace lab::test
