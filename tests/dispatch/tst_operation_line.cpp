// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dispatch/transmit_turns.h"

#include <QTest>

#include <list>
#include <string>
#include <vector>

namespace lab::test {

namespace {

AsynchronousOperation operationOf(Operation kind, std::uint32_t id, bool isUrgent = false) {
    AsynchronousOperation operation;
    operation.kind = kind;
    operation.id = id;
    operation.isUrgent = isUrgent;
    return operation;
}

/// The numbers of all that are in the line, in the order in which they are taken.
std::vector<std::uint32_t> takenFrom(OperationLine& line) {
    std::vector<std::uint32_t> ids;
    while (const auto* operation = line.take()) {
        ids.push_back(operation->id);
    }
    return ids;
}

/// Sends nothing, and writes down when it could.
class FakeTransmitter final : public Transmitter {
public:
    FakeTransmitter(std::uint32_t id, std::vector<std::uint32_t>& turns)
        : operation(operationOf(Operation::Transmit, id))
        , m_turns(turns) {}
    AsynchronousOperation operation;
    std::int64_t taken = 0;

private:
    void goOn() override { m_turns.push_back(operation.id); }
    std::int64_t octetsTaken() const override { return taken; }
    std::vector<std::uint32_t>& m_turns;
};

} // namespace

/// If these fail, a server does not go by the order that it was told, or somebody waits for ever.
class TestOperationLine : public QObject {
    Q_OBJECT

private slots:
    void takesInItsOrder_data();
    void takesInItsOrder();
    void nobodyIsOvertakenForEver();
    void whoIsTakenOutIsNotThere();
    void turnsAreLimited();
    void aShorterJobComesInBetween();
    void firstComeKeepsItsTurn();
    void aStalledPeerKeepsNobodyWaiting();
    void whoWithdrawsGetsNoTurn();
    void withoutALimitEverybodySends();
};

void TestOperationLine::takesInItsOrder_data() {
    using Ids = std::vector<std::uint32_t>;
    QTest::addColumn<int>("order");
    QTest::addColumn<Ids>("wanted");
    QTest::newRow("fifo") << static_cast<int>(ServiceOrder::Fifo) << Ids{1, 2, 3, 4, 5};
    QTest::newRow("priority") << static_cast<int>(ServiceOrder::Priority) << Ids{4, 3, 1, 2, 5};
    QTest::newRow("shortest job first") << static_cast<int>(ServiceOrder::ShortestJobFirst) << Ids{4, 2, 5, 3, 1};
}

void TestOperationLine::takesInItsOrder() {
    QFETCH(const int, order);
    QFETCH(const std::vector<std::uint32_t>, wanted);
    OperationLine line(static_cast<ServiceOrder>(order));
    std::list<AsynchronousOperation> operations;
    const auto add = [&](AsynchronousOperation operation, std::int64_t octetsLeft) {
        auto& kept = operations.emplace_back(operation);
        line.rank(kept, octetsLeft);
        line.push(kept);
    };
    add(operationOf(Operation::Write, 1), 5'000'000);
    add(operationOf(Operation::Read, 2), 500);
    add(operationOf(Operation::Transmit, 3, true), 50'000);
    add(operationOf(Operation::Accept, 4), 0);
    add(operationOf(Operation::Transmit, 5), 500);
    QCOMPARE(takenFrom(line), wanted);
    QVERIFY(line.empty());
}

void TestOperationLine::nobodyIsOvertakenForEver() {
    OperationLine line(ServiceOrder::ShortestJobFirst);
    auto large = operationOf(Operation::Transmit, 1);
    line.rank(large, 1'000'000);
    line.push(large);
    std::list<AsynchronousOperation> small;
    std::uint32_t before = 0;
    while (before <= OperationLine::mostOvertakings) {
        auto& one = small.emplace_back(operationOf(Operation::Transmit, 100 + before));
        line.rank(one, 500);
        line.push(one);
        if (line.take() == &large) {
            break;
        }
        ++before;
    }
    QCOMPARE(before, OperationLine::mostOvertakings);
}

void TestOperationLine::whoIsTakenOutIsNotThere() {
    OperationLine line(ServiceOrder::Fifo);
    std::list<AsynchronousOperation> operations;
    for (std::uint32_t id = 1; id <= 3; ++id) {
        line.push(operations.emplace_back(operationOf(Operation::Write, id)));
    }
    QVERIFY(line.remove(operations.back()));
    QVERIFY(!line.remove(operations.back()));
    line.push(operations.emplace_back(operationOf(Operation::Write, 4)));
    QCOMPARE(takenFrom(line), (std::vector<std::uint32_t>{1, 2, 4}));
}

void TestOperationLine::turnsAreLimited() {
    const Gate gate;
    std::vector<std::uint32_t> turns;
    TransmitTurns limited(ServiceOrder::Fifo, 2, gate);
    std::list<FakeTransmitter> all;
    std::size_t sendAtOnce = 0;
    for (std::uint32_t id = 1; id <= 4; ++id) {
        auto& one = all.emplace_back(id, turns);
        sendAtOnce += limited.ask(one, one.operation, 1'000) ? 1 : 0;
    }
    QCOMPARE(sendAtOnce, std::size_t{2});
    QVERIFY(turns.empty());
    limited.leave(all.front());
    limited.pass();
    QCOMPARE(turns, std::vector<std::uint32_t>{3});
}

void TestOperationLine::aShorterJobComesInBetween() {
    const Gate gate;
    std::vector<std::uint32_t> turns;
    TransmitTurns limited(ServiceOrder::ShortestJobFirst, 1, gate);
    FakeTransmitter large(1, turns);
    FakeTransmitter middle(2, turns);
    FakeTransmitter small(3, turns);
    QVERIFY(limited.ask(large, large.operation, 5'000'000));
    QVERIFY(!limited.ask(middle, middle.operation, 50'000));
    QVERIFY(!limited.ask(small, small.operation, 500));
    QVERIFY(!limited.askAgain(large, large.operation, 4'900'000)); // a piece of it has gone
    QCOMPARE(turns, std::vector<std::uint32_t>{3});
    QVERIFY(limited.isWaiting(large));
    limited.leave(small);
    limited.pass();
    QVERIFY(limited.askAgain(middle, middle.operation, 10'000)); // still the shorter of the two
    limited.leave(middle);
    limited.pass();
    QCOMPARE(turns, (std::vector<std::uint32_t>{3, 2, 1}));
}

void TestOperationLine::firstComeKeepsItsTurn() {
    const Gate gate;
    std::vector<std::uint32_t> turns;
    TransmitTurns limited(ServiceOrder::Fifo, 1, gate);
    FakeTransmitter large(1, turns);
    FakeTransmitter small(2, turns);
    QVERIFY(limited.ask(large, large.operation, 5'000'000));
    QVERIFY(!limited.ask(small, small.operation, 500));
    QVERIFY(limited.askAgain(large, large.operation, 4'900'000));
    QVERIFY(turns.empty());
}

void TestOperationLine::aStalledPeerKeepsNobodyWaiting() {
    const Gate gate;
    std::vector<std::uint32_t> turns;
    TransmitTurns limited(ServiceOrder::Fifo, 1, gate);
    FakeTransmitter stalled(1, turns);
    FakeTransmitter other(2, turns);
    QVERIFY(limited.ask(stalled, stalled.operation, 5'000'000));
    QVERIFY(!limited.ask(other, other.operation, 500));
    limited.lookForStalled(gate.now());
    QVERIFY(turns.empty());
    stalled.taken = 1'000; // it is slow, but gets on
    const auto late = gate.now() + TransmitTurns::patience + 1;
    limited.lookForStalled(late);
    QVERIFY(turns.empty());
    limited.lookForStalled(late + TransmitTurns::patience + 1);
    QCOMPARE(turns, std::vector<std::uint32_t>{2});
    QVERIFY(!limited.askAgain(stalled, stalled.operation, 4'900'000)); // and has to ask for another turn
}

void TestOperationLine::whoWithdrawsGetsNoTurn() {
    const Gate gate;
    std::vector<std::uint32_t> turns;
    TransmitTurns limited(ServiceOrder::Fifo, 1, gate);
    FakeTransmitter first(1, turns);
    FakeTransmitter second(2, turns);
    QVERIFY(limited.ask(first, first.operation, 500));
    QVERIFY(!limited.ask(second, second.operation, 500));
    QVERIFY(!limited.withdraw(first)); // it does not wait
    QVERIFY(limited.withdraw(second));
    limited.leave(first);
    limited.pass();
    QVERIFY(turns.empty());
}

void TestOperationLine::withoutALimitEverybodySends() {
    const Gate gate;
    std::vector<std::uint32_t> turns;
    TransmitTurns open(ServiceOrder::ShortestJobFirst, 0, gate);
    std::list<FakeTransmitter> all;
    for (std::uint32_t id = 1; id <= 10; ++id) {
        auto& one = all.emplace_back(id, turns);
        QVERIFY(open.ask(one, one.operation, 1'000 * id));
        QVERIFY(open.askAgain(one, one.operation, 500 * id));
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestOperationLine)
#include "tst_operation_line.moc"
