// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stepping/condition.h"
#include "engine/stepping/step_kind.h"

#include <QTest>

#include <set>

namespace lab {

/// If these fail, a run stops somewhere else than where it was told to.
class ConditionTest : public QObject {
    Q_OBJECT

private slots:
    void everyKindIsFoundByItsId();
    void textIsReadBack_data();
    void textIsReadBack();
    void mistakesAreNamed_data();
    void mistakesAreNamed();
    void wordsArePartOfASentence();
    void holdsAtTheFirstEvent_data();
    void holdsAtTheFirstEvent();
    void closedConnectionsDoNotCount();
    void latencyIsOfOneRequest();
};

namespace {

Event makeEvent(EventType type, std::int64_t value = 0, std::uint32_t connection = 1) {
    return {.time = 0,
            .kindAndValue = Event::pack(0, value),
            .connection = connection,
            .operation = 0,
            .typeAndSequence = static_cast<std::uint32_t>(type),
            .actor = 0,
            .site = 0};
}

ConditionWatch watchFor(const char* text) { return {*Condition::parse(text), 0}; }

} // namespace

void ConditionTest::everyKindIsFoundByItsId() {
    std::set<std::string_view> ids;
    for (const auto& kind : stepKinds()) {
        QVERIFY(ids.insert(kind.id).second);
        QCOMPARE(findStepKind(kind.id), &kind);
        QVERIFY(!kind.title.empty());
        QVERIFY(kind.about.ends_with('.'));
        bool everEnds = false;
        for (int type = 0; type < static_cast<int>(EventType::Count); ++type) {
            everEnds = everEnds || kind.ends(makeEvent(static_cast<EventType>(type)));
        }
        QVERIFY(everEnds);
    }
    QCOMPARE(findStepKind("no-such-step"), nullptr);
}

void ConditionTest::textIsReadBack_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"time >= 1.5", "event >= 88310", "thread is dispatcher-2", "thread is event loop",
                             "queue-depth >= 3", "connections >= 50", "latency >= 0.25"}) {
        QTest::newRow(text) << QString(text);
    }
    for (const auto& kind : stepKinds()) {
        QTest::newRow(kind.id.data()) << QString::fromLatin1(kind.id.data());
    }
}

void ConditionTest::textIsReadBack() {
    QFETCH(const QString, text);
    const auto condition = Condition::parse(text.toStdString());
    QVERIFY(condition.has_value());
    QCOMPARE(condition->text(), text.toStdString());
    QVERIFY(condition->words().starts_with("until "));
    const auto spaced = Condition::parse("  " + text.toStdString() + " ");
    QVERIFY(spaced.has_value());
    QCOMPARE(spaced->text(), text.toStdString());
}

void ConditionTest::mistakesAreNamed_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << ""
                             << "the condition is empty";
    QTest::newRow("unknown") << "completions"
                             << "did you mean \"completion\"?";
    QTest::newRow("what there is") << "xyzzy"
                                   << "queue-depth >= N";
    QTest::newRow("no number") << "time >="
                               << "the number is missing";
    QTest::newRow("no sign") << "time"
                             << "the number is missing";
    QTest::newRow("a word") << "connections >= many"
                            << "\"many\" is not right";
    QTest::newRow("half an event") << "event >= 1.5"
                                   << "must be an event's number";
    QTest::newRow("below zero") << "latency >= -1"
                                << "not below 0";
    QTest::newRow("no name") << "thread is "
                             << "thread is NAME";
}

void ConditionTest::mistakesAreNamed() {
    QFETCH(const QString, text);
    QFETCH(const QString, says);
    const auto condition = Condition::parse(text.toStdString());
    QVERIFY(!condition.has_value());
    QVERIFY2(condition.error().message.find(says.toStdString()) != std::string::npos,
             condition.error().message.c_str());
}

void ConditionTest::wordsArePartOfASentence() {
    QCOMPARE(Condition::parse("queue-depth >= 3")->words(), std::string("until 3 items wait in a queue"));
    QCOMPARE(Condition::parse("queue-depth >= 1")->words(), std::string("until 1 item waits in a queue"));
    QCOMPARE(Condition::parse("event >= 88310")->words(), std::string("until event 88,310"));
    QCOMPARE(Condition::parse("accept")->words(), std::string("until a connection is accepted"));
}

void ConditionTest::holdsAtTheFirstEvent_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("at"); // which of the ten events below
    QTest::newRow("event") << "event" << 0;
    QTest::newRow("number") << "event >= 4" << 4;
    QTest::newRow("time") << "time >= 0.005" << 5;
    QTest::newRow("thread") << "thread is other" << 3;
    QTest::newRow("queue") << "queue-depth >= 2" << 6;
    QTest::newRow("connections") << "connections >= 2" << 2;
    QTest::newRow("accept") << "accept" << 1;
    QTest::newRow("request-done") << "request-done" << 8;
    QTest::newRow("latency") << "latency >= 4" << 8;
    QTest::newRow("never") << "latency >= 4.5" << -1;
}

void ConditionTest::holdsAtTheFirstEvent() {
    QFETCH(const QString, text);
    QFETCH(const int, at);
    using enum EventType;
    const std::vector<Event> events{
        makeEvent(ThreadStarted),         makeEvent(ConnectionAccepted, 0, 1), makeEvent(ConnectionAccepted, 0, 2),
        makeEvent(CallEntered),           makeEvent(RequestParsed, 30, 2),     makeEvent(QueuePushed, 1),
        makeEvent(QueuePushed, 2),        makeEvent(QueuePopped, 1),           makeEvent(ResponseSent, 500, 2),
        makeEvent(ConnectionClosed, 1, 2)};
    auto watch = watchFor(text.toLatin1());
    int held = -1;
    for (std::size_t index = 0; index < events.size() && held < 0; ++index) {
        if (watch.apply(events[index], index * 1'000'000, index == 3 ? "other" : "one")) {
            held = static_cast<int>(index);
        }
    }
    QCOMPARE(held, at);
}

void ConditionTest::closedConnectionsDoNotCount() {
    auto watch = watchFor("connections >= 2");
    QVERIFY(!watch.apply(makeEvent(EventType::ConnectionClosed, 0, 9), 0, {})); // accepted before the recording
    QVERIFY(!watch.apply(makeEvent(EventType::ConnectionAccepted, 0, 1), 0, {}));
    QVERIFY(!watch.apply(makeEvent(EventType::ConnectionClosed, 0, 1), 0, {}));
    QVERIFY(!watch.apply(makeEvent(EventType::ConnectionAccepted, 0, 2), 0, {}));
    QVERIFY(watch.apply(makeEvent(EventType::ConnectionAccepted, 0, 3), 0, {}));
}

void ConditionTest::latencyIsOfOneRequest() {
    auto watch = watchFor("latency >= 10");
    const auto at = [](int milliseconds) { return static_cast<std::uint64_t>(milliseconds) * 1'000'000; };
    QVERIFY(!watch.apply(makeEvent(EventType::RequestParsed, 0, 1), at(0), {}));
    QVERIFY(!watch.apply(makeEvent(EventType::RequestParsed, 0, 2), at(8), {}));
    QVERIFY(!watch.apply(makeEvent(EventType::ResponseSent, 0, 2), at(12), {})); // its own 4, not the other's 12
    QVERIFY(watch.apply(makeEvent(EventType::ResponseSent, 0, 1), at(13), {}));
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::ConditionTest)
#include "tst_condition.moc"
