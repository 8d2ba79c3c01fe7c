// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/interference.h"
#include "gui/window/lab_window.h"
#include "window_driver.h"

#include <QAction>
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

QStringList serverThreads(WindowDriver& driver) {
    QStringList names;
    for (const auto& [actor, thread] : driver.playhead().state().threads) {
        if (thread.isServer || thread.process != 0) {
            const auto name = driver.playhead().follower().glossary().name(thread.name);
            names << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        }
    }
    return names;
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
    void changesTheModelWhileItServes();
    void whatTheNextModelDoesNotTakeStaysBehind();
    void aScenarioChangesTheServer();
    void refusesAChangeAndGoesOn();
    void aHeldServerIsNotChanged();
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

/// By way of every family, under load: the same recording, address and connections.
void InterferenceTest::changesTheModelWhileItServes() {
    constexpr double pace = 500; // its turns are written down
    WindowDriver driver(lightScenario(), "reactor", pace);
    QVERIFY(driver.waitForEvents(200));
    QVERIFY(driver.session().canGoOnFromHere());
    const auto recording = driver.session().recording();
    const auto url = driver.session().url();
    for (const QString model : {"thread-pool", "proactor-pool", "prefork", "reactor"}) {
        driver.find<QAction>(qPrintable(QStringLiteral("changeTo:") + model))->trigger();
        const auto changed = [&] {
            return driver.playhead().follower().glossary().name(driver.playhead().state().model) == model.toStdString();
        };
        QTRY_VERIFY_WITH_TIMEOUT(changed(), longTime);
        const auto requests = driver.playhead().state().totals.requests;
        QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().state().totals.requests > requests + 5, longTime);
        QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(QStringLiteral("goes on as ") + model), longTime);
        QCOMPARE(driver.window().runBar().model(), model);
    }
    QCOMPARE(driver.session().recording(), recording);
    QCOMPARE(driver.session().url(), url);
    // Of the former models nobody is left, processes included.
    QTRY_COMPARE_WITH_TIMEOUT(serverThreads(driver), QStringList{QStringLiteral("event loop")}, longTime);
    QVERIFY(driver.playhead().state().totals.handedOver > 0);
    QVERIFY(!driver.session().canGoOnFromHere()); // no schedule tells of changes
}

void InterferenceTest::whatTheNextModelDoesNotTakeStaysBehind() {
    WindowDriver driver(lightScenario(), "proactor");
    QVERIFY(driver.waitForEvents(200));
    ServerOptions chosen;
    chosen.processor = ProcessorKind::PosixAio;
    driver.window().runBar().options().setOptions(chosen);
    driver.find<QAction>("changeTo:reactor")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(QStringLiteral("goes on as ")), longTime);
    QVERIFY2(driver.window().message().contains(QStringLiteral("goes on as reactor")),
             qPrintable(driver.window().message()));
}

/// The run bar follows; whoever starts the run again begins with the model that was chosen.
void InterferenceTest::aScenarioChangesTheServer() {
    WindowDriver driver(scenarioFile("changing.json", R"({
        "title": "Changing", "files": [{"path": "page.html", "octets": 5000}],
        "phases": [{"name": "first", "seconds": 1, "groups": [{"name": "g", "clients": 2, "thinkSeconds": 0.02}]},
                   {"name": "then", "seconds": 600, "server": {"model": "thread-pool", "threads": 3},
                    "groups": [{"name": "g", "clients": 2, "thinkSeconds": 0.02}]}]
    })"),
                        "reactor");
    QVERIFY(driver.waitForModel("reactor"));
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(QStringLiteral("it goes on as thread-pool")), longTime);
    QCOMPARE(driver.window().runBar().model(), QStringLiteral("thread-pool"));
    const auto before = driver.session().recording();
    driver.press(Qt::Key_R);
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().recording() != before, longTime);
    QCOMPARE(driver.session().recording()->info().model, "reactor");
}

void InterferenceTest::refusesAChangeAndGoesOn() {
    constexpr double pace = 500; // its turns are written down
    WindowDriver driver(slowReader(), "reactor", pace);
    QVERIFY(driver.waitForModel("reactor"));
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().isLive(), longTime);
    ServerOptions senseless;
    senseless.model = "proactor";
    senseless.transfer = FileTransfer::Splice;
    std::optional<std::string> told;
    driver.session().changeServer(senseless, false,
                                  [&](const Result<void>& result) { told = result ? "" : result.error().message; });
    QVERIFY(!driver.session().phaseText().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(told.has_value(), longTime);
    QVERIFY2(told->find("splice") != std::string::npos, told->c_str());
    QVERIFY(driver.session().canGoOnFromHere());
    QVERIFY(driver.session().phaseText().isEmpty());
    QVERIFY(driver.session().isLive());
}

void InterferenceTest::aHeldServerIsNotChanged() {
    WindowDriver driver(lightScenario(), "reactor");
    QVERIFY(driver.waitForEvents(200));
    driver.press(Qt::Key_H);
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().stepControl().isHeld(), longTime);
    driver.find<QAction>("changeTo:thread-pool")->trigger();
    QVERIFY(driver.window().message().contains(QStringLiteral("held")));
    QCOMPARE(driver.window().runBar().model(), QStringLiteral("reactor"));
}

QTEST_MAIN(InterferenceTest)
#include "tst_interference.moc"
