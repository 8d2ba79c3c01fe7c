// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/interference.h"
#include "gui/window/lab_window.h"
#include "window_driver.h"

#include <QTest>

#include <cerrno>
#include <optional>

using namespace lab;
using namespace lab::test;

namespace {

constexpr int longTime = 60'000; // ms

/// One client that takes a film far too slowly to get to its end.
QString slowReader() {
    return scenarioFile("slow-reader.json", R"({
        "title": "A slow reader",
        "files": [{"path": "film.bin", "octets": 20000000}],
        "phases": [{"name": "all", "seconds": 600, "groups": [
            {"name": "slow", "clients": 1, "receiveOctetsPerSecond": 20000}]}]
    })");
}

/// The connection to which an answer is being transmitted at the playhead.
std::optional<std::uint32_t> beingSentTo(const LabState& state) {
    for (const auto& [id, operation] : state.operations) {
        if (operation.kind == Operation::Transmit && operation.phase == OperationPhase::InKernel) {
            return operation.connection;
        }
    }
    return std::nullopt;
}

std::optional<std::uint16_t> workerAt(const LabState& state) {
    for (const auto& [id, connection] : state.connections) {
        const auto* thread = state.threads.get(connection.thread);
        if (thread != nullptr && thread->process != 0) {
            return connection.thread;
        }
    }
    return std::nullopt;
}

} // namespace

/// If these fail, what a person does to a running server in the window does not reach it, or reaches another one.
class InterferenceTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatCanBeCancelled();
    void findsWhoCanBeKilled();
    void cancelsTheSelectedConnectionsOperation();
    void killsTheSelectedWorker();
    void nothingSelectedIsTold();
};

void InterferenceTest::findsWhatCanBeCancelled() {
    using Kind = Selection::Kind;
    LabState state;
    state.operations[7] = {.id = 7, .kind = Operation::Transmit, .connection = 3};
    state.operations[8] = {.id = 8, .kind = Operation::Accept};
    state.operations[9] = {
        .id = 9, .kind = Operation::Read, .connection = 4, .phase = OperationPhase::Queued, .result = 100};
    QCOMPARE(operationToCancel(state, {Kind::Operation, 7}), (CancellableOperation{3, 7}));
    QCOMPARE(operationToCancel(state, {Kind::Connection, 3}), (CancellableOperation{3, 0}));
    QVERIFY(!operationToCancel(state, {Kind::Operation, 8}));
    QVERIFY(!operationToCancel(state, {Kind::Operation, 9}));
    QVERIFY(!operationToCancel(state, {Kind::Connection, 4}));
    QVERIFY(!operationToCancel(state, {Kind::Connection, 0}));
    QVERIFY(!operationToCancel(state, {Kind::Thread, 7}));
}

void InterferenceTest::findsWhoCanBeKilled() {
    using Kind = Selection::Kind;
    LabState state;
    state.threads[5].process = 4711;
    state.threads[6].process = 0;
    state.connections[3].thread = 5;
    QCOMPARE(workerToKill(state, {Kind::Thread, 5}), 4711);
    QCOMPARE(workerToKill(state, {Kind::Connection, 3}), 4711);
    QVERIFY(!workerToKill(state, {Kind::Thread, 6}));
    QVERIFY(!workerToKill(state, {Kind::Connection, 17}));
    QVERIFY(!workerToKill(state, {}));
}

void InterferenceTest::cancelsTheSelectedConnectionsOperation() {
    WindowDriver driver(slowReader(), "proactor");
    QVERIFY(driver.waitForModel("proactor"));
    QTRY_VERIFY_WITH_TIMEOUT(beingSentTo(driver.playhead().state()).has_value(), longTime);
    driver.window().selection().set({Selection::Kind::Connection, *beingSentTo(driver.playhead().state())});
    driver.press(Qt::Key_X);
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().state().totals.cancelled > 0, longTime);
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(QStringLiteral("Cancellation")), longTime);
}

void InterferenceTest::killsTheSelectedWorker() {
    WindowDriver driver(slowReader(), "prefork");
    QVERIFY(driver.waitForModel("prefork"));
    QTRY_VERIFY_WITH_TIMEOUT(workerAt(driver.playhead().state()).has_value(), longTime);
    driver.window().selection().set({Selection::Kind::Thread, *workerAt(driver.playhead().state())});
    driver.press(Qt::Key_X, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().state().totals.processesKilled > 0, longTime);
}

void InterferenceTest::nothingSelectedIsTold() {
    WindowDriver driver(slowReader(), "reactor");
    QVERIFY(driver.waitForModel("reactor"));
    driver.window().selection().clear();
    driver.press(Qt::Key_X);
    QVERIFY(driver.window().message().contains(QStringLiteral("Select a connection")));
}

QTEST_MAIN(InterferenceTest)
#include "tst_interference.moc"
