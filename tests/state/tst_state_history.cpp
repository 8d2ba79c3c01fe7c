// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/state_history.h"
#include "tests/state/synthetic_run.h"

#include <QtTest>

#include <random>

using namespace lab;

/// Live, stepped, scrubbed or from a file: the same event shows the same picture.
class StateHistoryTest : public QObject {
    Q_OBJECT

private slots:
    void anyOrderGivesTheFold_data();
    void anyOrderGivesTheFold();
    void stepsForwardAndBack();
    void followsAGrowingRecording();
    void followsInPieces();
    void showsAllThatTheRecordingKeeps();
    void thinsItsCheckpoints();
    void emptyRecording();
    void millionEvents();
};

void StateHistoryTest::anyOrderGivesTheFold_data() {
    QTest::addColumn<int>("family");
    QTest::newRow("proactive") << 0;
    QTest::newRow("reactive") << 1;
    QTest::newRow("synchronous") << 2;
    QTest::newRow("damaged") << 3;
}

void StateHistoryTest::anyOrderGivesTheFold() {
    QFETCH(int, family);
    SyntheticRun run(static_cast<unsigned>(family) + 1);
    run.begin(4);
    constexpr std::size_t events = 80'000;
    if (family == 0) {
        run.proactive(events, 64);
    } else if (family == 1) {
        run.reactive(events, 64);
    } else if (family == 2) {
        run.synchronous(events, 16);
    } else {
        run.damaged(20'000);
    }
    // At random places, in rising order for the fold and in random order for the history.
    std::mt19937 random(4);
    std::map<std::size_t, LabState> expected;
    for (int place = 0; place < 40; ++place) {
        expected[random() % (run.events().size() + 1)] = {};
    }
    LabState state;
    for (auto& [index, kept] : expected) {
        while (state.next < index) {
            state.apply(run.events()[state.next]);
        }
        kept = state;
    }
    StateHistory history(run.recording());
    QCOMPARE(history.follow(), std::size_t{0});
    std::vector<std::size_t> order;
    for (const auto& [index, kept] : expected) {
        order.push_back(index);
    }
    for (int round = 0; round < 2; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const auto index : order) {
            QVERIFY(history.at(index) == expected[index]);
        }
    }
}

void StateHistoryTest::stepsForwardAndBack() {
    SyntheticRun run(2);
    run.begin(2);
    run.proactive(100'000, 20);
    StateHistory history(run.recording());
    history.follow();
    const std::size_t start = 70'000;
    std::vector<LabState> forward;
    for (std::size_t index = start; index < start + 200; ++index) {
        forward.push_back(history.at(index));
        QCOMPARE(forward.back().next, index);
    }
    for (std::size_t index = start + 200; index-- > start;) {
        QVERIFY(history.at(index) == forward[index - start]);
    }
    for (std::size_t index = start; index-- > start - 3'000;) {
        QCOMPARE(history.at(index).next, index);
    }
    QVERIFY(history.at(start - 3'000) == SyntheticRun::fold(run.events(), start - 3'000));
}

void StateHistoryTest::followsAGrowingRecording() {
    SyntheticRun run(6);
    run.begin(2);
    run.reactive(200'000, 30);
    const auto recording = std::make_shared<Recording>();
    StateHistory history(recording);
    const std::span events(run.events());
    for (std::size_t index = 0; index < events.size(); index += 7'001) {
        recording->append(events.subspan(index, std::min<std::size_t>(7'001, events.size() - index)));
        history.follow();
        QCOMPARE(history.newest().next, recording->end());
    }
    QVERIFY(history.newest() == SyntheticRun::fold(run.events(), run.events().size()));
    QVERIFY(history.at(~std::size_t{0}) == history.newest());
}

void StateHistoryTest::followsInPieces() {
    SyntheticRun run(6);
    run.begin(2);
    run.reactive(5'000, 30);
    StateHistory history(run.recording());
    const auto all = run.events().size();
    QCOMPARE(history.follow(1'000), all - 1'000);
    QCOMPARE(history.at(all).next, std::size_t{1'000}); // no further than followed
    QCOMPARE(history.follow(), std::size_t{0});
}

void StateHistoryTest::showsAllThatTheRecordingKeeps() {
    SyntheticRun run(8);
    run.begin(2);
    run.proactive(9 * eventsPerBlock, 20);
    const auto recording = std::make_shared<Recording>(3 * eventsPerBlock);
    StateHistory history(recording);
    const std::span events(run.events());
    constexpr std::size_t piece = 30'000;
    for (std::size_t index = 0; index < events.size(); index += piece) {
        const auto part = events.subspan(index, std::min(piece, events.size() - index));
        QCOMPARE(recording->append(part), part.size());
        history.follow();
        QCOMPARE(history.first(), recording->first());
    }
    QVERIFY(history.first() > 0);
    for (const auto index : {history.first(), history.first() + 1, history.first() + eventsPerBlock + 17}) {
        QVERIFY(history.at(index) == SyntheticRun::fold(run.events(), index));
    }
    QCOMPARE(history.at(0).next, history.first());
}

/// With very many connections checkpoints are far apart, and still every event that is kept can be shown.
void StateHistoryTest::thinsItsCheckpoints() {
    SyntheticRun run(8);
    run.begin(2);
    run.proactive(12 * eventsPerBlock, 500);
    const auto recording = std::make_shared<Recording>(8 * eventsPerBlock);
    StateHistory history(recording, 500'000);
    const std::span events(run.events());
    constexpr std::size_t piece = 50'000;
    for (std::size_t index = 0; index < events.size(); index += piece) {
        const auto part = events.subspan(index, std::min(piece, events.size() - index));
        QCOMPARE(recording->append(part), part.size());
        history.follow();
        QCOMPARE(history.first(), recording->first());
    }
    QVERIFY(history.first() > 0);
    QVERIFY(history.checkpoints() < 8);
    for (const auto index : {history.first(), history.first() + eventsPerBlock + 17, events.size() - 3}) {
        QVERIFY(history.at(index) == SyntheticRun::fold(run.events(), index));
    }
}

void StateHistoryTest::emptyRecording() {
    StateHistory history(std::make_shared<Recording>());
    QCOMPARE(history.follow(), std::size_t{0});
    QCOMPARE(history.first(), std::size_t{0});
    QVERIFY(history.at(12) == LabState{});
}

void StateHistoryTest::millionEvents() {
    SyntheticRun run(10);
    run.begin(4);
    run.proactive(1'000'000, 64);
    StateHistory history(run.recording());
    history.follow();
    std::mt19937 random(1);
    for (int seek = 0; seek < 15; ++seek) {
        const auto index = random() % run.events().size();
        QCOMPARE(history.at(index).next, index);
        QCOMPARE(history.at(index).totals.events, index);
    }
    QVERIFY(history.at(999'999) == SyntheticRun::fold(run.events(), 999'999));
}

QTEST_APPLESS_MAIN(StateHistoryTest)
#include "tst_state_history.moc"
