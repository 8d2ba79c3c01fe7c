// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange/chrome_trace.h"
#include "engine/exchange/exporters.h"
#include "tests/state/synthetic_run.h"

#include <QtTest>
#include <boost/json.hpp>

#include <fstream>
#include <map>
#include <sstream>

using namespace lab;
namespace json = boost::json;

namespace {

json::array exported(const Recording& recording) {
    std::stringstream out;
    if (!writeChromeTrace(recording, out)) {
        return {};
    }
    return json::parse(out.str()).at("traceEvents").as_array();
}

char phaseOf(const json::value& event) { return event.at("ph").as_string().front(); }
std::string nameOf(const json::value& event) { return std::string(event.at("name").as_string()); }

} // namespace

/// Importers drop what they do not like without a word, so the rules that they have are checked here.
class ChromeTraceTest : public QObject {
    Q_OBJECT

private slots:
    void slicesAndPairsMatch_data();
    void slicesAndPairsMatch();
    void countsAreOurOwn();
    void flowsLeadFromInitiationToHook();
    void namesOfProcessesAndThreads();
    void lostEventsAreShown();
    void strangeNamesStayJson();
    void tellsWhenTheOutputIsFull();
    void isInTheListOfExporters();
};

void ChromeTraceTest::slicesAndPairsMatch_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("all families") << 0;
    QTest::newRow("beginning in the middle") << 1;
    QTest::newRow("damaged") << 2;
}

