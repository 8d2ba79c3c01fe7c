// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/waker_of_event.h"
#include "engine/connection/accepted_connection.h"
#include "engine/run/lab_run.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"

#include <QTest>

#include <algorithm>
#include <cerrno>
#include <list>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <pthread.h>
#include <set>
#include <sys/socket.h>

namespace lab::test {

namespace {

constexpr unsigned loops = 4;
constexpr std::string_view lastRequest = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";

bool isWait(const Event& event) {
    const auto call = event.kindAs<SystemCall>();
    return event.type() == EventType::CallEntered &&
           (call == SystemCall::Epoll || call == SystemCall::Poll || call == SystemCall::Select);
}

/// Asks for a file on a connection of its own, and waits for the end.
bool isServed(std::uint16_t port) {
    RawClient client(port);
    client.send(lastRequest);
    return client.readToEnd() == RawClient::Ending::Closed && client.received().starts_with("HTTP/1.1 200");
}

/// Everything that happens on a model while clients come and go, each request on a connection of its own.
std::shared_ptr<Recording> busyRun(const std::string& model, bool inTurns) {
    LabRun::Options options;
    options.scenario = parseScenario(R"({
        "title": "Many connections", "seed": 3, "files": [{"path": "a.txt", "octets": 500}],
        "phases": [{"name": "all", "seconds": 60, "groups": [
            {"name": "single", "clients": 12, "keepAlive": false},
            {"name": "kept", "clients": 4, "thinkSeconds": 0.001, "requestsPerConnection": 5}]}]})",
                                     "many.json")
                           .value();
    options.server = optionsOf(model, loops);
    options.serialised = inTurns;
    options.policy = {.how = ChoicePolicy::How::RoundRobin};
    auto run = std::move(LabRun::start(std::move(options)).value());
    constexpr std::uint64_t enough = 300;
    [&] { QTRY_VERIFY_WITH_TIMEOUT(run->server().counts().requests > enough, 60'000); }();
    run->stop();
    return run->recording();
}

/// Whether the thread that came back from waiting at `index` has its turn: when the gate is opened, all come back, and
/// when the server ends meanwhile, the thread does.
bool gotIt(const RecordingView& view, std::size_t index) {
    const auto actor = view[index].actor;
    while (++index < view.end() && view[index].actor != actor) {
    }
    return index < view.end() && view[index].type() != EventType::CallEntered &&
           view[index].type() != EventType::ThreadEnded;
}

/// For each thread that waited for its turn and got it, what the lab says of who woke it. Nothing is said of none.
void checkWakers(const RecordingView& view, Waker::Cause cause) {
    const WakerOfEvent wakers(view);
    std::size_t told = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        if (event.type() == EventType::CallLeft && event.kindAs<SystemCall>() == SystemCall::QueueWait &&
            event.value() > 0 && gotIt(view, index)) {
            const auto waker = wakers.of(index);
            QVERIFY2(waker.has_value(), qPrintable(QStringLiteral("event %1").arg(index)));
            QCOMPARE(waker->cause, cause);
            QVERIFY(waker->event < index);
            ++told;
        }
    }
    QVERIFY2(told > 0, "nobody has waited");
}

/// While it lives, no thread can be started: its stack would be larger than all memory.
class HugeStacks {
public:
    HugeStacks() {
        pthread_getattr_default_np(&m_former);
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, std::size_t{1} << 47);
        pthread_setattr_default_np(&attributes);
        pthread_attr_destroy(&attributes);
    }
    ~HugeStacks() {
        pthread_setattr_default_np(&m_former);
        pthread_attr_destroy(&m_former);
    }
    HugeStacks(const HugeStacks&) = delete;
    HugeStacks& operator=(const HugeStacks&) = delete;

private:
    pthread_attr_t m_former{};
};

