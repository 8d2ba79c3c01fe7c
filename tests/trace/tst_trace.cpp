// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace.h"

#include <QtTest>

#include <atomic>
#include <map>
#include <thread>
#include <vector>

using namespace lab;

namespace {

std::vector<Event> eventsOf(const Recording& recording) {
    std::vector<Event> events;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        events.push_back(view[index]);
    }
    return events;
}

void mark(std::uint32_t connection, std::int64_t value) {
    LAB_MARK(CallPerformed, Thread, "marked by a test", .connection = connection, .value = value);
}

} // namespace

/// That nothing happens unseen: every event is in the recording or counted as lost, and no effect before its cause.
class TraceTest : public QObject {
    Q_OBJECT

private slots:
    void recordsWhatIsMarked();
    void untracedThreadsRecordNothing();
    void flushBringsEverythingIn();
    void accountIsExactWhenRingsOverflow();
    void everyLossIsToldOf();
    void accountIsExactWhenTheRecordingIsFull();
    void threadsComeAndGo();
    void causesComeBeforeEffects();
    void timesNeverDecrease();
    void lateMarksAndFlushesAfterStopDoNoHarm();
};

void TraceTest::recordsWhatIsMarked() {
    Recording recording;
    Trace trace(recording);
    {
        const TraceThread traced(&trace, "main");
        mark(12, -104);
    }
    trace.stop();
    const auto events = eventsOf(recording);
    QCOMPARE(events.size(), std::size_t{3});
    QCOMPARE(events[0].type(), EventType::ThreadStarted);
    QCOMPARE(recording.name(static_cast<NameId>(events[0].value())), std::string("main"));
    QCOMPARE(events[1].type(), EventType::CallPerformed);
    QCOMPARE(events[1].connection, 12U);
    QCOMPARE(events[1].value(), -104);
    QCOMPARE(events[2].type(), EventType::ThreadEnded);
    const auto site = recording.sites().at(events[1].site);
    QCOMPARE(site.name, std::string("marked by a test"));
    QCOMPARE(site.file, std::string("tests/trace/tst_trace.cpp"));
    QCOMPARE(site.role, Role::Thread);
}

void TraceTest::untracedThreadsRecordNothing() {
    Recording recording;
    Trace trace(recording);
    mark(1, 1);
    {
        const TraceThread untraced(nullptr, "nobody");
        mark(2, 2);
    }
    trace.stop();
    QCOMPARE(recording.end(), std::size_t{0});
}

void TraceTest::flushBringsEverythingIn() {
    Recording recording;
    Trace trace(recording, {.ringCapacity = 1 << 12, .drainMilliseconds = 3'600'000}); // not by itself
    const TraceThread traced(&trace, "main");
    for (std::size_t round = 1; round <= 20; ++round) {
        mark(0, static_cast<std::int64_t>(round));
        trace.flush();
        QCOMPARE(recording.end(), round + 1);
    }
}

void TraceTest::accountIsExactWhenRingsOverflow() {
    Recording recording;
    constexpr std::uint64_t marks = 200'000;
    constexpr int count = 4;
    Trace trace(recording, {.ringCapacity = 64, .drainMilliseconds = 5});
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < count; ++thread) {
            threads.emplace_back([&] {
                const TraceThread traced(&trace, "busy");
                for (std::uint64_t event = 0; event < marks; ++event) {
                    mark(1, static_cast<std::int64_t>(event));
                }
            });
        }
    }
    trace.stop();
    std::map<std::uint16_t, std::uint64_t> stored;
    std::uint64_t told = 0;
    std::uint64_t reports = 0;
    for (const auto& event : eventsOf(recording)) {
        ++stored[event.actor];
        if (event.type() == EventType::EventsLost) {
            told += static_cast<std::uint64_t>(event.value());
            ++reports;
        }
    }
    const auto counts = recording.counts();
    for (std::size_t actor = 0; actor < counts.size(); ++actor) {
        QCOMPARE(counts[actor].emitted, counts[actor].stored + counts[actor].lost);
        QCOMPARE(counts[actor].stored, stored[static_cast<std::uint16_t>(actor)]);
    }
    const auto total = recording.total();
    QCOMPARE(total.emitted, count * (marks + 2) + reports); // and each mark is one of these
    QVERIFY(total.lost > 0);                                // a ring of 64 cannot keep up
    QCOMPARE(told, total.lost);
}

/// The last losses of a thread too, which it can only tell of while it ends.
void TraceTest::everyLossIsToldOf() {
    Recording recording;
    Trace trace(recording, {.ringCapacity = 16, .drainMilliseconds = 3'600'000});
    {
        const TraceThread traced(&trace, "short");
        for (int event = 0; event < 10'000; ++event) {
            mark(1, event);
        }
    }
    trace.flush();
    const auto events = eventsOf(recording);
    QCOMPARE(events.back().type(), EventType::ThreadEnded);
    std::uint64_t told = 0;
    for (const auto& event : events) {
        told += event.type() == EventType::EventsLost ? static_cast<std::uint64_t>(event.value()) : 0;
    }
    trace.stop();
    QCOMPARE(told, recording.total().lost);
}

