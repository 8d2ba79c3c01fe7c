// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"
#include "engine/trace/recording.h"
#include "engine/trace/trace.h"
#include "engine/traffic/cold_file.h"
#include "engine/traffic/traffic.h"
#include "simple_server.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <sys/resource.h>

namespace lab {

/// If these fail, the clients ask for something else than the scenario says, or count what they saw wrongly.
class TrafficTest : public QObject {
    Q_OBJECT

private slots:
    void countsWhatWasAnswered();
    void keepsOrClosesConnections_data();
    void keepsOrClosesConnections();
    void asksAsItsGroupSays();
    void sameSeedAsksForTheSame_data();
    void sameSeedAsksForTheSame();
    void comesFromAddressesOfItsOwn();
    void openLoopCountsFromTheIntendedStart();
    void failuresAreToldApart_data();
    void failuresAreToldApart();
    void asksAgainWhenAnIdleConnectionWasClosed();
    void slowClientsAreSlow();
    void clientsShareALine_data();
    void clientsShareALine();
    void groupsOfTheSameNameStayConnected();
    void phasesRepeat();
    void tellsPhaseByPhase();
    void tellsGroupByGroup();
    void allAskForTheFirstTimeSoon();
    void coldFilesAreOnTheirDiskWhenAskedFor();
    void filesThatStayWarmAreCounted();
    void stopsAtOnce();
    void tooFewDescriptorsAreTold();
    void aBadAddressIsTold();
};

namespace {

using Sequence = std::vector<std::pair<std::uint32_t, std::string>>; ///< request number and path

/// One traffic against one server, recorded.
struct Outcome {
    TrafficCounts counts;
    std::shared_ptr<Recording> recording;
    std::string trouble;

