// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/shared_note.h"
#include "engine/connection/accepted_connection.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/process/connection_channel.h"
#include "engine/process/id_table.h"
#include "engine/process/option_octets.h"
#include "engine/process/process_memory.h"
#include "engine/process/site_text.h"
#include "engine/protocol/pipeline.h"
#include "engine/server/server_context.h"
#include "engine/trace/trace.h"
#include "tests/base/descriptor_limit.h"

#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <new>
#include <set>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lab;

namespace {

constinit Site somewhere{EventType::RequestParsed, Role::HttpHandler, "somewhere", __FILE__, 17, "test", {}};

/// A process's side, in this one: what a process does to its ring does not depend on which process it is.
class NoHome final : public RingHome {
public:
    std::uint16_t idOf(Site& site) override { return registerSite(site); }
    void wakeCollector() override {}
    Passage pass(const Event&, bool, const OnlyWhile*) override { return Passage::Free; }
    void published(const Event&, bool) override {}
    void endTurn(std::uint16_t) override {}
    void awaitTraffic(std::uint16_t) override {}
    std::optional<PlannedEvent> planned(std::uint16_t, std::size_t) override { return std::nullopt; }
};

/// A connection as it is handed over, and its client's end.
struct Connected {
    FileDescriptor client;
    AcceptedConnection server;

    explicit Connected(std::uint32_t id) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw std::runtime_error("no descriptors");
        }
        client.reset(ends[0]);
        server.socket.reset(ends[1]);
        server.id = id;
        server.requests = 5;
        server.origin = Origin::Traffic;
        server.peerPort = 1'234;
        server.peer = {.family = PeerAddress::Family::V4, .octets = {127, 0, 0, 9}};
    }

    bool isClosed() const {
        char octet = 0;
        return ::recv(client.get(), &octet, 1, MSG_DONTWAIT) == 0;
    }
};

/// Hands over, and lets go of the own descriptor, as whoever hands over does.
void send(const ConnectionChannel& channel, Connected& connected) {
    if (!sendConnection(channel.lab.get(), connected.server, MSG_DONTWAIT)) {
        throw std::runtime_error("not sent");
    }
    connected.server.socket.reset();
}

/// What there is to receive for a process that has no descriptor left.
std::optional<AcceptedConnection> receiveWithoutDescriptors(int channel) {
    const test::DescriptorLimit none(0);
    return receiveConnection(channel);
}

} // namespace

/// What models with processes are made of, one by one: if these fail, a server's processes do not hear what the lab
/// has said, or the recording tells wrong names, places or numbers of them.
class ProcessPartsTest : public QObject {
    Q_OBJECT

private slots:
    void optionsArriveAsTheyWere();
    void optionsThatAreCutOffAreRefused();
    void sitesArriveAsTheyWere();
    void idsAreFoundByTheirText();
    void fullTablesStaySound();
    void memoryOfAnotherBuildIsRefused();
    void aProcessThatWasKilledLeavesAnExactAccount_data();
    void aProcessThatWasKilledLeavesAnExactAccount();
    void notesAreReadWhole();
    void aNoteOfOneThatWasKilledIsNone();
    void connectionsArriveAsTheyWere();
    void aConnectionLostOnTheWayIsAccountedFor();
};

void ProcessPartsTest::notesAreReadWhole() {
    SharedNote note;
    QCOMPARE(note.read(), std::string());
    note.write("disk: full");
    QCOMPARE(note.read(), std::string("disk: full"));
    note.write(std::string(SharedNote::longest + 1, 'x'));
    QCOMPARE(note.read(), std::string(SharedNote::longest, 'x'));
    note.write({});
    QCOMPARE(note.read(), std::string());

    std::atomic<bool> over{false};
    std::thread writer([&] {
        for (std::size_t size = 0; !over.load(); ++size) {
            note.write(std::string(1 + size % SharedNote::longest, static_cast<char>('a' + size % 26)));
        }
    });
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    int mixed = 0;
    int read = 0;
    while (read == 0 || std::chrono::steady_clock::now() < end) {
        const auto text = note.read();
        read += text.empty() ? 0 : 1;
        mixed += text.find_first_not_of(text.empty() ? 'a' : text.front()) == std::string::npos ? 0 : 1;
    }
    over.store(true);
    writer.join();
    QCOMPARE(mixed, 0);
}

