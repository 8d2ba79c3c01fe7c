// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/clock.h"
#include "engine/trace/gate.h"
#include "engine/trace/trace.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <latch>
#include <thread>
#include <vector>

using namespace lab;
using namespace std::chrono_literals;

namespace {

/// What a mark does: asks, and tells when its event stands.
void passOnce(Gate& gate) {
    const Event event{};
    if (gate.pass(event) == Passage::InTurn) {
        gate.published(event);
    }
}

Event eventOf(std::uint16_t actor, EventType type) {
    return {.time = 0,
            .kindAndValue = 0,
            .connection = 0,
            .operation = 0,
            .typeAndSequence = static_cast<std::uint32_t>(type),
            .actor = actor,
            .site = 0};
}

/// Waits for what another thread will do; a test that waits for ever is ended by its time limit.
template <typename Condition>
void await(Condition condition) {
    while (!condition()) {
        std::this_thread::yield();
    }
}

} // namespace

/// A paced run must hold everybody, let everybody go, and never count held time as the peers' fault.
class GateTest : public QObject {
    Q_OBJECT

private slots:
    void openGateCostsNothing();
    void paceSpacesEvents();
    void everybodyGetsThrough();
    void nobodyMayGoForNow();
    void oneThreadAtATimeInTurns();
    void turnsThatNobodyEndsEnd();
    void clientsTakeNoTurns();
    void whoAwaitsTheTrafficKeepsItsTurn();
    void withdrawsWhoHasNothingToComeFor();
    void timePassesWhileNobodyCouldGo();
    void openLetsGoOfThoseHeld();
    void fasterPaceCountsAtOnce();
    void movingTheSliderGivesNoEventAway();
    void timeStandsStillWhileHeld();
    void timeNeverGoesBack();
    void pacedTraceLosesNothing();
    void traceStopsWhileThreadsAreHeld();
};

void GateTest::openGateCostsNothing() {
    Gate gate;
    QVERIFY(!gate.engaged());
    QVERIFY(!gate.wasEngaged());
    passOnce(gate);
    gate.setPace(-3);
    QVERIFY(!gate.engaged());
}

/// Only a lower limit: a busy machine may take longer.
void GateTest::paceSpacesEvents() {
    Gate gate;
    gate.setPace(200);
    QVERIFY(gate.wasEngaged());
    const auto from = monotonicNanoseconds();
    for (int event = 0; event < 21; ++event) {
        passOnce(gate);
    }
    // 20 times 5 ms, less what may be made up for.
    QVERIFY(monotonicNanoseconds() - from >= 85'000'000);
}

void GateTest::everybodyGetsThrough() {
    Gate gate;
    gate.setPace(20'000);
    std::atomic<int> passed{0};
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 16; ++thread) {
            threads.emplace_back([&] {
                for (int event = 0; event < 50; ++event) {
                    passOnce(gate);
                    ++passed;
                }
            });
        }
    }
    QCOMPARE(passed.load(), 16 * 50);
}

