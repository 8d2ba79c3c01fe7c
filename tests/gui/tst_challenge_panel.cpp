// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/challenge/challenge_view.h"
#include "window_driver.h"

#include <QLabel>
#include <QListWidget>
#include <QTest>

using namespace lab;
using namespace lab::test;

namespace {

/// The menu's item of that title, chosen as a click does.
void chooseInMenu(WindowDriver& driver, const QString& title) {
    for (auto* action : driver.window().actions()) {
        if (action->text() == title) {
            action->trigger();
        }
    }
}

QString titleOf(const char* id) { return QString::fromStdString(std::string(findChallenge(id)->title)); }

} // namespace

/// Plays the challenges in the real window by its real buttons and keys.
class ChallengePanelTest : public QObject {
    Q_OBJECT

private slots:
    void playedByButtonsUntilSolved();
    void playedByKeys();
    void foundBySearchAndPlayedAsAnAnimation();
    void mendedIsProvedToHold();
    void searchIsCancelled();
    void runAndChallengeTakeTurns();
    void clickingAStepMovesEveryView();

private:
    static ChallengeView& view(WindowDriver& driver) { return *driver.window().views().challenge; }
    static QString said(WindowDriver& driver, const char* label) { return driver.find<QLabel>(label)->text(); }
    static bool waitUntilShown(WindowDriver& driver) {
        return QTest::qWaitFor([&] { return view(driver).isOnShow() && driver.session().isReplay(); }, 30'000);
    }
};

void ChallengePanelTest::playedByButtonsUntilSolved() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForEvents(50));
    chooseInMenu(driver, titleOf("lost-wake-up"));
    QVERIFY(waitUntilShown(driver));
    QVERIFY(view(driver).isVisible());
    QVERIFY(said(driver, "challengeNotice").contains(QStringLiteral("not the lab’s engine")));
    QTRY_COMPARE(driver.window().runBar().runKind(), RunKind::Challenge);
    // Both dispatchers look; both completions are pushed; then both go to sleep.
    const char* const order[] = {"challengeStep1", "challengeStep2", "challengeStep3", "challengeStep3",
                                 "challengeStep3", "challengeStep3", "challengeStep3", "challengeStep1"};
    std::size_t steps = 0;
    for (const auto* button : order) {
        driver.click(button);
        QCOMPARE(view(driver).game().chosen().size(), ++steps);
        // The window shows the step's last event.
        QTRY_COMPARE(driver.playhead().position(), view(driver).game().recording()->end());
        QCOMPARE(driver.shownState(), driver.freshState(driver.playhead().position()));
    }
    QVERIFY(!driver.find<QLabel>("challengeVerdict")->isVisible());
    driver.click("challengeStep2");
    QVERIFY(view(driver).game().isSolved());
    QTRY_VERIFY(driver.find<QLabel>("challengeVerdict")->isVisible());
    QVERIFY(said(driver, "challengeVerdict").startsWith(QStringLiteral("Solved")));
    QVERIFY(said(driver, "challengeExplanation").contains(QStringLiteral("every thread waits")));
    QVERIFY(!driver.find<QWidget>("challengeSteps")->isVisible());
    QCOMPARE(driver.playhead().state().completionQueue.items.size(), std::size_t{2});

    // Back, and another way: nothing is solved any more.
    driver.click("challengeUndo");
    QVERIFY(!view(driver).game().isSolved());
    QVERIFY(waitUntilShown(driver));
    QTRY_VERIFY(!driver.find<QLabel>("challengeVerdict")->isVisible());
    QVERIFY(driver.find<QWidget>("challengeStep2")->isEnabled());
    driver.click("challengeAgain");
    QVERIFY(view(driver).game().chosen().empty());
    QTRY_VERIFY(driver.find<QLabel>("challengeStory")->isVisible());
}

void ChallengePanelTest::playedByKeys() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    driver.window().playChallenge("buffer-outlives-owner");
    QVERIFY(waitUntilShown(driver));
    auto& panel = view(driver);
    driver.window().activateWindow();
    QTRY_VERIFY(panel.isAncestorOf(driver.window().focusWidget()));
    const auto press = [&](Qt::Key key) { QTest::keyClick(driver.window().focusWidget(), key); };
    press(Qt::Key_2);
    press(Qt::Key_2);
    press(Qt::Key_1);
    QCOMPARE(panel.game().order(), (std::vector<std::size_t>{1, 1, 0}));
    QVERIFY(panel.isVisible()); // the digits have not gone to another view
    press(Qt::Key_2);           // the processor cannot go now
    QCOMPARE(panel.game().chosen().size(), std::size_t{3});
    press(Qt::Key_Backspace);
    QCOMPARE(panel.game().chosen().size(), std::size_t{2});
    press(Qt::Key_Return); // the button that has the keyboard
    QCOMPARE(panel.game().chosen().size(), std::size_t{3});
    driver.window().stage().setFocus();
    QTest::keyClick(&driver.window(), Qt::Key_6); // outside the panel the digits are the views' again
    QVERIFY(driver.find<QWidget>("queue")->isVisible());
    QCOMPARE(panel.game().chosen().size(), std::size_t{3});
}

