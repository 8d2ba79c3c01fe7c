// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/configuration/service_configurator.h"
#include "engine/run/temporary_root.h"
#include "engine/state/narration.h"
#include "engine/traffic/traffic.h"
#include "tests/concurrency/filter_thread.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"
#include "tests/process/process_watch.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

namespace lab::test {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int manyChanges = 50; // each takes ten times as long
#else
constexpr int manyChanges = 100;
#endif

bool canRun(const ModelDescription& model) { return model.whyUnavailable().empty(); }

constexpr int crowdSize = 24; ///< clients of crowd()

/// Any model with any options of its own that are not refused.
ServerOptions anyOptions(std::mt19937& random, const ServerOptions& base) {
    const auto pick = [&random](auto count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
    while (true) {
        auto options = base;
        const auto all = models();
        const auto& model = all[static_cast<std::size_t>(pick(all.size()))];
        options.model = model.id;
        options.threads = 1 + static_cast<unsigned>(pick(6));
        for (const char* name : {"processor", "transfer", "cache", "demultiplexer", "cork", "order"}) {
            const auto& setting = *findServerSetting(name);
            const auto which = pick(setting.words.size());
            if (takes(model, setting)) {
                setting.put(options, which);
            }
        }
        options.files.maximumOctets = 4'000 << pick(12);
        options.acceptBurst = static_cast<unsigned>(pick(20));
        options.transmitsAtOnce = static_cast<unsigned>(pick(4));
        // Where a full queue makes the acceptor wait, it may be short; the other models reject what it has no room for.
        options.queueLimit = static_cast<unsigned>(model.id == "thread-pool-queue" ? 1 + pick(4) : crowdSize + pick(9));
        if (canRun(model) && refusal(model, options).empty()) {
            return options;
        }
    }
}

bool hasProcesses(const std::string& model) {
    return std::find(processModels.begin(), processModels.end(), model) != processModels.end();
}

/// Clients of both kinds, without an end.
Scenario crowd() {
    return parseScenario(R"({
        "title": "A crowd", "seed": 5,
        "files": [{"path": "small.txt", "octets": 500, "share": 6}, {"path": "middle.txt", "octets": 20000, "share": 3},
                  {"path": "large.bin", "octets": 300000, "share": 1}],
        "phases": [{"name": "all", "seconds": 3600, "groups": [
            {"name": "kept", "clients": 12, "thinkSeconds": 0.002, "fields": {"Accept-Encoding": "gzip"}},
            {"name": "single", "clients": 6, "keepAlive": false, "thinkSeconds": 0.002},
            {"name": "resting", "clients": 6, "thinkSeconds": 0.2}]}]})",
                         "crowd.json")
        .value();
}

/// As it is, under another model.
ServerOptions otherModel(const Server& server, const std::string& model) {
    auto options = server.options();
    options.model = model;
    options.transfer = FileTransfer::Suited;
    return options;
}

} // namespace

/// If these fail, somebody's request is lost, or a thread, process or descriptor left behind, when a server changes.
class TestServerChange : public QObject {
    Q_OBJECT

private slots:
    void aConnectionLivesThroughAllModels();
    void oneThreadIsEnough();
    void changesUnderLoadLoseNothing();
    void aFilterLinkedDuringAChangeIsThereAfterwards();
    void aLongAnswerIsFinished();
    void aRefusedChangeChangesNothing_data();
    void aRefusedChangeChangesNothing();
    void theRecordingTellsOfIt();
    void aHeldServerStopsAlthoughItChanges();
};

/// Both a connection on which nothing was asked yet and one that is between two requests.
void TestServerChange::aConnectionLivesThroughAllModels() {
    TracedServer traced(optionsOf("reactor", 2));
    RawClient kept(traced.port());
    QVERIFY(isAnswered(kept));
    for (const auto& model : models()) {
        for (const auto& processor : findServerSetting("processor")->words) {
            auto options = traced.server().options();
            options.model = model.id;
            QVERIFY(findServerSetting("processor")->set(options, processor.word));
            options.transfer = FileTransfer::Suited;
            if (!canRun(model) || !refusal(model, options).empty()) {
                continue;
            }
            std::optional<RawClient> fresh;
            if (model.id != "iterative") { // which serves one connection to its end
                fresh.emplace(traced.port());
            }
            const auto changed = traced.server().change(options);
            QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
            QVERIFY2(isAnswered(kept), model.id.data());
            QVERIFY2(!fresh || isAnswered(*fresh), model.id.data());
        }
    }
}

/// For a server that begins, and for one that goes on.
void TestServerChange::oneThreadIsEnough() {
    TracedServer changing(optionsOf("thread-pool", 2));
    for (const auto& model : models()) {
        if (!canRun(model)) {
            continue;
        }
        auto options = optionsOf(std::string(model.id), 1);
        TracedServer beginning(options);
        RawClient first(beginning.port());
        QVERIFY2(isAnswered(first), model.id.data());
        options.root = changing.tree().root();
        const auto changed = changing.server().change(options);
        QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
        RawClient second(changing.port());
        QVERIFY2(isAnswered(second), model.id.data());
    }
}