/// A pace and a choice together: who may not go stays, and the others are not held up by it.
void GateTest::nobodyMayGoForNow() {
    Gate gate;
    std::atomic<bool> allowed{false};
    gate.run({.mayGo = [&](const GateWaiter& waiter) { return waiter.event.connection == 1 || allowed; },
              .stopAfter = {},
              .choose = {},
              .pace = 50'000});
    std::atomic<bool> secondPassed{false};
    std::jthread second([&] {
        const Event event{
            .time = 0, .kindAndValue = 0, .connection = 2, .operation = 0, .typeAndSequence = 0, .actor = 0, .site = 0};
        if (gate.pass(event) == Passage::InTurn) {
            gate.published(event);
        }
        secondPassed = true;
    });
    await([&] { return gate.waiting().size() == 1; });
    const Event first{
        .time = 0, .kindAndValue = 0, .connection = 1, .operation = 0, .typeAndSequence = 0, .actor = 0, .site = 0};
    for (int event = 0; event < 20; ++event) {
        QVERIFY(gate.pass(first) == Passage::InTurn);
        gate.published(first);
    }
    QVERIFY(!secondPassed);
    allowed = true;
    QVERIFY(gate.pass(first) ==
            Passage::InTurn); // somebody's coming makes it look again; the one that waited is first then
    gate.published(first);
    second.join();
}

/// Otherwise two threads draw their ids at the same time, and a schedule comes out differently each time.
void GateTest::oneThreadAtATimeInTurns() {
    Gate gate;
    gate.run({.mayGo = {}, .stopAfter = {}, .choose = {}, .inTurns = true});
    const auto first = eventOf(1, EventType::HookEntered);
    QVERIFY(gate.pass(first) == Passage::InTurn);
    gate.published(first);
    std::atomic<bool> secondPassed{false};
    std::jthread second([&] {
        const auto event = eventOf(2, EventType::HookEntered);
        secondPassed = gate.pass(event) == Passage::InTurn;
        gate.published(event);
    });
    await([&] { return gate.waiting().size() == 1; });
    QVERIFY(!secondPassed);
    const auto blocks = eventOf(1, EventType::CallEntered);
    std::jthread third([&] {
        if (gate.pass(blocks) == Passage::InTurn) {
            gate.published(blocks);
        }
    });
    second.join();
    third.join();
    QVERIFY(secondPassed);
}

void GateTest::turnsThatNobodyEndsEnd() {
    Gate gate;
    gate.run({.mayGo = {}, .stopAfter = {}, .choose = {}, .inTurns = true});
    const auto first = eventOf(1, EventType::HookEntered);
    QVERIFY(gate.pass(first) == Passage::InTurn);
    gate.published(first); // and is never seen again
    const auto second = eventOf(2, EventType::HookEntered);
    QVERIFY(gate.pass(second) == Passage::InTurn);
    gate.published(second);
    gate.endTurn(2);
    const auto from = monotonicNanoseconds();
    const auto third = eventOf(3, EventType::HookEntered);
    QVERIFY(gate.pass(third) == Passage::InTurn);
    QVERIFY(monotonicNanoseconds() - from < 400'000'000); // told, it is over at once
}

void GateTest::clientsTakeNoTurns() {
    Gate gate;
    gate.run({.mayGo = {}, .stopAfter = {}, .choose = {}, .inTurns = true});
    const auto server = eventOf(1, EventType::HookEntered);
    QVERIFY(gate.pass(server) == Passage::InTurn);
    gate.published(server);
    const auto from = monotonicNanoseconds();
    for (int count = 0; count < 3; ++count) {
        const auto client = eventOf(2, EventType::ClientConnecting);
        QVERIFY(gate.pass(client, true) == Passage::InTurn);
        gate.published(client, true);
    }
    QVERIFY(monotonicNanoseconds() - from < 400'000'000);
}

/// What it finds afterwards must not have been changed by others of the server; and the traffic needs time to pass.
void GateTest::whoAwaitsTheTrafficKeepsItsTurn() {
    Gate gate;
    gate.run({.mayGo = {}, .stopAfter = {}, .choose = {}, .inTurns = true});
    const auto server = eventOf(1, EventType::HookEntered);
    QVERIFY(gate.pass(server) == Passage::InTurn);
    gate.published(server);
    gate.awaitTraffic(1);
    std::atomic<bool> otherPassed = false;
    std::thread other([&] {
        const auto event = eventOf(2, EventType::HookEntered);
        if (gate.pass(event) == Passage::InTurn) {
            otherPassed = true;
            gate.published(event);
        }
    });
    while (gate.waiting().empty()) {
        std::this_thread::yield();
    }
    const auto from = gate.now();
    const auto client = eventOf(3, EventType::ClientConnecting);
    QVERIFY(gate.pass(client, true) == Passage::InTurn);
    gate.published(client, true);
    std::this_thread::sleep_for(std::chrono::milliseconds(600)); // longer than a turn that nobody ends
    QVERIFY(!otherPassed);
    QVERIFY(gate.now() - from > 500'000'000);
    const auto found = eventOf(1, EventType::HookLeft);
    QVERIFY(gate.pass(found) == Passage::InTurn);
    gate.published(found);
    gate.endTurn(1);
    other.join();
    QVERIFY(otherPassed);
}

/// Two wait for one completion: the one that comes too late goes back to waiting, without an event.
void GateTest::withdrawsWhoHasNothingToComeFor() {
    Gate gate;
    gate.hold();
    std::atomic<int> items{1};
    std::atomic<int> taken{0};
    std::atomic<int> withdrawn{0};
    const std::function<bool()> present = [&] { return items > 0; };
    {
        std::vector<std::jthread> threads;
        for (std::uint16_t actor = 1; actor <= 2; ++actor) {
            threads.emplace_back([&, actor] {
                const auto event = eventOf(actor, EventType::CallLeft);
                if (gate.pass(event, false, &present) == Passage::Withdrawn) {
                    ++withdrawn;
                    return;
                }
                --items;
                ++taken;
                gate.published(event);
            });
        }
        await([&] { return gate.waiting().size() == 2; });
        gate.run({.mayGo = {}, .stopAfter = {}, .choose = {}, .inTurns = true});
    }
    QCOMPARE(taken.load(), 1);
    QCOMPARE(withdrawn.load(), 1);
}

/// What those who may go wait for is a client's think time, or a time limit: it must come.
void GateTest::timePassesWhileNobodyCouldGo() {
    Gate gate;
    gate.run({.mayGo = [](const GateWaiter& waiter) { return waiter.event.actor == 1; },
              .stopAfter = {},
              .choose = {},
              .inTurns = true});
    const auto first = eventOf(1, EventType::CallEntered);
    QVERIFY(gate.pass(first) == Passage::InTurn);
    gate.published(first);
    std::jthread held([&] { gate.pass(eventOf(2, EventType::HookEntered)); });
    await([&] { return gate.waiting().size() == 1; });
    const auto now = gate.now();
    await([&] { return gate.now() > now; });
    gate.hold();
    const auto stood = gate.now();
    const auto until = monotonicNanoseconds() + 5'000'000;
    await([&] { return monotonicNanoseconds() > until; });
    QCOMPARE(gate.now(), stood);
    gate.open();
}

void GateTest::openLetsGoOfThoseHeld() {
    Gate gate;
    gate.setPace(0.0001);
    passOnce(gate); // the first one goes at once; the next would have to wait for hours
    std::latch started(8);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] {
            started.count_down();
            passOnce(gate);
        });
    }
    started.wait();
    gate.open();
    threads.clear();
    gate.setPace(1);
    QVERIFY(!gate.engaged()); // for good
}