/// A socket of somebody else who wants to share the port. Not blocking.
FileDescriptor shareOf(std::uint16_t port) {
    FileDescriptor other(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(other.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(other.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(other.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    constexpr int backlog = 16;
    return bound && ::listen(other.get(), backlog) == 0 ? std::move(other) : FileDescriptor();
}

} // namespace

/// If these fail, the designs of several event loops do not do what their names say, and a comparison of them is void.
class TestAcceptDesigns : public QObject {
    Q_OBJECT

private slots:
    void aClientWakesEveryIndependentLoop_data();
    void aClientWakesEveryIndependentLoop();
    void massiveAcceptTakesSeveralAtOnce();
    void oneSelfManagedLoopAtATimeHasTheListeningSocket_data();
    void oneSelfManagedLoopAtATimeHasTheListeningSocket();
    void theCoordinatorHandsOverInTurn();
    void withoutAThreadToBeHadItRests_data();
    void withoutAThreadToBeHadItRests();
    void shardsEachGetConnections();
    void nobodyElseGetsAShare();
    void oneLeaderAtATime_data();
    void oneLeaderAtATime();
    void idleConnectionsDoNotKeepAServerFromStopping_data();
    void idleConnectionsDoNotKeepAServerFromStopping();
};

void TestAcceptDesigns::aClientWakesEveryIndependentLoop_data() {
    QTest::addColumn<int>("demultiplexer");
    QTest::newRow("select") << static_cast<int>(Demultiplexer::Select);
    QTest::newRow("poll") << static_cast<int>(Demultiplexer::Poll);
    QTest::newRow("epoll") << static_cast<int>(Demultiplexer::Epoll);
}

/// All loops wait; held at the gate, all have been woken before the first of them accepts.
void TestAcceptDesigns::aClientWakesEveryIndependentLoop() {
    QFETCH(int, demultiplexer);
    auto options = optionsOf("reactor-independent", loops);
    options.demultiplexer = static_cast<Demultiplexer>(demultiplexer);
    TracedServer traced(options);
    QTRY_COMPARE(traced.count(isWait), std::size_t{loops});
    traced.gate().hold();
    RawClient client(traced.port());
    QTRY_COMPARE(traced.gate().waiting().size(), std::size_t{loops});
    traced.gate().setPace(0);
    QTRY_COMPARE(traced.counts().acceptWakeUps, std::uint64_t{loops});
    QTRY_COMPARE(traced.counts().acceptsForNothing, std::uint64_t{loops - 1});
    QCOMPARE(traced.counts().accepted, std::uint64_t{1});
    QTRY_COMPARE(traced.count([](const Event& event) { return event.type() == EventType::AcceptWokenForNothing; }),
                 std::size_t{loops - 1});
}

/// Of clients that wait in the backlog, one loop takes as many as it is told, and leaves the rest to the next wake-up.
void TestAcceptDesigns::massiveAcceptTakesSeveralAtOnce() {
    auto options = optionsOf("reactor-independent", 1);
    options.acceptBurst = 3;
    TracedServer traced(options);
    QTRY_COMPARE(traced.count(isWait), std::size_t{1});
    traced.gate().hold();
    std::list<RawClient> clients;
    constexpr std::size_t crowd = 6;
    for (std::size_t count = 0; count < crowd; ++count) {
        clients.emplace_back(traced.port());
    }
    traced.gate().setPace(0);
    QTRY_COMPARE(traced.counts().accepted, std::uint64_t{crowd});
    QCOMPARE(traced.counts().acceptWakeUps, std::uint64_t{2});
}

void TestAcceptDesigns::oneSelfManagedLoopAtATimeHasTheListeningSocket_data() {
    QTest::addColumn<bool>("inTurns");
    QTest::newRow("free") << false;
    QTest::newRow("in turns") << true;
}

void TestAcceptDesigns::oneSelfManagedLoopAtATimeHasTheListeningSocket() {
    QFETCH(bool, inTurns);
    std::set<std::uint16_t> holders;
    int holding = 0;
    const auto recording = busyRun("reactor-self-managed", inTurns);
    const auto view = recording->view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        QVERIFY(event.type() != EventType::AcceptWokenForNothing);
        if (event.connection == 0 && event.type() == EventType::HandlerRegistered) {
            QCOMPARE(++holding, 1);
            holders.insert(event.actor);
        } else if (event.connection == 0 && event.type() == EventType::HandlerRemoved) {
            QCOMPARE(--holding, 0);
        } else if (event.type() == EventType::ConnectionAccepted) {
            QCOMPARE(holding, 1);
        }
    }
    QVERIFY2(!inTurns || holders.size() == loops, "not every loop has had the listening socket");
    checkWakers(view, Waker::Cause::ListeningFreed);
}

void TestAcceptDesigns::theCoordinatorHandsOverInTurn() {
    TracedServer traced(optionsOf("reactor-coordinator", loops));
    for (unsigned count = 0; count < 2 * loops; ++count) {
        QVERIFY(isServed(traced.port()));
    }
    std::vector<std::uint16_t> workers;
    for (const auto& event : traced.events()) {
        if (event.type() == EventType::QueuePopped && event.kindAs<Queue>() == Queue::Accept) {
            workers.push_back(event.actor);
        }
        if (event.type() == EventType::ConnectionAccepted) {
            QCOMPARE(traced.threadOf(event), std::string("coordinator"));
        }
    }
    QCOMPARE(workers.size(), std::size_t{2 * loops});
    QCOMPARE(std::set(workers.begin(), workers.end()).size(), std::size_t{loops});
    QVERIFY(std::equal(workers.begin(), workers.begin() + loops, workers.begin() + loops));
}

void TestAcceptDesigns::withoutAThreadToBeHadItRests_data() {
    QTest::addColumn<std::string>("model");
    QTest::newRow("thread-per-request") << std::string("thread-per-request");
    QTest::newRow("thread-per-session") << std::string("thread-per-session");
}

/// The accept itself has not failed: the client is taken in and closed, and the recording says so.
void TestAcceptDesigns::withoutAThreadToBeHadItRests() {
    QFETCH(std::string, model);
    TracedServer traced(optionsOf(model, 1));
    {
        const HugeStacks noneFit;
        RawClient client(traced.port());
        QVERIFY(client.readToEnd() != RawClient::Ending::TimedOut);
        QVERIFY(client.received().empty());
    }
    QVERIFY(isServed(traced.port()));
    const auto events = traced.events();
    const auto refused =
        std::ranges::find_if(events, [](const Event& event) { return event.type() == EventType::WorkerRefused; });
    QVERIFY(refused != events.end());
    QVERIFY(refused->kindAs<Worker>() == Worker::Thread);
    QCOMPARE(refused->connection, 1U);
    QCOMPARE(refused->value(), std::int64_t{restOfAcceptor.count()});
    QVERIFY(std::ranges::none_of(events, [](const Event& event) { return event.type() == EventType::AcceptFailed; }));
    const auto closed = std::ranges::find_if(events, [](const Event& event) {
        return event.type() == EventType::ConnectionClosed && event.connection == 1;
    });
    QVERIFY(closed > refused && closed != events.end());
    QVERIFY(closed->kindAs<CloseReason>() == CloseReason::Failed);
    const auto next = std::find_if(refused, events.end(), [&](const Event& event) {
        return event.actor == refused->actor && event.type() == EventType::CallEntered;
    });
    QVERIFY(next != events.end());
    QVERIFY2(next->time - refused->time >= 190'000'000, "the acceptor has gone on at once");
}

/// The kernel picks at random: of a hundred connections each of two loops gets some, but for once in 10^30.
void TestAcceptDesigns::shardsEachGetConnections() {
    TracedServer traced(optionsOf("reactor-sharded", 2));
    constexpr int crowd = 100;
    for (int count = 0; count < crowd; ++count) {
        QVERIFY(isServed(traced.port()));
    }
    std::set<std::uint16_t> acceptors;
    for (const auto& event : traced.events()) {
        if (event.type() == EventType::ConnectionAccepted) {
            acceptors.insert(event.actor);
        }
    }
    QCOMPARE(acceptors.size(), std::size_t{2});
    QCOMPARE(traced.counts().acceptsForNothing, std::uint64_t{0});
}

/// Neither by wanting the port alone, nor by sharing it.
void TestAcceptDesigns::nobodyElseGetsAShare() {
    TracedServer traced(optionsOf("reactor-sharded", 2));
    for (const char* model : {"reactor-sharded", "reactor"}) {
        auto options = optionsOf(model, 2);
        options.root = traced.server().options().root;
        options.port = traced.port();
        const auto other = Server::start(options, nullptr);
        QVERIFY(!other);
        QVERIFY2(other.error().message.find("another program uses this port") != std::string::npos,
                 other.error().message.c_str());
    }
    const auto thief = shareOf(traced.port());
    constexpr int crowd = 50;
    for (int count = 0; count < crowd; ++count) {
        QVERIFY(isServed(traced.port()));
    }
    if (thief) {
        QVERIFY(::accept(thief.get(), nullptr, nullptr) < 0);
        QCOMPARE(errno, EAGAIN);
    }
}

void TestAcceptDesigns::oneLeaderAtATime_data() {
    QTest::addColumn<bool>("inTurns");
    QTest::newRow("free") << false;
    QTest::newRow("in turns") << true;
}

void TestAcceptDesigns::oneLeaderAtATime() {
    QFETCH(bool, inTurns);
    constexpr int nobody = -1;
    int leader = nobody;
    std::set<std::uint16_t> leaders;
    std::map<std::uint32_t, std::uint16_t> inHook; // by connection: the thread
    const auto recording = busyRun("leader-followers", inTurns);
    const auto view = recording->view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        switch (event.type()) {
        case EventType::LeadershipTaken:
            QCOMPARE(leader, nobody);
            leader = event.actor;
            leaders.insert(event.actor);
            break;
        case EventType::LeadershipPassed:
            QCOMPARE(leader, static_cast<int>(event.actor));
            leader = nobody;
            break;
        case EventType::HandleReady: QCOMPARE(leader, static_cast<int>(event.actor)); break;
        case EventType::HookEntered: QVERIFY(inHook.emplace(event.connection, event.actor).second); break;
        case EventType::HookLeft: inHook.erase(event.connection); break;
        default: break;
        }
    }
    QVERIFY2(!inTurns || leaders.size() == loops, "not every thread has led");
    checkWakers(view, Waker::Cause::Promoted);
}

void TestAcceptDesigns::idleConnectionsDoNotKeepAServerFromStopping_data() {
    QTest::addColumn<QString>("model");
    for (const char* model : {"thread-per-session", "thread-pool-queue", "reactor-coordinator", "reactor-independent",
                              "reactor-self-managed", "reactor-sharded", "half-sync-half-async", "leader-followers"}) {
        QTest::newRow(model) << QString(model);
    }
}

void TestAcceptDesigns::idleConnectionsDoNotKeepAServerFromStopping() {
    QFETCH(QString, model);
    TracedServer traced(optionsOf(model.toStdString(), loops));
    std::list<RawClient> clients;
    for (unsigned count = 0; count < loops - 1; ++count) {
        auto& client = clients.emplace_back(traced.port());
        client.send("GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n");
        client.readUntil([](const std::string& octets) { return octets.find("\r\n\r\n") != std::string::npos; });
    }
    // Whether the server knows already that its last answer has been sent does not matter.
    QCOMPARE(traced.server().stop(), std::size_t{0});
    for (auto& client : clients) {
        QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    }
    QCOMPARE(traced.counts().open(), std::uint64_t{0});
    QCOMPARE(traced.server().usage().threads, std::size_t{0});
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestAcceptDesigns)
#include "tst_accept_designs.moc"