/// Model, processor, cache, transfer, cork, order, queue and the filters of the pipeline, all at random; and filters
/// change also while a change of the others goes on.
void TestServerChange::changesUnderLoadLoseNothing() {
    const auto scenario = crowd();
    QCOMPARE(clientsOf(scenario), std::size_t{crowdSize});
    const QTemporaryDir folder;
    const auto descriptors = openDescriptors();
    const auto processes = descendants();
    const auto threads = std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
    {
        const auto root = std::move(TemporaryRoot::create(scenario, "crowd").value());
        std::ofstream(root.path() + "/.cache-hints") << "pin /small.txt\nprefetch /middle.txt\n";
        Recording recording(500'000);
        Trace trace(recording);
        ServerOptions options;
        options.root = root.path();
        auto server = std::move(Server::start(options, &trace).value());
        Gate open;
        auto traffic = std::move(Traffic::start({.scenario = scenario, .port = server->port()}, nullptr, open).value());
        FilterThread filters(*server, trace, folder.filePath("access.log").toStdString());
        constexpr unsigned seed = 20;
        std::mt19937 random(seed);
        std::set<std::string> met;
        for (int count = 0; count < manyChanges; ++count) {
            const auto next = anyOptions(random, options);
            const auto changed = server->change(next);
            QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
            QCOMPARE(server->options().model, next.model);
            met.insert(next.model);
            // Of threads the filters can be changed at any time, of processes never.
            const auto name = "mark-" + std::to_string(count);
            const auto linked = server->configurator().link(fieldSpec("one", name));
            QCOMPARE(linked.has_value(), !hasProcesses(next.model));
            QVERIFY2(linked || linked.error().message.find(next.model) != std::string::npos,
                     linked ? "" : linked.error().message.c_str());
            const auto enough = traffic->counts().answered + 10 + random() % 60;
            const auto isWorking = [&] { return traffic->counts().answered >= enough; };
            QVERIFY2(eventually(isWorking), next.model.c_str());
            QVERIFY2(traffic->counts().failed == 0, next.model.c_str());
            QVERIFY(!linked || server->configurator().unlink(name).has_value());
        }
        filters.stop();
        const auto counts = traffic->counts();
        traffic->stop();
        server->stop();
        trace.stop();
        QVERIFY2(filters.trouble().empty(), filters.trouble().c_str());
        QVERIFY(filters.changes() > 50);
        QVERIFY(met.size() > models().size() / 2);
        QCOMPARE(counts.failed, std::uint64_t{0});
        QCOMPARE(counts.otherStatus, std::uint64_t{0});
        QCOMPARE(counts.retries, std::uint64_t{0}); // no connection was dropped at all
        QVERIFY(server->counts().handedOver > 0);
        QCOMPARE(server->counts().open(), std::uint64_t{0});
        QVERIFY(server->counts().requests >= counts.answered);
    }
    QVERIFY(eventually([&] { return descendants() == processes; }));
    QVERIFY(eventually([&] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}) <= threads;
    })); // fewer: the C library's own for asynchronous files, of a test before
    QCOMPARE(openDescriptors(), descriptors);
}

/// What was said to be linked is linked, also where the change has begun before and goes on with processes, which take
/// over what they find.
void TestServerChange::aFilterLinkedDuringAChangeIsThereAfterwards() {
    for (const char* model : {"reactor", "prefork", "process-per-connection"}) {
        TracedServer traced(optionsOf("thread-pool", 2));
        RawClient client(traced.port());
        QVERIFY(isAnswered(client));
        traced.gate().hold();
        std::string refused;
        std::thread changing([&] {
            const auto changed = traced.server().change(otherModel(traced.server(), model));
            refused = changed ? std::string() : changed.error().message;
        });
        auto joined = qScopeGuard([&] {
            traced.gate().open();
            changing.join();
        });
        QVERIFY(eventually([&] {
            return traced.count([](const Event& event) { return event.type() == EventType::ChangeStarted; }) == 1;
        }));
        QVERIFY(traced.server().configurator().link(fieldSpec("late", "late")).has_value());
        joined.dismiss();
        traced.gate().open();
        changing.join();
        QVERIFY2(refused.empty(), refused.c_str());
        QVERIFY(isAnswered(client));
        QVERIFY2(client.received().find("X-Mark: late\r\n") != std::string::npos, client.received().c_str());
    }
}

