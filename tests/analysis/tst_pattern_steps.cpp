// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"
#include "engine/concurrency/model.h"
#include "engine/dispatch/processor_list.h"
#include "engine/run/lab_run.h"
#include "engine/server/server_setting.h"
#include "engine/state/work_of.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace lab;

namespace {

constexpr std::string_view scenario = R"({
    "title": "A few clients", "description": "Keep-alive and not, small files and one that is not kept in memory",
    "seed": 7,
    "files": [{"path": "small.txt", "octets": 500, "share": 3}, {"path": "large.bin", "octets": 300000, "share": 1}],
    "phases": [{"name": "all", "seconds": 0.6, "groups": [
        {"name": "kept", "clients": 2, "thinkSeconds": 0.01, "keepAlive": true, "requestsPerConnection": 3},
        {"name": "single", "clients": 1, "thinkSeconds": 0.01, "keepAlive": false}]}]
})";

std::shared_ptr<Recording> recordingOf(std::string_view model, const ServerOptions& server = {}) {
    LabRun::Options options;
    options.server = server;
    options.scenario = parseScenario(scenario, "steps.json").value();
    options.server.model = model;
    auto run = LabRun::start(std::move(options)).value();
    while (!run->trafficDone()) {
        QTest::qWait(20);
    }
    run->stop();
    return run->recording();
}

std::map<std::string_view, std::size_t> countById(const std::vector<RecognisedSequence>& all) {
    std::map<std::string_view, std::size_t> counts;
    for (const auto& found : all) {
        ++counts[found.sequence->id];
    }
    return counts;
}

std::size_t count(const RecordingView& view, EventType type) {
    std::size_t found = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        found += view[index].type() == type ? 1 : 0;
    }
    return found;
}

std::string_view stepsOfSynchronous(std::string_view model) {
    if (model == "thread-per-request") {
        return model;
    }
    if (model == "thread-per-session" || model == "process-per-connection") {
        return "own-thread";
    }
    return model == "thread-pool-queue" ? "active-object" : "thread-pool";
}

std::string_view stepsOfReactive(std::string_view model) {
    return model == "half-sync-half-async" || model == "leader-followers" ? model : "reactor";
}

std::vector<RecognisedSequence> recognise(const std::vector<Event>& events) {
    std::vector<RecognisedSequence> all;
    StepRecogniser recogniser([&](const RecognisedSequence& found) { all.push_back(found); });
    for (std::size_t index = 0; index < events.size(); ++index) {
        recogniser.apply(events[index], index);
    }
    return all;
}

/// Connections whose accept took all its steps: all, but for such as came while the server was ending, or before it
/// waited for the first time.
std::size_t welcomed(const RecordingView& view) {
    std::set<std::uint32_t> early;   // accept operations
    std::set<std::uint32_t> waiting; // connections
    std::map<std::uint16_t, std::uint32_t> accepts;
    std::size_t welcomed = 0;
    bool waited = false;
    bool ending = false;
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        const bool ofAccept = event.kindAs<Operation>() == Operation::Accept;
        switch (event.type()) {
        case EventType::DrainStarted: ending = true; break;
        case EventType::CallEntered: waited = waited || isWaitForCompletions(event.kindAs<SystemCall>()); break;
        case EventType::OperationCompleted:
            if (ofAccept && !waited) {
                early.insert(event.operation);
            }
            break;
        case EventType::HookEntered: accepts[event.actor] = event.operation; break;
        case EventType::ConnectionAccepted:
            if (!early.contains(accepts[event.actor])) {
                waiting.insert(event.connection);
            }
            break;
        case EventType::OperationInitiated:
            welcomed += event.kindAs<Operation>() == Operation::Read ? waiting.erase(event.connection) : 0;
            break;
        case EventType::ConnectionClosed:
            if (!ending && waiting.contains(event.connection)) {
                return 0; // nobody was there for it
            }
            break;
        default: break;
        }
    }
    return welcomed;
}

} // namespace

class TestPatternSteps : public QObject {
    Q_OBJECT

private slots:
    void everyModelShowsItsOwnSteps_data();
    void everyModelShowsItsOwnSteps();
    void everyTransferShowsItsOwnSteps_data();
    void everyTransferShowsItsOwnSteps();
    void aWrongOrderIsNotRecognised_data();
    void aWrongOrderIsNotRecognised();
};

void TestPatternSteps::everyModelShowsItsOwnSteps_data() {
    QTest::addColumn<std::string>("id");
    for (const auto& model : models()) {
        QTest::newRow(std::string(model.id).c_str()) << std::string(model.id);
    }
}

/// Each answered request is one run through the family's sequence, and no other family's sequence is seen.
void TestPatternSteps::everyModelShowsItsOwnSteps() {
    QFETCH(std::string, id);
    const auto recording = recordingOf(id);
    const auto view = recording->view();
    const auto responses = count(view, EventType::ResponseSent);
    QVERIFY(responses > 3);
    const auto all = recogniseSteps(view);
    for (const auto& found : all) {
        QVERIFY(found.complete());
        auto events = found.events;
        std::erase(events, RecognisedSequence::unseen);
        // What a client does before the server knows of it may stand anywhere before the server's own steps.
        if (found.sequence->id != "proactor-connect") {
            QVERIFY(std::is_sorted(events.begin(), events.end()));
        }
    }
    auto counts = countById(all);
    switch (findModel(id)->family) {
    case Family::Adaptive: // whoever performs an operation
    case Family::Proactive:
        QCOMPARE(counts["proactor-get"], responses);
        QCOMPARE(counts["proactor-connect"], welcomed(view));
        QVERIFY(counts["proactor-collaborations"] >= 2 * responses);
        QCOMPARE(counts["thread-pool"] + counts["reactor"], std::size_t{0});
        break;
    case Family::Reactive:
        QCOMPARE(counts[stepsOfReactive(id)], responses);
        QCOMPARE(counts.size(), std::size_t{1});
        break;
    default: {
        // Who hands a connection to another thread does not do what the pool's steps say.
        const auto own = stepsOfSynchronous(id);
        QVERIFY(counts[own] > 0);
        QVERIFY(counts[own] <= count(view, EventType::ConnectionAccepted));
        QCOMPARE(counts.size(), std::size_t{1});
        break;
    }
    }
}