void TraceTest::accountIsExactWhenTheRecordingIsFull() {
    Recording recording(2 * eventsPerBlock);
    const auto follower = recording.addFollower(); // does not move: no room after four blocks
    constexpr std::uint64_t marks = 6 * eventsPerBlock;
    Trace trace(recording);
    {
        const TraceThread traced(&trace, "busy");
        for (std::uint64_t event = 0; event < marks; ++event) {
            mark(1, static_cast<std::int64_t>(event));
            if (event % 10'000 == 0) {
                trace.flush(); // so that no ring overflows: what is lost is what the recording refuses
            }
        }
        trace.flush();
        QCOMPARE(recording.end(), 4 * eventsPerBlock);
        QVERIFY(recording.total().lost > eventsPerBlock);
        QCOMPARE(recording.total().emitted, recording.total().stored + recording.total().lost);
        recording.letGo(follower, recording.end());
        mark(2, 1);
        trace.flush();
    }
    trace.stop();
    const auto total = recording.total();
    QCOMPARE(total.emitted, total.stored + total.lost);
    QCOMPARE(total.stored, recording.end());
    // It is told of as soon as there is room again.
    const auto view = recording.view();
    const auto& report = view[4 * eventsPerBlock];
    QCOMPARE(report.type(), EventType::EventsLost);
    QCOMPARE(static_cast<std::uint64_t>(report.value()), total.lost);
}

void TraceTest::threadsComeAndGo() {
    Recording recording;
    constexpr int lives = 3'000;
    Trace trace(recording, {.ringCapacity = 256, .drainMilliseconds = 1});
    for (int life = 0; life < lives; life += 10) {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 10; ++thread) {
            threads.emplace_back([&, number = life + thread] {
                const TraceThread traced(&trace, "short-lived");
                mark(static_cast<std::uint32_t>(number + 1), 0);
            });
        }
    }
    trace.stop();
    const auto events = eventsOf(recording);
    QCOMPARE(recording.total().lost, 0ULL);
    QCOMPARE(events.size(), std::size_t{3 * lives});
    // Of each actor: started, marked, ended, and only then the next life.
    std::map<std::uint16_t, int> step;
    for (const auto& event : events) {
        auto& expected = step[event.actor];
        const auto type = expected == 0   ? EventType::ThreadStarted
                          : expected == 1 ? EventType::CallPerformed
                                          : EventType::ThreadEnded;
        QCOMPARE(event.type(), type);
        expected = (expected + 1) % 3;
    }
    QVERIFY(step.size() < lives); // places are used again
}

/// A token goes round between threads: each takes it, marks, and gives it on. The recording has the same order.
void TraceTest::causesComeBeforeEffects() {
    Recording recording;
    constexpr int count = 4;
    constexpr std::int64_t rounds = 20'000;
    Trace trace(recording, {.ringCapacity = 1 << 16, .drainMilliseconds = 1});
    std::atomic<std::int64_t> token{0};
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < count; ++thread) {
            threads.emplace_back([&, thread] {
                const TraceThread traced(&trace, "runner");
                for (std::int64_t turn = thread; turn < rounds; turn += count) {
                    for (auto seen = token.load(std::memory_order_acquire); seen != turn;
                         seen = token.load(std::memory_order_acquire)) {
                        token.wait(seen, std::memory_order_acquire);
                    }
                    mark(1, turn);
                    token.store(turn + 1, std::memory_order_release);
                    token.notify_all();
                }
            });
        }
    }
    trace.stop();
    QCOMPARE(recording.total().lost, 0ULL);
    std::int64_t expected = 0;
    for (const auto& event : eventsOf(recording)) {
        if (event.type() == EventType::CallPerformed) {
            QCOMPARE(event.value(), expected);
            ++expected;
        }
    }
    QCOMPARE(expected, rounds);
}

void TraceTest::timesNeverDecrease() {
    Recording recording;
    Trace trace(recording, {.ringCapacity = 1 << 10, .drainMilliseconds = 1});
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 8; ++thread) {
            threads.emplace_back([&] {
                const TraceThread traced(&trace, "busy");
                for (int event = 0; event < 20'000; ++event) {
                    mark(1, event);
                }
            });
        }
    }
    trace.stop();
    std::uint64_t last = 0;
    std::map<std::uint16_t, std::uint32_t> sequence;
    for (const auto& event : eventsOf(recording)) {
        QVERIFY(event.time >= last);
        last = event.time;
        const auto [place, isNew] = sequence.try_emplace(event.actor, event.sequence());
        QVERIFY(isNew || event.sequence() > place->second);
        place->second = event.sequence();
    }
}

void TraceTest::lateMarksAndFlushesAfterStopDoNoHarm() {
    Recording recording;
    Trace trace(recording, {.ringCapacity = 16, .drainMilliseconds = 1});
    {
        const TraceThread traced(&trace, "late");
        trace.stop();
        for (int event = 0; event < 100; ++event) {
            mark(1, event);
        }
        trace.flush();
        trace.stop();
    }
    QCOMPARE(recording.end(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TraceTest)
#include "tst_trace.moc"
