// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pattern_steps.h"
#include "engine/concurrency/model.h"
#include "engine/run/lab_run.h"

#include <QTest>

#include <algorithm>
#include <map>
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

std::shared_ptr<Recording> recordingOf(std::string_view model) {
    LabRun::Options options;
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

std::vector<RecognisedSequence> recognise(const std::vector<Event>& events) {
    std::vector<RecognisedSequence> all;
    StepRecogniser recogniser([&](const RecognisedSequence& found) { all.push_back(found); });
    for (std::size_t index = 0; index < events.size(); ++index) {
        recogniser.apply(events[index], index);
    }
    return all;
}

} // namespace

class TestPatternSteps : public QObject {
    Q_OBJECT

private slots:
    void everyModelShowsItsOwnSteps_data();
    void everyModelShowsItsOwnSteps();
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
    case Family::Proactive:
        QCOMPARE(counts["proactor-get"], responses);
        QCOMPARE(counts["proactor-connect"], count(view, EventType::ConnectionAccepted));
        QVERIFY(counts["proactor-collaborations"] >= 2 * responses);
        QCOMPARE(counts["thread-pool"] + counts["reactor"], std::size_t{0});
        break;
    case Family::Reactive:
        QCOMPARE(counts["reactor"], responses);
        QCOMPARE(counts.size(), std::size_t{1});
        break;
    default:
        // Who hands a connection to another thread does not do what the pool's steps say.
        if (id == "thread-per-request") {
            QVERIFY(counts.empty());
        } else {
            QVERIFY(counts["thread-pool"] > 0);
            QVERIFY(counts["thread-pool"] <= count(view, EventType::ConnectionAccepted));
            QCOMPARE(counts.size(), std::size_t{1});
        }
        break;
    }
}

void TestPatternSteps::aWrongOrderIsNotRecognised_data() {
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("sequence");
    QTest::addColumn<int>("from"); // the first step that has an event of its own in this order
    QTest::newRow("thread pool") << std::string("thread-pool") << std::string("thread-pool") << 2;
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
