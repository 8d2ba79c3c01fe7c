// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"
#include "engine/run/lab_run.h"
#include "engine/state/narration.h"
#include "engine/trace/trace.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/raw_client.h"
#include "tests/process/process_watch.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <list>
#include <map>
#include <set>

namespace lab::test {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view request = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n";

bool hasAnswer(const std::string& octets) { return octets.ends_with("Hello from the laboratory.\n"); }

/// Asks on a connection that stays open. False: no answer.
bool ask(RawClient& client) {
    client.forget();
    client.send(request);
    return client.readUntil(hasAnswer) == RawClient::Ending::Enough;
}

/// The worker that serves a connection now; 0: none.
int servingProcess(const Server& server, std::uint32_t connection) {
    for (const auto& worker : server.workers()) {
        if (worker.connection == connection) {
            return worker.process;
        }
    }
    return 0;
}

const Event* find(const std::vector<Event>& events, EventType type, std::uint32_t connection) {
    const auto found = std::find_if(events.begin(), events.end(), [&](const Event& event) {
        return event.type() == type && event.connection == connection;
    });
    return found == events.end() ? nullptr : &*found;
}

/// Every event of every actor is there, or told to be lost.
void checkSequences(const std::vector<Event>& events, const Recording& recording) {
    std::map<std::uint16_t, std::uint32_t> next;
    for (const auto& event : events) {
        const auto lost = event.type() == EventType::EventsLost ? static_cast<std::uint32_t>(event.value()) : 0U;
        QCOMPARE(event.sequence(), (next[event.actor] + lost) & 0xffffffU);
        next[event.actor] = event.sequence() + 1;
    }
    const auto total = recording.total();
    QCOMPARE(total.emitted, total.stored + total.lost);
    QCOMPARE(total.stored, events.size());
}

LabRun::Options traffic(const std::string& model) {
    LabRun::Options options{.server = {}, .scenario = {}};
    options.server.model = model;
    options.server.threads = 3;
    options.scenario.id = "processes";
    options.scenario.seed = 3;
    options.scenario.files = {{"a.txt", 500, 2}, {"d/b.bin", 100'000, 1}};
    options.scenario.phases = {{"p", 60, {{.name = "g", .clients = 6, .thinkSeconds = 0.002, .mix = {}}}}};
    options.repeat = true;
    return options;
}

} // namespace

/// What is said of processes: each has its own life, and the lab sees all of them.
class ProcessModelsTest : public QObject {
    Q_OBJECT

private slots:
    void aKilledWorkerCostsOnlyItsConnection_data() { everyModel(); }
    void aKilledWorkerCostsOnlyItsConnection();
    void theLabTellsOfTheKilledOne_data() { everyModel(); }
    void theLabTellsOfTheKilledOne();
    void onlyOwnWorkersCanBeKilled_data() { everyModel(); }
    void onlyOwnWorkersCanBeKilled();
    void noEventIsMissingHoweverOftenWorkersAreKilled_data() { everyModel(); }
    void noEventIsMissingHoweverOftenWorkersAreKilled();
    void countsAndCostsIncludeTheProcesses_data() { everyModel(); }
    void countsAndCostsIncludeTheProcesses();
    void everythingStandsWhileHeld_data() { everyModel(); }
    void everythingStandsWhileHeld();
    void aHeldWorkerCanBeKilled_data() { everyModel(); }
    void aHeldWorkerCanBeKilled();
    void stepsAreThoseOfThreads_data() { everyModel(); }
    void stepsAreThoseOfThreads();
    void placesOfTheSourceAreTheSameInEveryProcess();

private:
    static void everyModel() {
        QTest::addColumn<std::string>("model");
        for (const auto& model : processModels) {
            QTest::newRow(model.c_str()) << model;
        }
    }
    DocumentTree m_tree;
};

void ProcessModelsTest::aKilledWorkerCostsOnlyItsConnection() {
    QFETCH(std::string, model);
    const auto server = startServer(model, m_tree.root(), nullptr);
    RawClient lucky(server->port());
    QVERIFY(ask(lucky));
    RawClient unlucky(server->port());
    QVERIFY(ask(unlucky));
    QVERIFY(eventually([&] { return server->counts().requests == 2; })); // counted when the client has its answer
    const int victim = servingProcess(*server, 2);
    QVERIFY(victim != 0);
    QVERIFY(victim != servingProcess(*server, 1));
    QCOMPARE(::kill(victim, SIGKILL), 0);
    const auto ending = unlucky.readToEnd();
    QVERIFY(ending == RawClient::Ending::Closed || ending == RawClient::Ending::Reset);
    QVERIFY(ask(lucky));
    // As many clients at once as there were workers before, so that the killed one has to be replaced.
    std::list<RawClient> others;
    for (int count = 0; count < 2; ++count) {
        others.emplace_back(server->port());
        QVERIFY(ask(others.back()));
    }
    QVERIFY(eventually([&] { return server->counts().closed == 1; }));
    QCOMPARE(server->counts().accepted, std::uint64_t{4});
    QVERIFY(eventually([&] { return server->counts().requests == 5; }));
}

void ProcessModelsTest::theLabTellsOfTheKilledOne() {
    QFETCH(std::string, model);
    Recording recording;
    RunInfo info;
    info.family = "synchronous";
    recording.setInfo(std::move(info));
    Trace trace(recording);
    auto server = startServer(model, m_tree.root(), &trace);
    RawClient client(server->port());
    QVERIFY(ask(client));
    QVERIFY(ask(client));
    QVERIFY(eventually([&] { return server->counts().requests == 2; }));
    const int victim = servingProcess(*server, 1);
    QVERIFY(server->killWorker(victim).has_value());
    client.readToEnd();
    QVERIFY(eventually([&] { return server->counts().open() == 0; }));
    server.reset();
    trace.stop();

    const auto events = eventsOf(recording);
    const auto* closed = find(events, EventType::ConnectionClosed, 1);
    QVERIFY(closed != nullptr);
    QCOMPARE(closed->kindAs<CloseReason>(), CloseReason::ProcessEnded);
    QCOMPARE(closed->value(), 2);
    const auto ended = std::find_if(events.begin(), events.end(), [&](const Event& event) {
        return event.type() == EventType::ProcessEnded && endedProcess(event.value()) == victim;
    });
    QVERIFY(ended != events.end());
    QCOMPARE(ended->kindAs<ProcessEnd>(), ProcessEnd::Killed);
    QCOMPARE(processEndCode(ended->value()), SIGKILL);
    QCOMPARE(ended->actor, closed->actor);

    LabState state;
    const auto glossary = Glossary::of(recording);
    for (const auto& event : events) {
        if (&event == &*ended) {
            const auto sentence = narrate(event, state, glossary);
            QVERIFY2(sentence.find("Process " + std::to_string(victim) + " was ended by signal 9") == 0,
                     sentence.c_str());
        }
        state.apply(event);
    }
    QCOMPARE(state.totals.processesKilled, std::uint64_t{1});
    QCOMPARE(state.totals.accepted, state.totals.closed);
    QCOMPARE(state.connections.size(), std::size_t{0});
    QCOMPARE(state.totals.threadsAlive, std::uint64_t{0});
    checkSequences(events, recording);
}

void ProcessModelsTest::onlyOwnWorkersCanBeKilled() {
    QFETCH(std::string, model);
    const auto server = startServer(model, m_tree.root(), nullptr);
    RawClient client(server->port());
    QVERIFY(ask(client));
    QVERIFY(!server->killWorker(::getpid()).has_value());
    QVERIFY(!server->killWorker(::getppid()).has_value());
    QVERIFY(!server->killWorker(0).has_value());
    QVERIFY(ask(client));
}

void ProcessModelsTest::noEventIsMissingHoweverOftenWorkersAreKilled() {
    QFETCH(std::string, model);
    auto started = LabRun::start(traffic(model));
    QVERIFY2(started.has_value(), started.has_error() ? started.error().message.c_str() : "");
    auto run = std::move(*started);
    auto& server = run->server();
    for (std::uint64_t round = 0; round < 20; ++round) {
        const auto before = server.counts().requests;
        QVERIFY(eventually([&] { return server.counts().requests > before + 5; }));
        auto workers = server.workers();
        if (!workers.empty()) {
            ::kill(workers[round % workers.size()].process, SIGKILL); // in the middle of whatever it does
        }
    }
    const auto before = server.counts().requests;
    QVERIFY(eventually([&] { return server.counts().requests > before + 20; }));
    run->stop();
    QCOMPARE(server.counts().open(), std::uint64_t{0});
    const auto events = eventsOf(*run->recording());
    checkSequences(events, *run->recording());
    std::multiset<std::uint32_t> accepted;
    std::multiset<std::uint32_t> closed;
    std::multiset<std::int64_t> begun;
    std::multiset<std::int64_t> ended;
    for (const auto& event : events) {
        if (event.type() == EventType::ProcessStarted) {
            begun.insert(event.value());
        } else if (event.type() == EventType::ProcessEnded) {
            ended.insert(endedProcess(event.value()));
        }
        if (event.type() == EventType::ConnectionAccepted) {
            accepted.insert(event.connection);
        } else if (event.type() == EventType::ConnectionClosed) {
            closed.insert(event.connection);
        }
    }
    QCOMPARE(closed, accepted); // each once
    // Each that has said that it begins has ended; one may have been killed before it could say so.
    QVERIFY(std::includes(ended.begin(), ended.end(), begun.begin(), begun.end()));
    QVERIFY(ended.size() - begun.size() <= 20);
    QVERIFY(countOf(events, EventType::ThreadEnded) >= countOf(events, EventType::ThreadStarted));
}

void ProcessModelsTest::countsAndCostsIncludeTheProcesses() {
    QFETCH(std::string, model);
    const auto server = startServer(model, m_tree.root(), nullptr);
    const auto idle = server->usage();
    constexpr std::uint64_t requests = 200;
    std::list<RawClient> clients;
    for (int count = 0; count < 3; ++count) {
        clients.emplace_back(server->port());
    }
    for (std::uint64_t count = 0; count < requests; ++count) {
        QVERIFY(ask(*std::next(clients.begin(), static_cast<int>(count % clients.size()))));
    }
    QVERIFY(eventually([&] { return server->counts().requests == requests; }));
    QCOMPARE(server->counts().accepted, std::uint64_t{3});
    QCOMPARE(server->workers().size(), std::size_t{3});
    const auto busy = server->usage();
    QVERIFY(busy.processorNanoseconds > idle.processorNanoseconds);
    QVERIFY(busy.voluntarySwitches > idle.voluntarySwitches);
    QCOMPARE(busy.threads, std::size_t{4}); // with the parent
    QCOMPARE(busy.peakThreads, std::size_t{4});
    const auto cache = server->cacheCounts(); // each process has a cache of its own
    QCOMPARE(cache.hits + cache.misses, requests);
    QCOMPARE(cache.misses, std::uint64_t{3});
    server->stop();
    const auto ended = server->usage();
    QCOMPARE(ended.threads, std::size_t{0});
    QCOMPARE(ended.peakThreads, std::size_t{4});
    QVERIFY(ended.processorNanoseconds >= busy.processorNanoseconds);
    QCOMPARE(server->counts().closed, std::uint64_t{3});
}

/// Held in the middle of traffic, no process makes an event, the lab's time stands, and a step is one event.
void ProcessModelsTest::everythingStandsWhileHeld() {
    QFETCH(std::string, model);
    auto run = std::move(LabRun::start(traffic(model)).value());
    auto& stepper = *run->stepper();
    auto& server = run->server();
    QVERIFY(eventually([&] { return server.counts().requests > 20; }));
    stepper.hold();
    QVERIFY(stepper.waitUntilHeld(10s));
    // A worker that is about to come to the gate does so; then nothing moves.
    QTest::qWait(300);
    const auto requests = server.counts().requests;
    const auto time = run->gate().now();
    QTest::qWait(600); // longer than any blocking call lasts
    QCOMPARE(server.counts().requests, requests);
    QCOMPARE(run->gate().now(), time);
    // Each step is one event, and goes to processes, too.
    const auto before = eventsOf(*run->recording());
    for (int step = 0; step < 50; ++step) {
        stepper.step(*Condition::parse("event"));
        QVERIFY2(stepper.waitUntilHeld(10s), stepper.stuck().c_str());
    }
    const auto after = eventsOf(*run->recording());
    QVERIFY(countOf(after, EventType::RequestParsed) > countOf(before, EventType::RequestParsed));
    stepper.goOn();
    QVERIFY(eventually([&] { return server.counts().requests > requests + 20; }));
    run->stop();
    checkSequences(eventsOf(*run->recording()), *run->recording());
}

void ProcessModelsTest::aHeldWorkerCanBeKilled() {
    QFETCH(std::string, model);
    auto run = std::move(LabRun::start(traffic(model)).value());
    auto& stepper = *run->stepper();
    auto& server = run->server();
    QVERIFY(eventually([&] { return server.counts().requests > 20; }));
    stepper.step(*Condition::parse("request-parsed"));
    QVERIFY(stepper.waitUntilHeld(10s));
    // The one that has parsed it comes to the gate with its next event.
    WorkerProcess victim;
    QVERIFY(eventually([&] {
        const auto workers = server.workers();
        for (const auto& one : stepper.candidates()) {
            const auto at = std::find_if(workers.begin(), workers.end(), [&](const auto& worker) {
                return !one.isClient && worker.actor == one.pending.actor;
            });
            victim = at != workers.end() ? *at : victim;
        }
        return victim.process != 0;
    }));
    QVERIFY(server.killWorker(victim.process).has_value());
    QVERIFY(eventually([&] {
        const auto workers = server.workers();
        return std::none_of(workers.begin(), workers.end(),
                            [&](const auto& one) { return one.process == victim.process; });
    }));
    const auto candidates = stepper.candidates();
    QVERIFY(std::none_of(candidates.begin(), candidates.end(),
                         [&](const Candidate& one) { return one.pending.actor == victim.actor && !one.isClient; }));
    stepper.goOn();
    const auto requests = server.counts().requests;
    QVERIFY(eventually([&] { return server.counts().requests > requests + 20; }));
    run->stop();
    checkSequences(eventsOf(*run->recording()), *run->recording());
}

/// The six steps of the thread pool, with processes as its threads; and those of a thread of its own.
void ProcessModelsTest::stepsAreThoseOfThreads() {
    QFETCH(std::string, model);
    auto run = std::move(LabRun::start(traffic(model)).value());
    QVERIFY(eventually([&] { return run->server().counts().requests > 50; }));
    run->stop();
    const auto all = recogniseSteps(run->recording()->view());
    QVERIFY(!all.empty());
    for (const auto& found : all) {
        QCOMPARE(found.sequence->id, model == "prefork" ? std::string_view("thread-pool") : "own-thread");
    }
}

void ProcessModelsTest::placesOfTheSourceAreTheSameInEveryProcess() {
    auto run = std::move(LabRun::start(traffic("process-per-connection")).value());
    QVERIFY(eventually([&] { return run->server().counts().requests > 30; }));
    run->stop();
    const auto sites = run->recording()->sites();
    const auto names = run->recording()->names();
    std::set<std::uint16_t> parsing;
    std::set<std::uint16_t> actors;
    std::set<std::string> files;
    for (const auto& event : eventsOf(*run->recording())) {
        QVERIFY(event.site != 0 && event.site < sites.size());
        QCOMPARE(sites[event.site].type, event.type());
        if (event.type() == EventType::RequestParsed) {
            parsing.insert(event.site);
            actors.insert(event.actor);
        } else if (event.type() == EventType::FileFound) {
            files.insert(names.at(static_cast<std::size_t>(event.value())));
        }
    }
    QVERIFY(actors.size() > 1);
    QCOMPARE(parsing.size(), std::size_t{1});
    QCOMPARE(files, (std::set<std::string>{"/a.txt", "/d/b.bin"}));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::ProcessModelsTest)
#include "tst_process_models.moc"