/// It neither delays the change nor is it cut off; and its connection lives on.
void TestServerChange::aLongAnswerIsFinished() {
    for (const char* model : {"thread-pool", "reactor", "half-sync-half-async", "proactor", "prefork"}) {
        TracedServer traced(optionsOf(model, 2));
        constexpr std::size_t octets = 20'000'000;
        traced.tree().write("huge.bin", std::string(octets, 'x'));
        constexpr int smallBuffer = 4'096;
        RawClient slow(traced.port(), smallBuffer);
        slow.send("GET /huge.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n");
        QCOMPARE(slow.readUntil([](const std::string& received) { return received.size() > 1'000; }),
                 RawClient::Ending::Enough);
        auto options = traced.server().options();
        options.model = "reactor-sharded";
        options.transfer = FileTransfer::Suited;
        QVERIFY(traced.server().change(options));
        RawClient other(traced.port());
        QVERIFY2(isAnswered(other), model);
        QCOMPARE(slow.readUntil([](const std::string& received) {
            const auto header = received.find("\r\n\r\n");
            return header != std::string::npos && received.size() == header + 4 + octets;
        }),
                 RawClient::Ending::Enough);
        QVERIFY2(isAnswered(slow), model);
    }
}

void TestServerChange::aRefusedChangeChangesNothing_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("reason");
    QTest::newRow("unknown model") << "model"
                                   << "there is no model 'nothing'";
    QTest::newRow("senseless combination") << "combination"
                                           << "its processor sends a file by transmit-file";
    QTest::newRow("another root") << "root"
                                  << "the document root of a running server cannot be changed";
    QTest::newRow("another port") << "port"
                                  << "the port of a running server cannot be changed";
    QTest::newRow("no threads") << "threads"
                                << "threads must be from 1 to 1000";
}

void TestServerChange::aRefusedChangeChangesNothing() {
    QFETCH(QString, what);
    QFETCH(QString, reason);
    TracedServer traced(optionsOf("reactor", 2));
    RawClient client(traced.port());
    QVERIFY(isAnswered(client));
    auto options = traced.server().options();
    if (what == "model") {
        options.model = "nothing";
    } else if (what == "combination") {
        options.model = "proactor";
        options.transfer = FileTransfer::Splice;
    } else if (what == "root") {
        options.root = "/";
    } else if (what == "port") {
        options.port = 1;
    } else {
        options.model = "thread-pool";
        options.threads = 0;
    }
    const auto changed = traced.server().change(options);
    QVERIFY(!changed);
    QVERIFY2(changed.error().message.find(reason.toStdString()) != std::string::npos, changed.error().message.c_str());
    QCOMPARE(traced.server().options().model, std::string("reactor"));
    QVERIFY(isAnswered(client));
    QCOMPARE(traced.counts().accepted, std::uint64_t{1});
}

void TestServerChange::theRecordingTellsOfIt() {
    TracedServer traced(optionsOf("reactor", 2));
    RawClient client(traced.port());
    QVERIFY(isAnswered(client));
    auto options = traced.server().options();
    options.model = "proactor";
    options.transfer = FileTransfer::MmapWritev;
    QVERIFY(traced.server().change(options));
    QVERIFY(isAnswered(client));
    const auto view = traced.view();
    const auto glossary = traced.glossary();
    LabState state;
    std::string told;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        const auto type = event.type();
        if (type >= EventType::ChangeStarted && type <= EventType::ConnectionTakenOver) {
            told += narrate(event, state, glossary) + "\n";
        }
        state.apply(event);
    }
    QCOMPARE(glossary.name(state.model), std::string_view("proactor"));
    QCOMPARE(familyAt(state, glossary), std::string_view("proactive"));
    QCOMPARE(processorAt(state, glossary), std::string("Asio on epoll"));
    QCOMPARE(demultiplexerAt(state, glossary), std::string());
    QCOMPARE(state.totals.changes, std::uint64_t{1});
    QCOMPARE(state.connections.size(), std::size_t{1});
    QVERIFY(!state.changing);
    QVERIFY2(told.find("The model is now Proactor; it was Reactor.") != std::string::npos, told.c_str());
    QVERIFY2(told.find("From now on transfer is mmap-writev") != std::string::npos, told.c_str());
    QVERIFY2(told.find("takes over #1 from the model before") != std::string::npos, told.c_str());
}

/// The old model's threads stand at the gate, so the change cannot come to its end.
void TestServerChange::aHeldServerStopsAlthoughItChanges() {
    TracedServer traced(optionsOf("thread-pool", 2));
    RawClient client(traced.port());
    QVERIFY(isAnswered(client));
    traced.gate().hold();
    std::atomic<bool> hasReturned{false};
    std::thread changing([&] {
        auto options = traced.server().options();
        options.model = "reactor";
        static_cast<void>(traced.server().change(options));
        hasReturned = true;
    });
    QVERIFY(eventually([&] {
        return traced.count([](const Event& event) { return event.type() == EventType::ChangeStarted; }) == 1;
    }));
    QVERIFY(!hasReturned);
    traced.server().announceStop();
    traced.gate().open();
    traced.server().stop();
    changing.join();
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestServerChange)
#include "tst_server_change.moc"