void ChromeTraceTest::slicesAndPairsMatch() {
    QFETCH(int, kind);
    SyntheticRun run(2);
    run.begin(3);
    run.proactive(3'000, 10);
    run.reactive(3'000, 10);
    run.synchronous(3'000, 3);
    auto events = run.events();
    if (kind == 1) {
        events.erase(events.begin(), events.begin() + 1'234);
    } else if (kind == 2) {
        SyntheticRun damaged(5);
        damaged.damaged(5'000);
        events = damaged.events();
        std::uint64_t time = 0;
        for (auto& event : events) {
            event.time = time += 100;
        }
    }
    Recording recording;
    recording.append(events);
    std::map<std::pair<int, int>, std::vector<std::string>> slices;
    std::map<std::pair<int, int>, double> lastBegin;
    std::map<std::string, std::string> pairs;
    std::map<std::int64_t, int> flows;
    for (const auto& event : exported(recording)) {
        const auto phase = phaseOf(event);
        const std::pair thread{event.at("pid").to_number<int>(), event.at("tid").to_number<int>()};
        if (phase == 'B') {
            slices[thread].push_back(nameOf(event));
            lastBegin[thread] = event.at("ts").to_number<double>();
        } else if (phase == 'E') {
            QVERIFY(!slices[thread].empty());
            QCOMPARE(nameOf(event), slices[thread].back()); // the Firefox Profiler refuses a file without it
            slices[thread].pop_back();
            QVERIFY(event.at("ts").to_number<double>() > lastBegin[thread]); // speedscope would take it for no end
        } else if (phase == 'b' || phase == 'e') {
            const auto id = std::string(event.at("cat").as_string()) +
                            std::to_string(event.at("pid").to_number<int>()) + "/" +
                            std::to_string(event.at("id").to_number<std::int64_t>());
            QCOMPARE(pairs.contains(id), phase == 'e');
            if (phase == 'b') {
                pairs[id] = nameOf(event);
            } else {
                QCOMPARE(nameOf(event), pairs[id]);
                pairs.erase(id);
            }
        } else if (phase == 's') {
            ++flows[event.at("id").to_number<std::int64_t>()];
        } else if (phase == 'f') {
            QCOMPARE(std::string(event.at("bp").as_string()), std::string("e"));
            QVERIFY(--flows[event.at("id").to_number<std::int64_t>()] >= 0);
        } else {
            QVERIFY2(phase == 'M' || phase == 'i' || phase == 'C', std::string(1, phase).c_str());
        }
    }
    for (const auto& [thread, open] : slices) {
        QVERIFY(open.empty());
    }
    QVERIFY(pairs.empty());
}

void ChromeTraceTest::countsAreOurOwn() {
    SyntheticRun run(2);
    run.begin(3);
    run.proactive(3'000, 10);
    const auto recording = run.recording();
    const auto state = SyntheticRun::fold(run.events(), run.events().size());
    std::map<std::string, std::uint64_t> begun;
    std::uint64_t hooks = 0;
    double last = 0;
    for (const auto& event : exported(*recording)) {
        if (phaseOf(event) == 'b') {
            ++begun[std::string(event.at("cat").as_string())];
        }
        hooks += phaseOf(event) == 'B' && nameOf(event).starts_with("handle_") ? 1 : 0;
        if (const auto* time = event.as_object().if_contains("ts")) {
            QVERIFY(time->to_number<double>() >= last);
            last = time->to_number<double>();
        }
    }
    QCOMPARE(begun["operation"], state.totals.operations);
    QCOMPARE(begun["request"], state.totals.clientRequests);
    QCOMPARE(begun["connection"], state.totals.accepted);
    QCOMPARE(begun["queue"], state.completionQueue.pushed);
    QCOMPARE(hooks, state.totals.hooks);
    QVERIFY(last > 0 && last <= static_cast<double>(state.time) / 1000 + 0.001); // since the start, in µs
}

void ChromeTraceTest::flowsLeadFromInitiationToHook() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::OperationInitiated, 2, 12, 77, Operation::Read, 8192);
    run.add(EventType::OperationCompleted, 2, 12, 77, Operation::Read, 312);
    run.add(EventType::QueuePushed, 2, 12, 77, Queue::Completion, 1);
    run.add(EventType::QueuePopped, 3, 12, 77, Queue::Completion, 0);
    run.add(EventType::HookEntered, 3, 12, 77, Hook::HandleRead);
    run.add(EventType::HookLeft, 3, 12, 77, Hook::HandleRead);
    std::string story;
    for (const auto& event : exported(*run.recording())) {
        if (std::string_view("BEsf").find(phaseOf(event)) != std::string_view::npos) {
            story += std::string(1, phaseOf(event)) + std::to_string(event.at("tid").to_number<int>()) + " ";
        }
    }
    QCOMPARE(story, std::string("B3 s3 E3 B4 f4 E4 "));
}

void ChromeTraceTest::namesOfProcessesAndThreads() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::ClientConnecting, 1, 4, 0, 0, 50'000);
    std::map<std::string, int> processOf;
    for (const auto& event : exported(*run.recording())) {
        if (phaseOf(event) == 'M') {
            processOf[std::string(event.at("args").at("name").as_string())] = event.at("pid").to_number<int>();
        }
    }
    QCOMPARE(processOf.at("worker-1"), 1);
    QCOMPARE(processOf.at("traffic"), 2);
    QCOMPARE(processOf.at("Traffic"), 2);
}

void ChromeTraceTest::lostEventsAreShown() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::EventsLost, 2, 0, 0, 0, 1'500);
    const auto recording = run.recording();
    recording->setCounts({{1'508, 8, 1'500}});
    bool shown = false;
    for (const auto& event : exported(*recording)) {
        shown = shown || nameOf(event) == "1,500 events lost";
    }
    QVERIFY(shown);
    std::stringstream out;
    QVERIFY(writeChromeTrace(*recording, out).has_value());
    QCOMPARE(json::parse(out.str()).at("otherData").at("eventsLost").to_number<int>(), 1'500);
}

void ChromeTraceTest::strangeNamesStayJson() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::ClientRequestSent, 1, 4, 1, 0, 1);
    Recording recording;
    recording.setNames({"", "/\"quoted\"\n\\\x01\xff\xc3/größe", "b", "c"});
    recording.append(run.events());
    const auto events = exported(recording);
    QVERIFY(!events.empty());
    bool found = false;
    for (const auto& event : events) {
        // What is not UTF-8 is left out, with what it swallowed.
        found = found || (nameOf(event).starts_with("GET /\"quoted\"\n\\\x01") && nameOf(event).ends_with("größe"));
    }
    QVERIFY(found);
}

void ChromeTraceTest::tellsWhenTheOutputIsFull() {
    SyntheticRun run;
    run.begin();
    run.proactive(3'000, 10);
    std::ofstream full("/dev/full");
    QVERIFY(!writeChromeTrace(*run.recording(), full).has_value());
}

void ChromeTraceTest::isInTheListOfExporters() {
    QVERIFY(findExporter("chrome") != nullptr);
    QVERIFY(findExporter("nothing of the kind") == nullptr);
    for (const auto& exporter : exporters()) {
        std::stringstream out;
        QVERIFY(exporter.write(Recording(), out).has_value());
        QVERIFY(!out.str().empty() && !exporter.title.empty() && !exporter.ending.empty());
    }
}

QTEST_APPLESS_MAIN(ChromeTraceTest)
#include "tst_chrome_trace.moc"
