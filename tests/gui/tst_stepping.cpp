// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "gui/model/event_words.h"
#include "gui/model/run_comparison.h"
#include "gui/view/stage_view.h"
#include "window_driver.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>

using namespace lab;
using namespace lab::test;

namespace {

constexpr int patience = 60'000; // ms
constexpr int steps = 60;

QString idOf(const ModelDescription& model) {
    return QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
}

/// A run under `model` that is held before its first turn.
class HeldRun : public WindowDriver {
public:
    explicit HeldRun(const QString& model)
        : WindowDriver(lightScenario(), model) {}

    bool begin() {
        if (!waitForEvents(20)) {
            return false;
        }
        const auto free = session().recording();
        press(Qt::Key_R, Qt::ShiftModifier);
        return QTest::qWaitFor([&] { return session().recording() != free; }, patience) && waitUntilHeld();
    }
    StepControl& control() { return window().stepControl(); }
    bool waitUntilHeld() {
        return QTest::qWaitFor([this] { return !session().isBusy() && control().isHeld(); }, patience);
    }
    bool waitForPosition(std::size_t position) {
        return QTest::qWaitFor([&] { return playhead().position() == position; }, patience);
    }
    /// Presses a button that takes one step on, and waits for it.
    bool stepOn(const char* button = "stepForward") {
        const auto before = playhead().position();
        click(button);
        return waitForPosition(before + 1);
    }
    /// Where nothing is on its way into the recording any more.
    std::size_t settle() {
        std::size_t before = 0;
        do {
            before = playhead().recorded();
            QTest::qWait(150);
        } while (playhead().recorded() != before);
        return before;
    }
    const Event& shownEvent() { return playhead().follower().view()[playhead().position() - 1]; }
};

} // namespace

/// Steps the real server by the window's real buttons and keys.
class SteppingTest : public QObject {
    Q_OBJECT

private slots:
    void buttonsStepForwardBackAndForward_data();
    void buttonsStepForwardBackAndForward();
    void holdingStopsTheServerAndGoingOnFreesIt();
    void aHeldServerIsNotShownAsFlows();
    void pausingTheViewsDoesNotHoldTheServer();
    void everyKindOfStepEndsAtItsEvent();
    void theChosenThreadGoesNext();
    void aThreadIsSteppedAlone();
    void aRequestIsFollowedAcrossThreads();
    void runsUntilWhatThePopupSays();
    void stepsThroughARecordingEndAtTheirEvents();
    void scheduleIsSavedAndFollowed();
    void goingOnWithOtherChoicesKeepsBothRuns();
    void aFreeRunSaysWhyItCannotBeGoneOnFrom();
    void windowClosesAtOnceInAnyState_data();
    void windowClosesAtOnceInAnyState();
    void openingTellsHowFarItIsAndEndsWhenCancelled();
};

void SteppingTest::buttonsStepForwardBackAndForward_data() {
    QTest::addColumn<QString>("model");
    for (const auto& model : models()) {
        if (model.whyUnavailable().empty()) {
            QTest::newRow(qPrintable(idOf(model))) << idOf(model);
        }
    }
}

void SteppingTest::buttonsStepForwardBackAndForward() {
    QFETCH(QString, model);
    HeldRun run(model);
    QVERIFY(run.begin());
    const auto start = run.playhead().position();
    std::vector<std::string> states;
    for (int step = 0; step < steps; ++step) {
        QVERIFY2(run.stepOn(),
                 qPrintable(QStringLiteral("step %1: %2").arg(step).arg(run.window().stepBar().status())));
        states.push_back(run.shownState());
        QCOMPARE(states.back(), run.freshState(run.playhead().position()));
    }
    QCOMPARE(run.playhead().position(), start + steps);
    for (int step = steps - 1; step > 0; --step) {
        run.click("stepBack");
        QCOMPARE(run.playhead().position(), start + static_cast<std::size_t>(step));
        QCOMPARE(run.shownState(), states[static_cast<std::size_t>(step - 1)]);
    }
    run.click("stepBack");
    for (int step = 0; step < steps; ++step) {
        run.click("stepForward");
        QCOMPARE(run.playhead().position(), start + static_cast<std::size_t>(step) + 1);
        QCOMPARE(run.shownState(), states[static_cast<std::size_t>(step)]);
    }
    QVERIFY(run.control().isHeld());
}

