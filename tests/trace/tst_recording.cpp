// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/recording.h"

#include <QtTest>

#include <numeric>
#include <set>

using namespace lab;

namespace {

/// Events that can be told apart: the time is the index.
std::vector<Event> numbered(std::size_t from, std::size_t count) {
    std::vector<Event> events(count);
    for (std::size_t index = 0; index < count; ++index) {
        events[index].time = from + index;
    }
    return events;
}

} // namespace

/// What every view relies on: the order, the bound, and that what a follower needs stays.
class RecordingTest : public QObject {
    Q_OBJECT

private slots:
    void keepsEventsInOrder();
    void dropsTheOldestBlocksAtTheBound();
    void keepsWhatAFollowerNeeds();
    void boundHoldsAgainstAFollowerThatDoesNotMove();
    void returnsToTheBoundWhenTheFollowerHasCaughtUp();
    void aViewKeepsItsEvents();
    void findsByTime();
    void namesAreInterned();
    void tableOfNamesHasABound();
};

void RecordingTest::keepsEventsInOrder() {
    Recording recording;
    QCOMPARE(recording.append(numbered(0, 100'000)), std::size_t{100'000});
    QCOMPARE(recording.append(numbered(100'000, 100'000)), std::size_t{100'000});
    const auto view = recording.view();
    QCOMPARE(view.end(), std::size_t{200'000});
    std::size_t expected = 0;
    while (expected < view.end()) {
        for (const auto& event : view.run(expected)) {
            QCOMPARE(event.time, expected);
            ++expected;
        }
    }
    QCOMPARE(view[eventsPerBlock].time, eventsPerBlock);
}

void RecordingTest::dropsTheOldestBlocksAtTheBound() {
    Recording recording(3 * eventsPerBlock);
    recording.append(numbered(0, 10 * eventsPerBlock));
    QCOMPARE(recording.end(), 10 * eventsPerBlock);
    QCOMPARE(recording.first(), 7 * eventsPerBlock);
    QCOMPARE(recording.view()[recording.first()].time, recording.first());
}

void RecordingTest::keepsWhatAFollowerNeeds() {
    Recording recording(2 * eventsPerBlock);
    const auto follower = recording.addFollower();
    QCOMPARE(recording.append(numbered(0, 4 * eventsPerBlock)), 4 * eventsPerBlock);
    QCOMPARE(recording.first(), std::size_t{0});
    recording.letGo(follower, 2 * eventsPerBlock);
    recording.append(numbered(4 * eventsPerBlock, 1));
    QCOMPARE(recording.first(), 2 * eventsPerBlock);
    recording.removeFollower(follower);
    recording.append(numbered(4 * eventsPerBlock + 1, eventsPerBlock));
    QCOMPARE(recording.first(), 4 * eventsPerBlock);
}

void RecordingTest::boundHoldsAgainstAFollowerThatDoesNotMove() {
    Recording recording(2 * eventsPerBlock);
    const auto follower = recording.addFollower();
    QCOMPARE(recording.append(numbered(0, 5 * eventsPerBlock)), 4 * eventsPerBlock);
    QCOMPARE(recording.append(numbered(0, 1)), std::size_t{0});
    recording.letGo(follower, recording.end());
    QCOMPARE(recording.append(numbered(0, 1)), std::size_t{1});
}

void RecordingTest::returnsToTheBoundWhenTheFollowerHasCaughtUp() {
    Recording recording(2 * eventsPerBlock);
    const auto follower = recording.addFollower();
    recording.append(numbered(0, 4 * eventsPerBlock));
    recording.letGo(follower, recording.end());
    recording.append(numbered(0, eventsPerBlock));
    QVERIFY(recording.end() - recording.first() <= 2 * eventsPerBlock);
}

void RecordingTest::aViewKeepsItsEvents() {
    Recording recording(2 * eventsPerBlock);
    recording.append(numbered(0, eventsPerBlock));
    const auto view = recording.view();
    recording.append(numbered(eventsPerBlock, 10 * eventsPerBlock));
    QVERIFY(recording.first() > 0);
    for (std::size_t index = 0; index < view.end(); ++index) {
        QCOMPARE(view[index].time, index);
    }
}

void RecordingTest::findsByTime() {
    Recording recording;
    std::vector<Event> events(100'000);
    for (std::size_t index = 0; index < events.size(); ++index) {
        events[index].time = index / 3 * 10; // three at a time
    }
    recording.append(events);
    const auto view = recording.view();
    QCOMPARE(view.atTime(0), std::size_t{0});
    QCOMPARE(view.atTime(1), std::size_t{3});
    QCOMPARE(view.atTime(10), std::size_t{3});
    QCOMPARE(view.atTime(200'005), std::size_t{60'003});
    QCOMPARE(view.atTime(~std::uint64_t{0}), view.end());
}

void RecordingTest::namesAreInterned() {
    Recording recording;
    QCOMPARE(recording.intern(""), NameId{0});
    const auto path = recording.intern("/index.html");
    QCOMPARE(recording.intern("/index.html"), path);
    QVERIFY(recording.intern("/5k.bin") != path);
    QCOMPARE(recording.name(path), std::string("/index.html"));
    QCOMPARE(recording.name(99), std::string());
    recording.setNames({"", "a", "b"});
    QCOMPARE(recording.intern("b"), NameId{2});
    QCOMPARE(recording.names().size(), std::size_t{3});
}

/// A peer that asks for ever new paths must not fill the memory.
void RecordingTest::tableOfNamesHasABound() {
    Recording recording;
    const auto known = recording.intern("/index.html");
    for (int path = 0; path < 300'000; ++path) {
        recording.intern("/" + std::to_string(path));
    }
    QVERIFY(recording.names().size() <= 262'144);
    QCOMPARE(recording.intern("/one more"), NameId{0});
    QCOMPARE(recording.intern("/index.html"), known);
}

QTEST_APPLESS_MAIN(RecordingTest)
#include "tst_recording.moc"