/// It keeps nobody waiting, and the next one writes as if nothing had been.
void ProcessPartsTest::aNoteOfOneThatWasKilledIsNone() {
    auto* memory = ::mmap(nullptr, sizeof(SharedNote), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    QVERIFY(memory != MAP_FAILED);
    auto* note = ::new (memory) SharedNote;
    int broken = 0;
    constexpr int times = 20;
    for (int time = 0; time < times; ++time) {
        const std::string text(SharedNote::longest, static_cast<char>('a' + time));
        const int process = ::fork();
        if (process == 0) {
            for (;;) {
                note->write(text);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        ::kill(process, SIGKILL);
        QCOMPARE(::waitpid(process, nullptr, 0), process);
        const auto seen = note->read();
        QVERIFY(seen.empty() || seen == std::string(SharedNote::longest, seen.front()));
        broken += seen.empty() ? 1 : 0;
    }
    QVERIFY2(broken > 0, "none was killed while it wrote");
    note->write("well again");
    QCOMPARE(note->read(), std::string("well again"));
    ::munmap(memory, sizeof(SharedNote));
}

void ProcessPartsTest::optionsArriveAsTheyWere() {
    ServerOptions options;
    options.model = "prefork";
    options.root = std::string("a root with \0 in it", 19);
    options.threads = 77;
    options.transfer = FileTransfer::Splice;
    options.limits.header = std::chrono::milliseconds(1'234);
    options.files.smallFileOctets = 4'321;
    const auto octets = toOctets(options);
    const auto again = optionsFrom(octets);
    QVERIFY(again.has_value());
    QCOMPARE(again->model, options.model);
    QCOMPARE(again->root, options.root);
    QCOMPARE(again->threads, 77U);
    QCOMPARE(again->transfer, FileTransfer::Splice);
    QCOMPARE(again->limits.header.count(), std::int64_t{1'234});
    QCOMPARE(again->files.smallFileOctets, std::int64_t{4'321});
    QCOMPARE(toOctets(*again), octets);
}

void ProcessPartsTest::optionsThatAreCutOffAreRefused() {
    const auto octets = toOctets({});
    for (std::size_t size = 0; size < octets.size(); ++size) {
        QVERIFY(!optionsFrom(octets.substr(0, size)).has_value());
    }
    QVERIFY(!optionsFrom(octets + "x").has_value());
}

void ProcessPartsTest::sitesArriveAsTheyWere() {
    const auto info = siteFrom(textOf(somewhere));
    QVERIFY(info.has_value());
    QCOMPARE(info->type, EventType::RequestParsed);
    QCOMPARE(info->role, Role::HttpHandler);
    QCOMPARE(info->name, std::string("somewhere"));
    QVERIFY(info->file.ends_with("tests/process/tst_process_parts.cpp"));
    QCOMPARE(info->line, 17U);
    QCOMPARE(info->function, std::string("test"));
    // The same place in the source is the same site, whichever process has reached it first.
    const auto id = registerSite(somewhere);
    QCOMPARE(registerSite(*info), id);
    for (const auto* damaged : {"", "1", "1\n2\n3\n4\n5", "999\n1\n1\na\nb\nc", "1\n1\nx\na\nb\nc"}) {
        QVERIFY(!siteFrom(damaged).has_value());
    }
}

void ProcessPartsTest::idsAreFoundByTheirText() {
    const auto table = std::make_unique<IdTable>();
    QCOMPARE(table->find(IdTable::Kind::Name, "/a"), 0U);
    table->add(IdTable::Kind::Name, "/a", 7);
    table->add(IdTable::Kind::Site, "/a", 8);
    table->add(IdTable::Kind::Name, "", 9);
    QCOMPARE(table->find(IdTable::Kind::Name, "/a"), 7U);
    QCOMPARE(table->find(IdTable::Kind::Site, "/a"), 8U);
    QCOMPARE(table->find(IdTable::Kind::Name, ""), 9U);
    QCOMPARE(table->find(IdTable::Kind::Name, "/ab"), 0U);
}

void ProcessPartsTest::fullTablesStaySound() {
    const auto table = std::make_unique<IdTable>();
    constexpr std::uint32_t many = 5'000;
    for (std::uint32_t id = 1; id <= many; ++id) {
        table->add(IdTable::Kind::Name, "/" + std::to_string(id), id);
    }
    table->add(IdTable::Kind::Name, std::string(1'000, 'x'), many + 1);
    std::uint32_t found = 0;
    for (std::uint32_t id = 1; id <= many; ++id) {
        const auto known = table->find(IdTable::Kind::Name, "/" + std::to_string(id));
        QVERIFY(known == id || known == 0);
        found += known != 0 ? 1 : 0;
    }
    QVERIFY(found > 1'000);
    QCOMPARE(table->find(IdTable::Kind::Name, std::string(1'000, 'x')), 0U);
}

void ProcessPartsTest::memoryOfAnotherBuildIsRefused() {
    auto memory = ProcessMemory::create(3, 64).value();
    QVERIFY(ProcessMemory::open(FileDescriptor(::dup(memory.file()))).has_value());
    memory.share().layout += 1;
    const auto refused = ProcessMemory::open(FileDescriptor(::dup(memory.file())));
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().message.find("different builds") != std::string::npos);
}

void ProcessPartsTest::aProcessThatWasKilledLeavesAnExactAccount_data() {
    QTest::addColumn<int>("marks");
    QTest::newRow("nothing written") << 0;
    QTest::newRow("a few") << 10;
    QTest::newRow("a whole ring") << 63;
    QTest::newRow("more than there was room for") << 500;
}

/// The writer's object is thrown away without a word, as a killed process's is: what it knew of its losses goes with
/// it.
void ProcessPartsTest::aProcessThatWasKilledLeavesAnExactAccount() {
    QFETCH(int, marks);
    auto memory = ProcessMemory::create(2, 64).value();
    Recording recording;
    Trace trace(recording, {.ringCapacity = 64, .drainMilliseconds = 3'600'000}); // not by itself
    auto* ring = trace.attachForeign(memory.ring(1));
    QVERIFY(ring != nullptr);
    NoHome home;
    std::uint64_t emitted = 0;
    for (int life = 0; life < 3; ++life) {
        TraceRing writer(home, memory.share().gate.engagedFlag(), ring->actor(), memory.ring(1));
        for (int mark = 0; mark < marks; ++mark) {
            writer.mark(somewhere, {.value = mark});
        }
        trace.flush();
        trace.endForeign(*ring, [&] { currentRing->mark(somewhere, {.value = -1}); });
        trace.flush();
        QVERIFY(!memory.place(1).ring.ended.load()); // for the next one
        emitted += static_cast<std::uint64_t>(marks) + 1;
    }
    trace.detachForeign({&ring, 1});
    trace.stop();

    const auto view = recording.view();
    std::uint64_t told = 0;
    std::uint64_t reports = 0;
    std::uint32_t next = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        const auto lost = event.type() == EventType::EventsLost ? static_cast<std::uint32_t>(event.value()) : 0;
        QCOMPARE(event.sequence(), next + lost); // every number once: written, or told to be lost
        next = event.sequence() + 1;
        told += lost;
        reports += lost > 0 ? 1 : 0;
    }
    const auto count = recording.counts().at(ring->actor());
    QCOMPARE(count.stored, view.end() - view.first());
    QCOMPARE(count.lost, told);
    QCOMPARE(count.emitted, emitted + reports);
    QCOMPARE(count.emitted, count.stored + count.lost);
    QCOMPARE(told > 0, marks > 64);
}

void ProcessPartsTest::connectionsArriveAsTheyWere() {
    const auto channel = std::move(ConnectionChannel::create().value());
    QVERIFY(!receiveConnection(channel.processes.get()));
    Connected connected(7);
    send(channel, connected);
    const auto received = receiveConnection(channel.processes.get());
    QVERIFY(received && received->socket);
    QCOMPARE(received->id, 7U);
    QCOMPARE(received->requests, 5U);
    QCOMPARE(received->origin, Origin::Traffic);
    QCOMPARE(received->peerPort, std::uint16_t{1'234});
    QCOMPARE(received->peer.text(), std::string("127.0.0.9"));
    QCOMPARE(::send(received->socket.get(), "x", 1, MSG_NOSIGNAL), ssize_t{1});
    char octet = 0;
    QCOMPARE(::recv(connected.client.get(), &octet, 1, MSG_DONTWAIT), ssize_t{1});
    QVERIFY(!receiveConnection(channel.processes.get()));
}

/// The kernel closes what a process has no descriptor for. Whoever takes it says so, and goes on with the next one;
/// also where it has to travel once more before.
void ProcessPartsTest::aConnectionLostOnTheWayIsAccountedFor() {
    const auto channel = std::move(ConnectionChannel::create().value());
    Connected lost(1);
    Connected safe(2);
    send(channel, lost);
    auto received = receiveWithoutDescriptors(channel.processes.get());
    QVERIFY(received && !received->socket);
    QCOMPARE(received->id, 1U);
    QVERIFY(lost.isClosed());
    QVERIFY(sendConnection(channel.lab.get(), *received, MSG_DONTWAIT));
    send(channel, safe);

    const QTemporaryDir root;
    const auto files = std::move(CachedFilesystem::open(root.path().toStdString(), nullptr, {}).value());
    Recording recording;
    Trace trace(recording);
    const ServerOptions options;
    Gate gate;
    ThreadGroup threads(nullptr);
    PipelineSlot pipeline;
    ChannelTransit transit(channel.processes.get());
    ServerContext context{.options = options,
                          .listeningSocket = -1,
                          .trace = nullptr,
                          .gate = gate,
                          .files = *files,
                          .threads = threads,
                          .pipeline = pipeline,
                          .transit = &transit};
    {
        const TraceThread part(&trace, "test", Gated::No);
        const auto taken = takeOverConnection(context, 0);
        QVERIFY(taken && taken->socket);
        QCOMPARE(taken->id, 2U);
        QVERIFY(!takeOverConnection(context, 0));
    }
    QCOMPARE(context.counts.takenOver.load(), std::uint64_t{2});
    QCOMPARE(context.closed.load(), std::uint64_t{1});
    QCOMPARE(context.counts.open(), std::uint64_t{1});
    trace.stop();
    QByteArray told;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::ConnectionTakenOver || event.type() == EventType::ConnectionClosed) {
            told += (event.type() == EventType::ConnectionClosed ? "closed " : "taken ") +
                    QByteArray::number(event.connection) + ", ";
        }
    }
    QCOMPARE(told, QByteArray("taken 1, closed 1, taken 2, "));
}

QTEST_APPLESS_MAIN(ProcessPartsTest)
#include "tst_process_parts.moc"