void GateTest::fasterPaceCountsAtOnce() {
    Gate gate;
    gate.setPace(0.0001);
    passOnce(gate);
    std::latch started(1);
    std::jthread held([&] {
        started.count_down();
        passOnce(gate);
    });
    started.wait();
    gate.setPace(1'000);
}

void GateTest::movingTheSliderGivesNoEventAway() {
    Gate gate;
    gate.setPace(0.0001);
    passOnce(gate);
    std::atomic<int> passed{0};
    std::jthread held([&] {
        passOnce(gate);
        ++passed;
    });
    for (int position = 1; position <= 1'000; ++position) {
        gate.setPace(0.0001 + position * 1e-7);
        std::this_thread::yield();
    }
    QCOMPARE(passed.load(), 0);
    gate.open();
}

void GateTest::timeStandsStillWhileHeld() {
    Gate gate;
    gate.setPace(0.0001);
    passOnce(gate);
    std::jthread held([&] { passOnce(gate); });
    // From when on it is held can be seen from outside: time stands.
    await([&] {
        const auto once = gate.now();
        const auto until = monotonicNanoseconds() + 2'000'000;
        await([&] { return monotonicNanoseconds() > until; });
        return gate.now() == once;
    });
    const auto stood = gate.now();
    const auto until = monotonicNanoseconds() + 30'000'000;
    await([&] { return monotonicNanoseconds() > until; });
    QCOMPARE(gate.now(), stood);
    gate.open();
    held.join();
    const auto after = gate.now();
    QVERIFY(after >= stood);
    QVERIFY(monotonicNanoseconds() - after >= 30'000'000); // the time held is gone for good
    await([&] { return gate.now() > after; });             // and it goes on
}

void GateTest::timeNeverGoesBack() {
    Gate gate;
    gate.setPace(5'000);
    std::atomic<bool> done{false};
    std::jthread marker([&] {
        for (int event = 0; event < 500; ++event) {
            passOnce(gate);
        }
        done = true;
    });
    std::int64_t last = 0;
    while (!done) {
        const auto now = gate.now();
        QVERIFY(now >= last);
        last = now;
    }
}

void GateTest::pacedTraceLosesNothing() {
    Recording recording;
    Trace trace(recording, {.ringCapacity = 16, .drainMilliseconds = 1});
    trace.gate().setPace(100'000);
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&] {
                const TraceThread traced(&trace, "paced");
                for (int event = 0; event < 500; ++event) {
                    LAB_MARK(CallPerformed, Thread, "paced", .value = event);
                }
            });
        }
    }
    trace.stop();
    QCOMPARE(recording.total().lost, 0ULL);
    QCOMPARE(recording.end(), std::size_t{4 * 502});
}

void GateTest::traceStopsWhileThreadsAreHeld() {
    Recording recording;
    Trace trace(recording);
    trace.gate().setPace(0.0001);
    std::vector<std::jthread> threads;
    std::latch started(4);
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            started.count_down();
            const TraceThread traced(&trace, "held");
            LAB_MARK(CallPerformed, Thread, "held", .value = 1);
        });
    }
    started.wait();
    trace.gate().open();
    threads.clear();
    trace.stop();
    QCOMPARE(recording.total().emitted, recording.total().stored);
    QCOMPARE(recording.end(), std::size_t{4 * 3});
}

QTEST_APPLESS_MAIN(GateTest)
#include "tst_gate.moc"
