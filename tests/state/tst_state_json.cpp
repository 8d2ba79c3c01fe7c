// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_json.h"
#include "tests/state/synthetic_run.h"

#include <QtTest>
#include <boost/json.hpp>

using namespace lab;

/// `state --at` prints what the window shows: nothing may be left out, and people can read it.
class StateJsonTest : public QObject {
    Q_OBJECT

private slots:
    void tellsTwoStatesApart();
    void holdsTheNumbers();
    void emptyState();
    void textForAPerson();
};

/// Any event changes the state, so it must change the JSON too.
void StateJsonTest::tellsTwoStatesApart() {
    SyntheticRun run(3);
    run.begin();
    run.proactive(400, 5);
    run.reactive(400, 5);
    const auto glossary = Glossary::of(*run.recording());
    LabState state;
    auto former = boost::json::serialize(toJson(state, glossary));
    for (const auto& event : run.events()) {
        state.apply(event);
        auto now = boost::json::serialize(toJson(state, glossary));
        QVERIFY(now != former);
        former = std::move(now);
    }
    const auto again = SyntheticRun::fold(run.events(), run.events().size());
    QCOMPARE(boost::json::serialize(toJson(again, glossary)), former);
}

void StateJsonTest::holdsTheNumbers() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Outside, 40'000);
    run.add(EventType::OperationInitiated, 2, 12, 77, Operation::Read, 8192);
    run.add(EventType::FileFound, 2, 12, 0, FileSource::CacheHit, 5);
    run.add(EventType::FileEvicted, 2, 12, 0, Eviction::LeastRecentlyUsed, 5);
    run.add(EventType::OctetsHeldBack, 2, 12, 0, HeldBack::Nagle, 5'000);
    const auto glossary = Glossary::of(*run.recording());
    const auto json = toJson(SyntheticRun::fold(run.events(), run.events().size()), glossary);
    QCOMPARE(json.at("next").to_number<std::size_t>(), run.events().size());
    const auto& connection = json.at("connections").at(0);
    QCOMPARE(connection.at("id").to_number<int>(), 12);
    QVERIFY(connection.at("fromOutside").as_bool());
    QCOMPARE(std::string(connection.at("path").as_string()), std::string("/index.html"));
    QCOMPARE(std::string(json.at("operations").at(0).at("kind").as_string()), std::string("read"));
    QVERIFY(json.at("operations").at(0).at("completedBy").is_null());
    QCOMPARE(std::string(json.at("model").as_string()), std::string("proactor-pool"));
    QCOMPARE(json.at("totals").at("accepted").to_number<int>(), 1);
    QCOMPARE(json.at("totals").at("cacheHits").to_number<int>(), 1);
    QCOMPARE(json.at("totals").at("cacheMisses").to_number<int>(), 0);
    QCOMPARE(json.at("totals").at("evictions").to_number<int>(), 1);
    const auto& file = json.at("files").at(0);
    QCOMPARE(std::string(file.at("path").as_string()), std::string("/index.html"));
    QCOMPARE(std::string(file.at("source").as_string()), std::string("cache hit"));
    QVERIFY(file.at("evicted").as_bool());
    QCOMPARE(connection.at("octetsHeldBack").to_number<int>(), 5'000);
}

void StateJsonTest::emptyState() {
    const auto json = toJson({}, {});
    QVERIFY(json.at("last").is_null());
    QVERIFY(json.at("threads").as_array().empty());
    QVERIFY(toText({}, {}).starts_with("Event 0"));
}

void StateJsonTest::textForAPerson() {
    SyntheticRun run(4);
    run.begin();
    run.proactive(2'000, 120);
    const auto glossary = Glossary::of(*run.recording());
    const auto text = QString::fromStdString(toText(SyntheticRun::fold(run.events(), run.events().size()), glossary));
    for (const auto* heading : {"Threads (", "Connections (", "Operations (", "Clients (", "Queues (", "Totals"}) {
        QVERIFY2(text.contains(heading), heading);
    }
    QVERIFY(text.contains("worker-1"));
    QVERIFY(text.contains("and 70 more")); // a table of 120 connections is not for reading
    for (const auto& line : text.split('\n')) {
        QVERIFY2(line.size() <= 140, qPrintable(line));
        QVERIFY2(!line.endsWith(' '), qPrintable(line));
    }
}

QTEST_APPLESS_MAIN(StateJsonTest)
#include "tst_state_json.moc"