    std::size_t count(EventType type, int kind = -1) const {
        std::size_t sum = 0;
        const auto view = recording->view();
        for (auto index = view.first(); index < view.end(); ++index) {
            sum += view[index].type() == type && (kind < 0 || view[index].kind() == kind) ? 1 : 0;
        }
        return sum;
    }
    /// What each client has asked for, in its order. Repeated numbers (asked again) count once.
    std::map<std::uint32_t, Sequence> asked() const {
        std::map<std::uint32_t, Sequence> all;
        const auto view = recording->view();
        for (auto index = view.first(); index < view.end(); ++index) {
            const auto& event = view[index];
            if (event.type() == EventType::ClientRequestSent) {
                auto& sequence = all[event.connection];
                if (sequence.empty() || sequence.back().first != event.operation) {
                    sequence.emplace_back(event.operation, recording->name(static_cast<NameId>(event.value())));
                }
            }
        }
        return all;
    }
};

/// Runs the scenario to its end, or until `until` says that it has seen enough.
Outcome run(const Scenario& scenario, std::uint16_t port, const std::function<void(Traffic&)>& until = {},
            bool repeat = false) {
    Outcome outcome;
    outcome.recording = std::make_shared<Recording>();
    Trace trace(*outcome.recording);
    auto traffic = Traffic::start({.scenario = scenario, .repeat = repeat, .address = "127.0.0.1", .port = port},
                                  &trace, trace.gate());
    if (!traffic) {
        outcome.trouble = traffic.error().message;
        return outcome;
    }
    if (until) {
        until(**traffic);
    } else {
        while (!(*traffic)->waitUntilDone(std::chrono::seconds(1))) {
        }
    }
    (*traffic)->stop();
    outcome.counts = (*traffic)->counts();
    outcome.trouble = (*traffic)->trouble();
    trace.stop();
    return outcome;
}

/// Waits until the counts satisfy `condition`, or the traffic is done.
template <typename Condition>
void waitUntil(const Traffic& traffic, const Condition& condition) {
    while (!condition(traffic.counts()) && !traffic.waitUntilDone(std::chrono::milliseconds(5))) {
    }
}

Scenario scenarioOf(ClientGroup group, double seconds) {
    Scenario scenario;
    scenario.seed = 17;
    scenario.files = {{"a", 1, 3}, {"b", 1, 2}, {"c", 1, 1}};
    scenario.phases = {{"phase", seconds, {std::move(group)}}};
    return scenario;
}

std::string oneOctet(const std::string&) { return SimpleServer::response("x"); }

bool isPrefix(const Sequence& shorter, const Sequence& longer) {
    return shorter.size() <= longer.size() && std::equal(shorter.begin(), shorter.end(), longer.begin());
}

} // namespace

void TrafficTest::countsWhatWasAnswered() {
    SimpleServer server(oneOctet);
    const auto outcome = run(scenarioOf({.name = "g", .clients = 1, .mix = {}}, 0.3), server.port());
    const auto& counts = outcome.counts;
    QVERIFY(counts.answered > 0);
    QCOMPARE(counts.failed, 0u);
    QCOMPARE(counts.begun, counts.answered + counts.failed);
    QCOMPARE(counts.answered, server.requests().size());
    QCOMPARE(counts.answered, outcome.count(EventType::ClientResponseReceived, 1));
    QCOMPARE(counts.answered, outcome.count(EventType::ClientFirstByte));
    QCOMPARE(counts.octets, counts.answered * oneOctet({}).size());
    QCOMPARE(outcome.count(EventType::ClientConnected), outcome.count(EventType::ClientClosed));
    QVERIFY(counts.firstByte.minimum > 0);
    QVERIFY(counts.firstByte.mean <= counts.lastByte.mean);
    QVERIFY(counts.lastByte.minimum <= counts.lastByte.p50 && counts.lastByte.p50 <= counts.lastByte.maximum);
    const auto total = outcome.recording->total();
    QCOMPARE(total.emitted, total.stored + total.lost);
}

void TrafficTest::keepsOrClosesConnections_data() {
    QTest::addColumn<bool>("keepAlive");
    QTest::addColumn<unsigned>("requestsPerConnection");
    QTest::newRow("one request a connection") << false << 0u;
    QTest::newRow("three requests a connection") << true << 3u;
    QTest::newRow("one connection for all") << true << 0u;
}

void TrafficTest::keepsOrClosesConnections() {
    QFETCH(const bool, keepAlive);
    QFETCH(const unsigned, requestsPerConnection);
    SimpleServer server(oneOctet);
    const auto scenario = scenarioOf(
        {.name = "g", .clients = 1, .keepAlive = keepAlive, .requestsPerConnection = requestsPerConnection, .mix = {}},
        60);
    const auto outcome = run(scenario, server.port(), [&](Traffic&) { server.waitForRequests(9); });
    const auto requests = outcome.count(EventType::ClientRequestSent);
    const auto connections = outcome.count(EventType::ClientConnected);
    const auto each = !keepAlive ? 1 : requestsPerConnection == 0 ? requests : requestsPerConnection;
    // The last connection may have been opened, but not asked on, when the traffic was stopped.
    QVERIFY(connections == (requests + each - 1) / each || connections == requests / each + 1);
    const auto last = requestsPerConnection == 0 ? 0 : requestsPerConnection - 1;
    QCOMPARE(server.requests()[last].find("Connection: close") != std::string::npos,
             !keepAlive || requestsPerConnection > 0);
}

/// Whom it asks, and what else it says; and the answer that its group wants is no failure, whatever its length.
void TrafficTest::asksAsItsGroupSays() {
    SimpleServer server(
        [](const std::string&) { return std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nsorry"); });
    ClientGroup group{.name = "g", .clients = 1, .mix = {}};
    group.host = "one.test";
    group.fields = {{"Accept-Encoding", "gzip"}, {"X-More", "of it"}};
    group.status = 404;
    const auto wanted = run(scenarioOf(group, 0.2), server.port());
    QVERIFY(wanted.counts.answered > 0);
    QCOMPARE(wanted.counts.failed + wanted.counts.otherStatus, 0u);
    for (const auto& request : server.requests()) {
        QVERIFY(request.find("\r\nHost: one.test\r\n") != std::string::npos);
        QVERIFY(request.find("\r\nAccept-Encoding: gzip\r\nX-More: of it\r\n") != std::string::npos);
    }
    group.status = 403;
    const auto unwanted = run(scenarioOf(group, 0.2), server.port());
    QVERIFY(unwanted.counts.answered > 0);
    QCOMPARE(unwanted.counts.otherStatus, unwanted.counts.answered);
}

void TrafficTest::sameSeedAsksForTheSame_data() {
    QTest::addColumn<int>("arrivals");
    QTest::newRow("closed loop") << int(Arrivals::Closed);
    QTest::newRow("open loop, Poisson") << int(Arrivals::Poisson);
    QTest::newRow("open loop, constant") << int(Arrivals::Constant);
}

void TrafficTest::sameSeedAsksForTheSame() {
    QFETCH(const int, arrivals);
    const bool open = arrivals != int(Arrivals::Closed);
    const auto ask = [&](std::uint64_t seed) {
        SimpleServer server(oneOctet);
        auto scenario = scenarioOf({.name = "g",
                                    .arrivals = Arrivals(arrivals),
                                    .clients = 4,
                                    .thinkSeconds = 0.001,
                                    .perSecond = open ? 1000.0 : 0,
                                    .keepAlive = false,
                                    .mix = {}},
                                   60);
        scenario.seed = seed;
        auto asked = run(scenario, server.port(), [&](Traffic&) { server.waitForRequests(120); }).asked();
        if (open) {
            // Which client takes an arrival depends on timing; what the n-th arrival asks for does not.
            std::map<std::uint32_t, std::string> arrived;
            for (const auto& [client, sequence] : asked) {
                arrived.insert(sequence.begin(), sequence.end());
            }
            asked.clear();
            std::uint32_t expected = 0;
            for (const auto& [number, path] : arrived) {
                if (number != ++expected) {
                    break;
                }
                asked[1].emplace_back(number, path);
            }
        }
        return asked;
    };
    const auto first = ask(1);
    const auto second = ask(1);
    const auto other = ask(2);
    QVERIFY(!first.empty());
    std::size_t same = 0;
    bool differs = false;
    for (const auto& [client, sequence] : first) {
        if (second.contains(client)) {
            const auto& again = second.at(client);
            QVERIFY(isPrefix(sequence, again) || isPrefix(again, sequence));
            same += std::min(sequence.size(), again.size());
        }
        differs = differs || (other.contains(client) && !isPrefix(sequence, other.at(client)) &&
                              !isPrefix(other.at(client), sequence));
    }
    QVERIFY2(same > 40, qPrintable(QString::number(same)));
    QVERIFY(differs);
}

void TrafficTest::comesFromAddressesOfItsOwn() {
    SimpleServer server(oneOctet);
    const auto scenario = scenarioOf({.name = "g", .clients = 3, .keepAlive = false, .mix = {}}, 60);
    run(scenario, server.port(), [&](Traffic&) { server.waitForRequests(6); });
    for (const auto& peer : server.peers()) {
        QCOMPARE(peer, "127.0.0.2");
    }
}

/// A server that stands still must show in the latencies of all requests that arrived meanwhile: were they counted
/// from the sending, all but the first few would look quick.
void TrafficTest::openLoopCountsFromTheIntendedStart() {
    SimpleServer server(oneOctet);
    server.hold();
    const auto scenario =
        scenarioOf({.name = "g", .arrivals = Arrivals::Constant, .clients = 1, .perSecond = 200, .mix = {}}, 0.4);
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        // All eighty have arrived, one has been sent.
        waitUntil(traffic, [](const TrafficCounts& counts) { return counts.begun >= 79; });
        QCOMPARE(server.requests().size(), 1u);
        server.release();
        while (!traffic.waitUntilDone(std::chrono::seconds(1))) {
        }
    });
    QVERIFY(outcome.counts.answered >= 79);
    QCOMPARE(outcome.counts.failed, 0u);
    // The first one has waited for at least 78 gaps of 5 ms, the middle one for half of that; less rounding.
    QVERIFY2(outcome.counts.lastByte.maximum >= 385'000, qPrintable(QString::number(outcome.counts.lastByte.maximum)));
    QVERIFY2(outcome.counts.lastByte.p50 >= 190'000, qPrintable(QString::number(outcome.counts.lastByte.p50)));
}

void TrafficTest::failuresAreToldApart_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("failure"); ///< -1: answered, but not with success
    QTest::newRow("closed without a word") << QByteArray() << int(ClientFailure::Reset);
    QTest::newRow("cut off") << QByteArray("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nx")
                             << int(ClientFailure::Reset);
    QTest::newRow("no response") << QByteArray("what do you want?\r\n\r\n") << int(ClientFailure::BadResponse);
    QTest::newRow("wrong length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nxy")
                                  << int(ClientFailure::BadResponse);
    QTest::newRow("not found") << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") << -1;
}

void TrafficTest::failuresAreToldApart() {
    QFETCH(const QByteArray, answer);
    QFETCH(const int, failure);
    SimpleServer server([&](const std::string&) { return answer.toStdString(); });
    const auto scenario = scenarioOf({.name = "g", .clients = 1, .thinkSeconds = 0.001, .mix = {}}, 60);
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        waitUntil(traffic, [](const TrafficCounts& counts) { return counts.failed + counts.otherStatus >= 2; });
    });
    if (failure >= 0) {
        QCOMPARE(outcome.counts.failed, outcome.count(EventType::ClientFailed, failure));
        QCOMPARE(outcome.counts.answered, 0u);
    } else {
        QCOMPARE(outcome.counts.failed, 0u);
        QCOMPARE(outcome.counts.otherStatus, outcome.count(EventType::ClientResponseReceived, 0));
        QCOMPARE(outcome.counts.answered, outcome.counts.otherStatus);
    }
    QCOMPARE(outcome.counts.lastByte.maximum, 0.0); // refusals are no latencies
}