void ChallengePanelTest::foundBySearchAndPlayedAsAnAnimation() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForEvents(50));
    driver.window().playChallenge("buffer-outlives-owner");
    QVERIFY(waitUntilShown(driver));
    driver.click("challengeFind");
    QTRY_VERIFY(!view(driver).isSearching() && view(driver).game().isSolved());
    const auto& game = view(driver).game();
    QCOMPARE(game.order(), *findShortest(game.challenge(), Variant::Planted).order);
    // It begins where the first step begins, and goes on by itself, not all at once.
    QTRY_COMPARE(driver.playhead().mode(), Playhead::Mode::Playing);
    QVERIFY(driver.playhead().position() < game.recording()->end());
    QVERIFY(!driver.find<QLabel>("challengeVerdict")->isVisible());
    const auto early = driver.playhead().position();
    QTRY_VERIFY(driver.playhead().position() > early);
    auto* order = driver.find<QListWidget>("challengeOrder");
    QCOMPARE(order->count(), static_cast<int>(game.chosen().size()));
    QTRY_VERIFY(order->currentRow() > 0);
    driver.playhead().setPace(1000); // nobody has to wait for the rest
    QTRY_COMPARE(driver.playhead().position(), game.recording()->end());
    QTRY_VERIFY(driver.find<QLabel>("challengeVerdict")->isVisible());
    QVERIFY(said(driver, "challengeVerdict").contains(QStringLiteral("shortest")));
    QCOMPARE(order->currentRow(), order->count() - 1);
    QVERIFY(driver.playhead().isPaused());
    QCOMPARE(driver.shownState(), driver.freshState(driver.playhead().position()));
}

void ChallengePanelTest::mendedIsProvedToHold() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForEvents(50));
    for (const auto& challenge : challenges()) {
        driver.window().playChallenge(challenge.id);
        QVERIFY(waitUntilShown(driver));
        if (view(driver).game().variant() == Variant::Planted) {
            driver.find<QAbstractButton>("challengeMended")->click();
        }
        QCOMPARE(view(driver).game().variant(), Variant::Mended);
        driver.click("challengeFind");
        QTRY_VERIFY(!view(driver).isSearching());
        QTRY_VERIFY(driver.find<QLabel>("challengeVerdict")->isVisible());
        const auto states = findShortest(challenge, Variant::Mended).states;
        QVERIFY(said(driver, "challengeVerdict").startsWith(QString::number(states) + QStringLiteral(" states")));
        QVERIFY(!view(driver).game().isSolved());
        QVERIFY(view(driver).game().chosen().empty());
    }
}

void ChallengePanelTest::searchIsCancelled() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForEvents(50));
    driver.window().playChallenge("buffer-outlives-owner");
    QVERIFY(waitUntilShown(driver));
    auto* button = driver.find<QAbstractButton>("challengeFind");
    button->click();
    QVERIFY(view(driver).isSearching());
    QCOMPARE(button->text(), QStringLiteral("Cancel"));
    button->click(); // before what was found could be delivered
    QVERIFY(!view(driver).isSearching());
    QCOMPARE(button->text(), QStringLiteral("Find it for me"));
    QTest::qWait(0);
    QVERIFY(view(driver).game().chosen().empty());
    QVERIFY(driver.find<QWidget>("challengeSteps")->isVisible());
    driver.click("challengeStep2"); // and it can still be played
    QCOMPARE(view(driver).game().chosen().size(), std::size_t{1});
}

void ChallengePanelTest::runAndChallengeTakeTurns() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    driver.window().playChallenge("lost-wake-up");
    QVERIFY(waitUntilShown(driver));
    driver.click("challengeStep1");
    const auto shown = view(driver).game().recording();
    driver.window().chooseModel(QStringLiteral("proactor"));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor")));
    QVERIFY(!view(driver).isOnShow());
    QTRY_VERIFY(driver.find<QAbstractButton>("challengePlay")->isVisible());
    QVERIFY(!driver.find<QWidget>("challengeStep1")->isEnabled()); // nobody plays what is not on show
    driver.click("challengePlay");
    QVERIFY(waitUntilShown(driver));
    QCOMPARE(view(driver).game().recording(), shown); // as it was left
    QCOMPARE(view(driver).game().chosen().size(), std::size_t{1});
    QTRY_VERIFY(!driver.find<QAbstractButton>("challengePlay")->isVisible());
    driver.click("challengeStep1");
    QCOMPARE(view(driver).game().chosen().size(), std::size_t{2});
}

void ChallengePanelTest::clickingAStepMovesEveryView() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    driver.window().playChallenge("lost-wake-up");
    QVERIFY(waitUntilShown(driver));
    for (const auto* button : {"challengeStep1", "challengeStep3", "challengeStep3"}) {
        driver.click(button);
    }
    QTRY_COMPARE(driver.playhead().position(), view(driver).game().recording()->end());
    auto* order = driver.find<QListWidget>("challengeOrder");
    QTRY_COMPARE(order->currentRow(), 2);
    QTest::mouseClick(order->viewport(), Qt::LeftButton, {}, order->visualItemRect(order->item(0)).center());
    QCOMPARE(driver.playhead().position(), view(driver).game().chosen()[1].firstEvent);
    QTRY_COMPARE(order->currentRow(), 0);
    driver.click("challengeStep1"); // goes on from the end, and shows it
    QTRY_COMPARE(driver.playhead().position(), view(driver).game().recording()->end());
}

QTEST_MAIN(ChallengePanelTest)
#include "tst_challenge_panel.moc"