void TestPatternSteps::everyTransferShowsItsOwnSteps_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("processor");
    QTest::addColumn<int>("transfer");
    for (const auto* model : {"proactor", "proactor-pool", "proactor-coroutines"}) {
        for (const auto& processor : processors()) {
            if (!processor.whyUnavailable().empty()) {
                continue;
            }
            for (const auto transfer : processor.transfers) {
                ServerOptions named;
                named.transfer = transfer;
                const auto name = std::string(model) + ", " + std::string(processor.id) + ", " +
                                  findServerSetting("transfer")->text(named);
                QTest::newRow(name.c_str())
                    << QString(model) << static_cast<int>(processor.kind) << static_cast<int>(transfer);
            }
        }
    }
}

/// Files that are not in memory show the steps of their transfer, each once; those that are show figure 4's.
void TestPatternSteps::everyTransferShowsItsOwnSteps() {
    QFETCH(const QString, model);
    QFETCH(const int, processor);
    QFETCH(const int, transfer);
    ServerOptions server;
    server.processor = static_cast<ProcessorKind>(processor);
    server.transfer = static_cast<FileTransfer>(transfer);
    const auto recording = recordingOf(model.toStdString(), server);
    const auto view = recording->view();
    std::map<std::string_view, std::size_t> wanted;
    for (auto index = view.first(); index < view.end(); ++index) {
        if (view[index].type() == EventType::ResponseStarted) {
            switch (view[index].kindAs<Transfer>()) {
            case Transfer::ReadWrite: ++wanted["proactor-get-read-write"]; break;
            case Transfer::AsyncReadWrite: ++wanted["proactor-get-async-read-write"]; break;
            default: ++wanted["proactor-get"];
            }
        }
    }
    const auto all = recogniseSteps(view);
    auto counts = countById(all);
    QCOMPARE(count(view, EventType::ResponseStarted), count(view, EventType::ResponseSent));
    for (const auto* id : {"proactor-get", "proactor-get-read-write", "proactor-get-async-read-write"}) {
        QCOMPARE(counts[id], wanted[id]);
    }
    QCOMPARE(counts["proactor-connect"], welcomed(view));
    for (const auto& found : all) {
        auto events = found.events;
        std::erase(events, RecognisedSequence::unseen);
        QVERIFY(found.sequence->id == "proactor-connect" || std::is_sorted(events.begin(), events.end()));
    }
}

void TestPatternSteps::aWrongOrderIsNotRecognised_data() {
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("sequence");
    QTest::addColumn<int>("from"); // the first step that has an event of its own in this order
    QTest::newRow("thread pool") << std::string("thread-pool") << std::string("thread-pool") << 2;
    QTest::newRow("active object") << std::string("thread-pool-queue") << std::string("active-object") << 1;
    QTest::newRow("thread per request") << std::string("thread-per-request") << std::string("thread-per-request") << 1;
    QTest::newRow("own thread") << std::string("thread-per-session") << std::string("own-thread") << 1;
    QTest::newRow("half-sync") << std::string("half-sync-half-async") << std::string("half-sync-half-async") << 2;
    QTest::newRow("several loops") << std::string("reactor-self-managed") << std::string("reactor") << 3;
    QTest::newRow("leader and followers") << std::string("leader-followers") << std::string("leader-followers") << 2;
    QTest::newRow("reactor") << std::string("reactor") << std::string("reactor") << 3;
    QTest::newRow("a client connects") << std::string("proactor") << std::string("proactor-connect") << 5;
    QTest::newRow("a client sends a GET") << std::string("proactor-pool") << std::string("proactor-get") << 2;
    QTest::newRow("collaborations") << std::string("proactor") << std::string("proactor-collaborations") << 1;
}

/// The events of one instance alone are recognised; with any two neighbouring steps exchanged, they are not.
void TestPatternSteps::aWrongOrderIsNotRecognised() {
    QFETCH(std::string, model);
    QFETCH(std::string, sequence);
    QFETCH(int, from);
    const auto recording = recordingOf(model);
    const auto view = recording->view();
    const auto all = recogniseSteps(view);
    const auto instance =
        std::find_if(all.begin(), all.end(), [&](const auto& found) { return found.sequence->id == sequence; });
    QVERIFY(instance != all.end());

    std::vector<Event> events;
    for (auto index = view.first(); index <= instance->events.back(); ++index) {
        events.push_back(view[index]);
    }
    const auto isThere = [&](const std::vector<Event>& stream) {
        const auto found = recognise(stream);
        return std::any_of(found.begin(), found.end(), [&](const auto& other) {
            return other.sequence == instance->sequence && other.connection == instance->connection &&
                   other.operation == instance->operation && other.events.back() == instance->events.back();
        });
    };
    QVERIFY(isThere(events));
    const auto& steps = instance->events;
    for (auto step = static_cast<std::size_t>(from); step < steps.size(); ++step) {
        auto wrong = events;
        std::swap(wrong[steps[step - 1]], wrong[steps[step]]);
        QVERIFY2(!isThere(wrong), ("steps " + std::to_string(step) + " and " + std::to_string(step + 1)).c_str());
    }
}

QTEST_GUILESS_MAIN(TestPatternSteps)
#include "tst_pattern_steps.moc"