/// A server may close an idle connection at any time; the request that crosses it must not count as failed.
void TrafficTest::asksAgainWhenAnIdleConnectionWasClosed() {
    int count = 0;
    SimpleServer server([&](const std::string&) { return ++count % 2 == 0 ? std::string() : oneOctet({}); });
    const auto scenario = scenarioOf({.name = "g", .clients = 1, .mix = {}}, 60);
    const auto outcome = run(scenario, server.port(), [&](Traffic&) { server.waitForRequests(10); });
    QCOMPARE(outcome.counts.failed, 0u);
    QVERIFY(outcome.counts.answered >= 4);
}

void TrafficTest::slowClientsAreSlow() {
    SimpleServer server([](const std::string&) { return SimpleServer::response(std::string(100'000, 'x')); });
    auto scenario = scenarioOf({.name = "g",
                                .clients = 1,
                                .sendOctetsPerSecond = 400,
                                .receiveOctetsPerSecond = 400'000,
                                .mix = {{"large", 1}}},
                               60);
    const auto from = monotonicNanoseconds();
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        server.waitForRequests(1);
        const auto sending = monotonicNanoseconds() - from;
        // About 60 octets at 400 a second, the first 40 at once; then 100 KB at 400 KB a second, 40 KB at once.
        QVERIFY2(sending >= 90'000'000, qPrintable(QString::number(sending)));
        waitUntil(traffic, [](const TrafficCounts& counts) { return counts.answered >= 1; });
    });
    QCOMPARE(outcome.counts.failed, 0u);
    // 100 ms to send, and 250 ms to receive, of which the first piece and the last one, 100 ms each, are not waited
    // for. From the start: when the first octet was seen depends on the machine too, and is no bound.
    QVERIFY2(outcome.counts.lastByte.minimum >= 140'000, qPrintable(QString::number(outcome.counts.lastByte.minimum)));
}

void TrafficTest::clientsShareALine_data() {
    QTest::addColumn<std::int64_t>("ofScenario");
    QTest::addColumn<std::int64_t>("ofGroup");
    QTest::newRow("of all groups") << std::int64_t{1'000'000} << std::int64_t{0};
    QTest::newRow("of a group") << std::int64_t{0} << std::int64_t{1'000'000};
    QTest::newRow("the group's own counts") << std::int64_t{100'000'000} << std::int64_t{1'000'000};
}

/// Four clients take together what the line lets pass, no more; how much less depends on the machine.
void TrafficTest::clientsShareALine() {
    QFETCH(const std::int64_t, ofScenario);
    QFETCH(const std::int64_t, ofGroup);
    SimpleServer server([](const std::string&) { return SimpleServer::response(std::string(100'000, 'x')); });
    auto scenario = scenarioOf(
        {.name = "g", .clients = 4, .keepAlive = false, .linkOctetsPerSecond = ofGroup, .mix = {{"large", 1}}}, 60);
    scenario.linkOctetsPerSecond = ofScenario;
    const auto from = monotonicNanoseconds();
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        waitUntil(traffic, [](const TrafficCounts& counts) { return counts.answered >= 6; });
    });
    const auto seconds = static_cast<double>(monotonicNanoseconds() - from) / 1e9;
    constexpr double bucket = 0.02;
    QCOMPARE(outcome.counts.failed, 0u);
    QVERIFY(outcome.counts.answered >= 6);
    QVERIFY2(static_cast<double>(outcome.counts.octets) <= 1e6 * (seconds + bucket),
             qPrintable(QStringLiteral("%1 octets in %2 s").arg(outcome.counts.octets).arg(seconds)));
}

void TrafficTest::groupsOfTheSameNameStayConnected() {
    SimpleServer server(oneOctet);
    auto scenario = scenarioOf({.name = "g", .clients = 1, .thinkSeconds = 0.001, .mix = {}}, 0.1);
    auto second = scenario.phases[0];
    second.name = "second";
    scenario.phases.push_back(second);
    const auto outcome = run(scenario, server.port());
    QCOMPARE(outcome.count(EventType::PhaseStarted), 2u);
    QCOMPARE(outcome.count(EventType::ClientConnected), 1u);
    QCOMPARE(server.peers().size(), 1u);
}

void TrafficTest::phasesRepeat() {
    SimpleServer server(oneOctet);
    const auto scenario = scenarioOf({.name = "g", .clients = 1, .thinkSeconds = 0.001, .mix = {}}, 0.02);
    std::size_t before = 0;
    const auto outcome = run(
        scenario, server.port(),
        [&](Traffic& traffic) {
            // Far more than one round brings.
            server.waitForRequests(200);
            before = server.requests().size();
            QVERIFY(!traffic.done());
            server.waitForRequests(before + 20);
        },
        true);
    QVERIFY(outcome.count(EventType::PhaseStarted) >= 2);
    QCOMPARE(outcome.count(EventType::ClientConnected), 1u);
}

void TrafficTest::tellsPhaseByPhase() {
    SimpleServer server(oneOctet);
    auto scenario = scenarioOf({.name = "g", .clients = 1, .mix = {}}, 0.2);
    scenario.phases.push_back({"nobody", 0.1, {}});
    scenario.phases.push_back({"again", 0.3, scenario.phases[0].groups});
    std::vector<PartCounts> phases;
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        while (!traffic.waitUntilDone(std::chrono::seconds(1))) {
        }
        phases = traffic.phases();
    });
    QCOMPARE(phases.size(), std::size_t{3});
    QCOMPARE(phases[0].name, "phase");
    QCOMPARE(phases[2].name, "again");
    QVERIFY(phases[0].answered > 0 && phases[2].answered > 0);
    QVERIFY(phases[1].answered <= 1); // one may have been under way
    QVERIFY(phases[1].seconds >= 0.09);
    QVERIFY(phases[0].lastByte.maximum > 0);
    QCOMPARE(phases[0].answered + phases[1].answered + phases[2].answered, outcome.counts.answered);
    QCOMPARE(phases[0].octets + phases[1].octets + phases[2].octets, outcome.counts.octets);
}

void TrafficTest::tellsGroupByGroup() {
    SimpleServer server([](const std::string& request) {
        return SimpleServer::response(request.starts_with("GET /b ") ? "long" : "x");
    });
    auto scenario = scenarioOf({.name = "quick", .clients = 2, .keepAlive = false, .mix = {{"a", 1}}}, 0.2);
    scenario.files[1].octets = 4;
    scenario.phases.push_back({"both", 0.2, scenario.phases[0].groups});
    scenario.phases[1].groups.push_back({.name = "long", .clients = 1, .keepAlive = false, .mix = {{"b", 1}}});
    scenario.phases[1].groups.push_back({.name = "lost", .clients = 1, .keepAlive = false, .mix = {{"c", 1}}});
    scenario.files[2].octets = 17; // not what the server sends: each answer is a failure
    std::vector<PartCounts> groups;
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        while (!traffic.waitUntilDone(std::chrono::seconds(1))) {
        }
        groups = traffic.groups();
    });
    QCOMPARE(groups.size(), std::size_t{3});
    QCOMPARE(groups[0].name, "quick");
    QCOMPARE(groups[1].name, "long");
    QCOMPARE(groups[2].name, "lost");
    QVERIFY(groups[0].answered > 0 && groups[1].answered > 0 && groups[2].errors > 0);
    QCOMPARE(groups[2].answered, 0u);
    QCOMPARE(groups[0].errors + groups[1].errors, 0u);
    QVERIFY(groups[1].lastByte.maximum > 0);
    QCOMPARE(groups[0].answered + groups[1].answered, outcome.counts.answered);
    QCOMPARE(groups[2].errors, outcome.counts.failed);
    QCOMPARE(groups[0].octets + groups[1].octets + groups[2].octets, outcome.counts.octets);
}

/// However long their pauses are.
void TrafficTest::allAskForTheFirstTimeSoon() {
    SimpleServer server(oneOctet);
    const auto scenario = scenarioOf(
        {.name = "g", .clients = 20, .thinkSeconds = 3600, .keepAlive = false, .mix = {}, .firstWithinSeconds = 0.05},
        60);
    const auto outcome = run(scenario, server.port(), [&](Traffic& traffic) {
        waitUntil(traffic, [](const TrafficCounts& counts) { return counts.answered >= 20; });
    });
    QCOMPARE(outcome.counts.answered, 20u);
    QCOMPARE(outcome.count(EventType::ClientConnected), 20u);
}

/// The server reads the whole file each time: it is in the page cache until somebody is about to ask for it again.
void TrafficTest::coldFilesAreOnTheirDiskWhenAskedFor() {
    const QTemporaryDir folder;
    const auto path = folder.filePath("a").toStdString();
    std::ofstream(path) << std::string(100'000, 'x');
    const auto file = ColdFile::open(path).value();
    file->cool();
    if (!file->isCold()) {
        QSKIP("the temporary folder is in memory");
    }
    std::size_t cold = 0;
    SimpleServer server([&](const std::string&) {
        cold += file->isCold() ? 1 : 0;
        std::ostringstream all;
        all << std::ifstream(path).rdbuf();
        return SimpleServer::response(all.str());
    });
    auto scenario = scenarioOf({.name = "g", .clients = 1, .mix = {}}, 0.2);
    scenario.files = {{.path = "a", .octets = 100'000, .share = 1, .isCold = true}};
    Recording recording;
    Trace trace(recording);
    const auto traffic = Traffic::start(
        {.scenario = scenario, .port = server.port(), .root = folder.path().toStdString()}, &trace, trace.gate());
    QVERIFY(traffic.has_value());
    QVERIFY((*traffic)->waitUntilDone(std::chrono::seconds(60)));
    (*traffic)->stop();
    QCOMPARE((*traffic)->warmFiles(), std::size_t{0});
    QVERIFY(cold > 1);
    QCOMPARE(cold, server.requests().size());
    QCOMPARE((*traffic)->counts().answered, server.requests().size());
}

void TrafficTest::filesThatStayWarmAreCounted() {
    SimpleServer server(oneOctet);
    auto scenario = scenarioOf({.name = "g", .clients = 1, .mix = {}}, 0.01);
    scenario.files[0].isCold = true; // nobody says where it is
    std::size_t warm = 0;
    run(scenario, server.port(), [&](Traffic& traffic) { warm = traffic.warmFiles(); });
    QCOMPARE(warm, std::size_t{1});
}

void TrafficTest::stopsAtOnce() {
    SimpleServer server(oneOctet);
    server.hold();
    const auto scenario = scenarioOf({.name = "g", .clients = 5, .mix = {}}, 3600);
    const auto outcome = run(scenario, server.port(), [&](Traffic&) { server.waitForRequests(1); });
    QCOMPARE(outcome.counts.answered, 0u);
    QCOMPARE(outcome.counts.failed, 0u);
    QCOMPARE(outcome.counts.begun, 5u);
    server.release();
}

void TrafficTest::tooFewDescriptorsAreTold() {
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const auto restore = qScopeGuard([&] { ::setrlimit(RLIMIT_NOFILE, &before); });
    rlimit low{.rlim_cur = 512, .rlim_max = before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
    SimpleServer server(oneOctet);
    if (before.rlim_max >= 2'300) {
        // The soft limit is raised without a word where the hard one permits.
        const auto raised = run(scenarioOf({.name = "g", .clients = 1000, .mix = {}}, 0.01), server.port());
        QCOMPARE(raised.trouble, "");
        rlimit now{};
        ::getrlimit(RLIMIT_NOFILE, &now);
        QVERIFY(now.rlim_cur >= 2'200);
    }
    // More than any limit: the sum over differently named groups is not bounded by the format.
    Scenario scenario = scenarioOf({.name = "0", .clients = 20'000, .mix = {}}, 1);
    for (int group = 1; group < 200'000 && 2 * 20'000ull * static_cast<unsigned>(group) <= before.rlim_max; ++group) {
        scenario.phases[0].groups.push_back(scenario.phases[0].groups[0]);
        scenario.phases[0].groups.back().name = std::to_string(group);
    }
    const auto outcome = run(scenario, server.port());
    QVERIFY2(outcome.trouble.find("file descriptors; the limit is") != std::string::npos, outcome.trouble.c_str());
}

void TrafficTest::aBadAddressIsTold() {
    Recording recording;
    Gate gate;
    const auto traffic = Traffic::start(
        {.scenario = scenarioOf({.name = "g", .mix = {}}, 1), .address = "somewhere", .port = 1}, nullptr, gate);
    QVERIFY(!traffic.has_value());
    QCOMPARE(traffic.error().message, "\"somewhere\" is not an Internet address such as 127.0.0.1");
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::TrafficTest)
#include "tst_traffic.moc"