void SteppingTest::holdingStopsTheServerAndGoingOnFreesIt() {
    HeldRun run(QStringLiteral("proactor-pool"));
    QVERIFY(run.waitForEvents(200));
    QVERIFY(!run.window().stepBar().isVisible());
    run.press(Qt::Key_H);
    QVERIFY(run.waitUntilHeld());
    QTRY_COMPARE(run.window().runBar().runKind(), RunKind::Stepped);
    QVERIFY(run.window().stepBar().isVisible());
    QVERIFY(run.find<QAbstractButton>("hold")->isChecked());
    const auto held = run.settle();
    QCOMPARE(run.playhead().position(), held);
    run.press(Qt::Key_Right);
    QVERIFY(run.waitForPosition(held + 1));
    run.click("goOn");
    QTRY_VERIFY_WITH_TIMEOUT(run.playhead().recorded() > held + 200, patience);
    QVERIFY(!run.window().stepBar().isVisible());
    QCOMPARE(run.window().runBar().runKind(), RunKind::Stepped); // its times are no measurement any more
    run.click("hold");
    QVERIFY(run.waitUntilHeld());
}

void SteppingTest::aHeldServerIsNotShownAsFlows() {
    WindowDriver run(busyScenario(), QStringLiteral("reactor"));
    QVERIFY(run.waitForEvents(1000));
    auto* stage = run.find<StageView>("stage");
    QTRY_VERIFY_WITH_TIMEOUT(stage->showsFlows(), patience);
    run.press(Qt::Key_H);
    QTRY_VERIFY_WITH_TIMEOUT(run.window().stepControl().isHeld(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!stage->showsFlows(), patience);
    run.press(Qt::Key_H);
    QTRY_VERIFY_WITH_TIMEOUT(stage->showsFlows(), patience);
}

void SteppingTest::pausingTheViewsDoesNotHoldTheServer() {
    HeldRun run(QStringLiteral("reactor"));
    QVERIFY(run.waitForEvents(200));
    run.press(Qt::Key_Space);
    QVERIFY(run.playhead().isPaused());
    QVERIFY(!run.control().isEngaged());
    const auto recorded = run.playhead().recorded();
    QTRY_VERIFY_WITH_TIMEOUT(run.playhead().recorded() > recorded + 100, patience);
    QCOMPARE(run.window().runBar().runKind(), RunKind::Measured);
}

void SteppingTest::everyKindOfStepEndsAtItsEvent() {
    HeldRun run(QStringLiteral("proactor-pool"));
    QVERIFY(run.begin());
    for (const auto& kind : stepKinds()) {
        const auto id = QString::fromUtf8(kind.id.data(), static_cast<qsizetype>(kind.id.size()));
        if (id == QStringLiteral("readiness")) {
            continue; // a proactor is never told of readiness
        }
        auto* action = run.window().stepBar().steps().findChild<QAction*>(QStringLiteral("step-") + id);
        QVERIFY2(action != nullptr, qPrintable(id));
        const auto before = run.playhead().position();
        action->trigger();
        QTRY_VERIFY2_WITH_TIMEOUT(run.playhead().isPaused() && run.playhead().position() > before &&
                                      run.control().isHeld(),
                                  qPrintable(id + QStringLiteral(": ") + run.window().stepBar().status()), patience);
        QVERIFY2(kind.ends(run.shownEvent()), qPrintable(id));
        for (auto index = before; index + 1 < run.playhead().position(); ++index) {
            QVERIFY2(!kind.ends(run.playhead().follower().view()[index]), qPrintable(id));
        }
    }
}

void SteppingTest::theChosenThreadGoesNext() {
    HeldRun run(QStringLiteral("proactor-pool"));
    QVERIFY(run.begin());
    run.press(Qt::Key_C);
    auto& view = *run.window().views().candidates;
    QVERIFY(view.isVisible());
    int chosen = 0;
    for (int turn = 0; turn < 400 && chosen < 20; ++turn) {
        QVERIFY(run.waitUntilHeld());
        run.playhead().seek(run.settle());
        const int last = view.model().rowCount() - 1;
        if (last < 1) {
            QVERIFY(run.stepOn());
            continue;
        }
        const auto candidate = view.model().candidates()[static_cast<std::size_t>(last)];
        const auto before = run.playhead().recorded();
        if (chosen % 2 == 0) {
            view.list().scrollTo(view.model().index(last));
            QTest::mouseClick(view.list().viewport(), Qt::LeftButton, {},
                              view.list().visualRect(view.model().index(last)).center());
        } else {
            view.list().setCurrentIndex(view.model().index(last));
            QTest::keyClick(&view.list(), Qt::Key_Return);
        }
        QTRY_VERIFY_WITH_TIMEOUT(run.playhead().end() > before && run.control().isHeld(), patience);
        // Clients go by themselves; of the server, the chosen one was the first.
        const auto& events = run.playhead().follower().view();
        auto index = before;
        while (index + 1 < run.playhead().end() && isTraffic(events[index].type()) && !candidate.isClient) {
            ++index;
        }
        const auto& made = events[index];
        QCOMPARE(made.actor, candidate.pending.actor);
        QCOMPARE(made.operation, candidate.pending.operation);
        if (!candidate.isOffer) {
            QCOMPARE(made.type(), candidate.pending.type());
            QCOMPARE(made.connection, candidate.pending.connection);
        }
        ++chosen;
    }
    QVERIFY2(chosen >= 20, qPrintable(QString::number(chosen)));
}

void SteppingTest::aThreadIsSteppedAlone() {
    HeldRun run(QStringLiteral("thread-pool"));
    QVERIFY(run.begin());
    for (int step = 0; step < 60; ++step) {
        QVERIFY(run.stepOn());
    }
    // Somebody who can go on by itself; there is none while all wait in the kernel and the clients think.
    QVERIFY(run.waitUntilHeld());
    for (int step = 0; run.control().candidates().empty(); ++step) {
        QVERIFY(step < 100);
        QVERIFY(run.stepOn());
    }
    run.settle();
    run.playhead().seek(run.playhead().end());
    const auto candidates = run.control().candidates();
    QVERIFY(!candidates.empty());
    const auto actor = candidates.front().pending.actor;
    run.window().selection().set({Selection::Kind::Thread, actor});
    const auto before = run.playhead().position();
    run.click("stepThread");
    QTRY_VERIFY_WITH_TIMEOUT(run.playhead().position() > before && run.control().isHeld(), patience);
    run.settle();
    for (auto index = before; index < run.playhead().end(); ++index) {
        QCOMPARE(run.playhead().follower().view()[index].actor, actor);
    }
}

void SteppingTest::aRequestIsFollowedAcrossThreads() {
    HeldRun run(QStringLiteral("proactor-pool"));
    QVERIFY(run.begin());
    run.control().stepKind(QStringLiteral("accept"));
    QTRY_VERIFY_WITH_TIMEOUT(run.playhead().isPaused() && run.control().isHeld() &&
                                 run.shownEvent().type() == EventType::ConnectionAccepted,
                             patience);
    const auto connection = run.shownEvent().connection;
    run.window().selection().set({Selection::Kind::Connection, connection});
    for (int step = 0; step < 30; ++step) {
        const auto before = run.playhead().position();
        run.press(Qt::Key_G, Qt::ShiftModifier);
        QTRY_VERIFY2_WITH_TIMEOUT(run.playhead().isPaused() && run.playhead().position() > before &&
                                      run.control().isHeld(),
                                  qPrintable(run.window().stepBar().status()), patience);
        QCOMPARE(run.shownEvent().connection, connection);
        for (auto index = before; index + 1 < run.playhead().position(); ++index) {
            const auto& between = run.playhead().follower().view()[index];
            QVERIFY(between.connection != connection || isTraffic(between.type()));
        }
        if (run.shownEvent().type() == EventType::ConnectionClosed) {
            return;
        }
    }
}

void SteppingTest::runsUntilWhatThePopupSays() {
    HeldRun run(QStringLiteral("reactor"));
    QVERIFY(run.begin());
    run.press(Qt::Key_U);
    auto& popup = run.window().stepBar().until();
    QVERIFY(popup.isVisible());
    auto* kind = popup.findChild<QComboBox*>(QStringLiteral("untilKind"));
    kind->setCurrentIndex(kind->findData(static_cast<int>(Condition::Kind::Connections)));
    popup.findChild<QDoubleSpinBox*>(QStringLiteral("untilValue"))->setValue(3);
    QVERIFY(popup.findChild<QLabel*>(QStringLiteral("untilWords"))->text().contains(QStringLiteral("3 connections")));
    run.settle(); // what comes late must not look like the step
    const auto before = run.playhead().position();
    QTest::mouseClick(popup.findChild<QAbstractButton*>(QStringLiteral("untilGo")), Qt::LeftButton);
    QTRY_VERIFY(!popup.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(run.playhead().position() > before && run.playhead().isPaused() && run.control().isHeld(),
                             patience);
    run.settle();
    QCOMPARE(run.playhead().state().connections.size(), std::size_t{3});
    QCOMPARE(run.shownEvent().type(), EventType::ConnectionAccepted);
}

void SteppingTest::stepsThroughARecordingEndAtTheirEvents() {
    HeldRun run(QStringLiteral("reactor"));
    QVERIFY(run.waitForEvents(2'000));
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("run.plrec"));
    run.window().saveRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(run.window().message().contains(file), patience);
    run.window().openRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(run.session().isReplay() && run.playhead().end() >= 2'000, patience);
    QTRY_VERIFY(!run.find<QAbstractButton>("hold")->isEnabled());
    run.playhead().seek(10);
    run.control().stepKind(QStringLiteral("request-done"));
    QTRY_VERIFY(run.playhead().position() > 10 && run.shownEvent().type() == EventType::ResponseSent);
    Condition until;
    until.kind = Condition::Kind::EventNumber;
    until.value = 1'500;
    run.control().step(until);
    QTRY_COMPARE(run.playhead().position(), std::size_t{1'501});
    until.value = 1e9;
    run.control().step(until);
    QTRY_VERIFY(run.window().message().contains(QStringLiteral("ends before")));
}

void SteppingTest::scheduleIsSavedAndFollowed() {
    HeldRun run(QStringLiteral("proactor-pool"));
    QVERIFY(run.begin());
    for (int step = 0; step < 120; ++step) {
        QVERIFY(run.stepOn());
    }
    QVERIFY(run.waitUntilHeld());
    const auto turns = run.session().stepper()->schedule().turns;
    QVERIFY(turns.size() > 30);
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("schedule.json"));
    run.window().saveSchedule(file);
    QTRY_VERIFY_WITH_TIMEOUT(run.window().message().contains(file), patience);
    const auto former = run.session().recording();
    run.window().followSchedule(file);
    QTRY_VERIFY_WITH_TIMEOUT(run.session().recording() != former, patience);
    QVERIFY(run.waitUntilHeld());
    run.settle();
    const auto again = run.session().stepper()->schedule().turns;
    QVERIFY2(!run.session().stepper()->divergence(), qPrintable(run.window().message()));
    QVERIFY(again.size() >= turns.size());
    for (std::size_t turn = 0; turn < turns.size(); ++turn) {
        QVERIFY2(turns[turn] == again[turn], qPrintable(QStringLiteral("turn %1: %2 / %3")
                                                            .arg(turn)
                                                            .arg(QString::fromStdString(turns[turn].words()),
                                                                 QString::fromStdString(again[turn].words()))));
    }
}

void SteppingTest::goingOnWithOtherChoicesKeepsBothRuns() {
    HeldRun run(QStringLiteral("proactor-pool"));
    QVERIFY(run.begin());
    for (int step = 0; step < 150; ++step) {
        QVERIFY(run.stepOn());
    }
    run.playhead().step(-50);
    const auto place = run.playhead().position();
    const auto former = run.session().recording();
    run.press(Qt::Key_F);
    QTRY_VERIFY_WITH_TIMEOUT(run.session().recording() != former, patience);
    QVERIFY(run.waitUntilHeld());
    run.settle();
    QVERIFY2(!run.session().stepper()->divergence(), qPrintable(run.window().message()));
    QCOMPARE(run.session().keptRuns().size(), std::size_t{1});
    QVERIFY(run.find<QAbstractButton>("runs")->isVisible());
    // What the new run did so far, the former one had done up to that place.
    RunComparison comparison({QStringLiteral("A"), former}, {QStringLiteral("B"), run.session().recording()});
    comparison.compare();
    QVERIFY(comparison.rows(1) > 0);
    const auto common = comparison.firstDifference().value_or(comparison.rows(1));
    QVERIFY(common >= comparison.rows(1) || comparison.entry(0, common)->index >= place);
    // Another choice, then both side by side.
    for (int step = 0; step < 30; ++step) {
        run.playhead().seek(run.settle());
        const auto candidates = run.control().candidates();
        if (candidates.empty()) {
            QVERIFY(run.stepOn());
        } else {
            run.control().choose(candidates.back());
            QVERIFY(run.waitUntilHeld());
        }
    }
    run.press(Qt::Key_D);
    QTRY_VERIFY_WITH_TIMEOUT(run.find<QDialog>("comparisonPage") != nullptr, patience);
    QVERIFY(!run.find<QLabel>("comparisonSentence")->text().isEmpty());
    run.find<QDialog>("comparisonPage")->close();
    const auto present = run.session().recording();
    run.session().showKept(QStringLiteral("A"));
    QCOMPARE(run.session().recording(), former);
    QTRY_COMPARE(run.window().runBar().runKind(), RunKind::Replay);
    run.session().showPresent();
    QCOMPARE(run.session().recording(), present);
    QVERIFY(run.waitUntilHeld());
}

void SteppingTest::aFreeRunSaysWhyItCannotBeGoneOnFrom() {
    HeldRun run(QStringLiteral("reactor"));
    QVERIFY(run.waitForEvents(300));
    run.press(Qt::Key_H);
    QVERIFY(run.waitUntilHeld());
    run.press(Qt::Key_F);
    QVERIFY(run.window().message().contains(QStringLiteral("not known")));
    const auto former = run.session().recording();
    run.click("messageHelp");
    QTRY_VERIFY_WITH_TIMEOUT(run.session().recording() != former, patience);
    QVERIFY(run.waitUntilHeld());
    QVERIFY(run.session().canGoOnFromHere());
}

void SteppingTest::windowClosesAtOnceInAnyState_data() {
    QTest::addColumn<QString>("state");
    for (const char* state : {"free", "held", "stepping", "starting held", "going on from"}) {
        QTest::newRow(state) << QString::fromLatin1(state);
    }
}

void SteppingTest::windowClosesAtOnceInAnyState() {
    QFETCH(QString, state);
    for (const char* model : {"thread-per-request", "reactor", "proactor-pool"}) {
        auto run = std::make_unique<HeldRun>(QString::fromLatin1(model));
        QVERIFY(run->waitForEvents(200));
        if (state == QStringLiteral("held")) {
            run->press(Qt::Key_H);
            QVERIFY(run->waitUntilHeld());
        } else if (state == QStringLiteral("stepping")) {
            Condition never;
            never.kind = Condition::Kind::Connections;
            never.value = 1'000;
            run->control().step(never);
            QTRY_VERIFY_WITH_TIMEOUT(run->control().server() == StepControl::Server::Stepping, patience);
        } else if (state == QStringLiteral("starting held")) {
            run->press(Qt::Key_R, Qt::ShiftModifier);
        } else if (state == QStringLiteral("going on from")) {
            QVERIFY(run->begin());
            for (int step = 0; step < 30; ++step) {
                QVERIFY(run->stepOn());
            }
            run->press(Qt::Key_F);
        }
        QElapsedTimer timer;
        timer.start();
        run.reset();
        QVERIFY2(timer.elapsed() < 1'000,
                 qPrintable(QStringLiteral("%1: %2 ms").arg(QLatin1String(model)).arg(timer.elapsed())));
    }
}

void SteppingTest::openingTellsHowFarItIsAndEndsWhenCancelled() {
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("large.plrec"));
    WindowDriver driver(busyScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(300'000));
    driver.window().saveRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(file), patience);
    std::vector<int> percents;
    connect(&driver.session(), &LabSession::openedMore, this,
            [&] { percents.push_back(driver.session().openedPercent()); });
    driver.window().openRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().isReplay() && !driver.session().isBusy(), patience);
    QVERIFY(!percents.empty());
    QVERIFY(std::ranges::is_sorted(percents));
    QVERIFY(percents.back() <= 100);
    // A reading that is cancelled ends: the next job of that thread is soon done.
    driver.window().openRecording(file);
    driver.session().cancelOpening();
    bool done = false;
    driver.session().work([] {}, [&done] { done = true; });
    QTRY_VERIFY_WITH_TIMEOUT(done, patience);
    QVERIFY(!driver.session().isOpening());
}

QTEST_MAIN(SteppingTest)
#include "tst_stepping.moc"
