// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "engine/concurrency/model.h"
#include "engine/trace/recording_file.h"
#include "gui/window/recording_ending.h"
#include "window_driver.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace lab;
using namespace lab::test;

/// Drives the real window by its real buttons and keys, as a person would.
class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void startsAndShowsEvents();
    void pausingFreezesWhileRecordingGoesOn();
    void stepsByButtonsShowTheStateOfEachEvent();
    void keysDoWhatButtonsDo();
    void scrubbingGoesToAnyEvent();
    void paceReachesTheServerAndStaysPaced();
    void everyModelComesUpAtTheSameAddress();
    void lastOfManyRequestsWins();
    void selectionIsSharedByTheViews();
    void clickingAnEventMovesEveryView();
    void requestFromOutsideIsMarked();
    void brokenScenarioIsToldAndTheWindowLives();
    void brokenScenarioAtTheStart();
    void aScenarioIsListedOnce();
    void recordingIsSavedAndOpenedAgain();
    void truncatedRecordingIsShownWithARemark();
    void cancelledOpeningChangesNothing();
    void themesChangeEverything();
    void nothingIsCutOffInASmallWindow_data();
    void nothingIsCutOffInASmallWindow();
    void sideViewsFoldAwayInLargeType();
    void everyControlHasANameAndATip();
    void addressIsCopied();
    void fullSpeedIsShownAsFlows();
    void frameReportTellsOfTheFrames();
};

void WindowTest::startsAndShowsEvents() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForEvents(200));
    QCOMPARE(driver.playhead().mode(), Playhead::Mode::Live);
    QCOMPARE(driver.window().runBar().runKind(), RunKind::Measured);
    QVERIFY(driver.session().url().startsWith(QStringLiteral("http://127.0.0.1:")));
    QVERIFY(driver.playhead().state().listening);
    QVERIFY(!driver.playhead().state().threads.empty());
}

void WindowTest::pausingFreezesWhileRecordingGoesOn() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(200));
    driver.click("pause");
    QVERIFY(driver.playhead().isPaused());
    const auto position = driver.playhead().position();
    const auto state = driver.shownState();
    const auto recorded = driver.playhead().recorded();
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().recorded() > recorded + 100, 30'000);
    QCOMPARE(driver.playhead().position(), position);
    QCOMPARE(driver.shownState(), state);
    QVERIFY(driver.playhead().behind() >= 100);
    QTRY_VERIFY(driver.find<QLabel>("eventNumber")->text().contains(QStringLiteral("behind")));
    driver.click("toEnd");
    QCOMPARE(driver.playhead().mode(), Playhead::Mode::Live);
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().position() > recorded + 100, 30'000);
}

void WindowTest::stepsByButtonsShowTheStateOfEachEvent() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForEvents(300));
    driver.click("pause");
    auto position = driver.playhead().position();
    for (int count = 0; count < 40; ++count) {
        driver.click("stepBack");
        QCOMPARE(driver.playhead().position(), --position);
        QCOMPARE(driver.shownState(), driver.freshState(position));
    }
    for (int count = 0; count < 20; ++count) {
        driver.click("stepForward");
        QCOMPARE(driver.playhead().position(), ++position);
        QCOMPARE(driver.shownState(), driver.freshState(position));
    }
    QVERIFY(!driver.playhead().sentence().empty());
    driver.click("toStart");
    QCOMPARE(driver.playhead().position(), std::size_t{1});
    QCOMPARE(driver.shownState(), driver.freshState(1));
}

void WindowTest::keysDoWhatButtonsDo() {
    WindowDriver driver(lightScenario(), QStringLiteral("thread-pool"));
    QVERIFY(driver.waitForEvents(400));
    driver.press(Qt::Key_Space);
    QVERIFY(driver.playhead().isPaused());
    const auto start = driver.playhead().position();
    const struct {
        Qt::Key key;
        Qt::KeyboardModifiers modifiers;
        int events;
    } steps[] = {{Qt::Key_Left, Qt::NoModifier, -1},        {Qt::Key_PageUp, Qt::NoModifier, -1},
                 {Qt::Key_Left, Qt::ShiftModifier, -10},    {Qt::Key_Left, Qt::ControlModifier, -100},
                 {Qt::Key_Right, Qt::ControlModifier, 100}, {Qt::Key_Right, Qt::ShiftModifier, 10},
                 {Qt::Key_PageDown, Qt::NoModifier, 1},     {Qt::Key_Right, Qt::NoModifier, 1}};
    auto expected = static_cast<long long>(start);
    for (const auto& step : steps) {
        driver.press(step.key, step.modifiers);
        expected += step.events;
        QCOMPARE(static_cast<long long>(driver.playhead().position()), expected);
    }
    driver.press(Qt::Key_Home);
    QCOMPARE(driver.playhead().position(), std::size_t{1});
    driver.press(Qt::Key_End);
    QCOMPARE(driver.playhead().mode(), Playhead::Mode::Live);
    driver.press(Qt::Key_6);
    QVERIFY(driver.find<QWidget>("queue")->isVisible());
    driver.press(Qt::Key_0);
    QVERIFY(driver.find<QWidget>("guide")->isVisible());
    const auto theme = driver.window().theme().id;
    driver.press(Qt::Key_T);
    QVERIFY(driver.window().theme().id != theme);
    driver.press(Qt::Key_Minus);
    QVERIFY(driver.window().timeBar().pace() > 0);
    driver.press(Qt::Key_Question);
    QVERIFY(driver.find<QWidget>("keysPage") != nullptr);
}

void WindowTest::scrubbingGoesToAnyEvent() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(500));
    auto* scrub = driver.find<QSlider>("scrub");
    for (const int place : {400, 7, 123, 499}) {
        scrub->setValue(place);
        QVERIFY(driver.playhead().isPaused());
        QCOMPARE(driver.playhead().position(), static_cast<std::size_t>(place));
        QCOMPARE(driver.shownState(), driver.freshState(static_cast<std::size_t>(place)));
    }
}

void WindowTest::paceReachesTheServerAndStaysPaced() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForEvents(200));
    QTRY_COMPARE(driver.window().runBar().runKind(), RunKind::Measured);
    auto* pace = driver.find<QSlider>("pace");
    pace->setValue(pace->maximum() / 2);
    QTRY_COMPARE(driver.window().runBar().runKind(), RunKind::Paced);
    pace->setValue(pace->maximum());
    QCOMPARE(driver.window().timeBar().pace(), 0.0);
    const auto recorded = driver.playhead().recorded();
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().recorded() > recorded + 300, 30'000);
    QCOMPARE(driver.window().runBar().runKind(), RunKind::Paced);
    driver.click("restart");
    QTRY_COMPARE_WITH_TIMEOUT(driver.window().runBar().runKind(), RunKind::Measured, 30'000);
}

void WindowTest::everyModelComesUpAtTheSameAddress() {
    WindowDriver driver(lightScenario(), QStringLiteral("iterative"));
    QVERIFY(driver.waitForModel(QStringLiteral("iterative")));
    const auto url = driver.session().url();
    for (const auto& model : models()) {
        if (!model.whyUnavailable().empty()) {
            continue;
        }
        const auto id = QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
        driver.window().chooseModel(id);
        QVERIFY2(driver.waitForModel(id), qPrintable(id + QStringLiteral(": ") + driver.window().message()));
        QCOMPARE(driver.session().url(), url);
        QCOMPARE(driver.window().runBar().model(), id);
        const auto answer = fetch(url, "/page.html");
        QVERIFY2(answer.startsWith("HTTP/1.1 200"), qPrintable(id + QStringLiteral(": ") + QString::fromUtf8(answer)));
    }
}

void WindowTest::lastOfManyRequestsWins() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    for (const char* model : {"thread-pool", "proactor", "iterative", "proactor-pool"}) {
        driver.window().chooseModel(QString::fromLatin1(model));
    }
    QVERIFY(driver.waitForModel(QStringLiteral("proactor-pool")));
}

void WindowTest::selectionIsSharedByTheViews() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(400));
    driver.click("pause");
    const auto& view = driver.playhead().follower().view();
    std::size_t event = 0;
    for (auto index = view.first(); index < view.end(); ++index) {
        if (view[index].type() == EventType::HookEntered && view[index].connection != 0) {
            event = index;
        }
    }
    driver.playhead().seek(event + 1);
    const Selection wanted{Selection::Kind::Connection, view[event].connection};
    // Somewhere on the stage that connection can be clicked.
    auto& stage = driver.window().stage();
    stage.grab(); // hit tests ask the picture painted last
    bool found = false;
    for (int y = 5; y < stage.height() && !found; y += 6) {
        for (int x = 5; x < stage.width() && !found; x += 6) {
            QTest::mouseClick(&stage, Qt::LeftButton, {}, {x, y});
            found = driver.window().selection().value() == wanted;
        }
    }
    QVERIFY2(found, "no place of the stage selects the connection of the event");
    driver.press(Qt::Key_5); // the event list
    driver.click("onlySelection");
    auto& events = *driver.find<EventsView>("events");
    QVERIFY(events.model().rowCount() > 0);
    for (int row = 0; row < events.model().rowCount(); ++row) {
        QCOMPARE(view[events.model().eventAt(row)].connection, wanted.id);
    }
    driver.press(Qt::Key_Escape);
    QCOMPARE(driver.window().selection().value(), Selection{});
    QTRY_VERIFY(events.model().rowCount() >= 400);
}

void WindowTest::clickingAnEventMovesEveryView() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor"));
    QVERIFY(driver.waitForEvents(400));
    driver.click("pause");
    driver.press(Qt::Key_5); // the event list
    auto& events = *driver.find<EventsView>("events");
    QTRY_VERIFY(events.model().rowCount() > 100);
    emit events.rows().rowChosen(57);
    const auto position = events.model().eventAt(57) + 1;
    QCOMPARE(driver.playhead().position(), position);
    QCOMPARE(driver.shownState(), driver.freshState(position));
    QTRY_COMPARE(events.rows().currentRow(), 57);
    const auto time = static_cast<double>(driver.playhead().state().time);
    QTRY_VERIFY(driver.window().lanes().scale().toPixel(time) >= driver.window().lanes().scale().left);
    QVERIFY(driver.window().lanes().scale().toPixel(time) <= driver.window().lanes().width());
    QVERIFY(driver.find<QLabel>("eventNumber")->text().contains(QString::number(position)));
}

void WindowTest::requestFromOutsideIsMarked() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForEvents(100));
    QVERIFY(fetch(driver.session().url(), "/page.html").startsWith("HTTP/1.1 200"));
    const auto outside = [&]() -> std::size_t {
        const auto& view = driver.playhead().follower().view();
        for (auto index = view.first(); index < driver.playhead().end(); ++index) {
            if (view[index].type() == EventType::ConnectionAccepted &&
                view[index].kindAs<Origin>() == Origin::Outside) {
                return index;
            }
        }
        return 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(outside() > 0, 30'000);
    driver.playhead().seek(outside() + 1);
    const auto& state = driver.playhead().state();
    const auto connection = state.connections.find(state.last.connection);
    QVERIFY(connection != state.connections.end());
    QVERIFY(connection->second.fromOutside);
}

void WindowTest::brokenScenarioIsToldAndTheWindowLives() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(100));
    const auto broken = scenarioFile("broken.json", "{\n  \"title\": \"x\",\n  \"sped\": 3\n}\n");
    driver.window().loadScenario(broken);
    QVERIFY(driver.find<QWidget>("messageStrip")->isVisible());
    QVERIFY2(driver.window().message().contains(QStringLiteral("broken.json:3")),
             qPrintable(driver.window().message()));
    QVERIFY2(driver.window().message().contains(QStringLiteral("sped")), qPrintable(driver.window().message()));
    const auto recorded = driver.playhead().end();
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().end() > recorded + 50, 30'000);
    driver.click("closeMessage");
    QVERIFY(!driver.find<QWidget>("messageStrip")->isVisible());
}

/// Whoever mistypes the file's name still has something worth watching, and it is what the picker says.
void WindowTest::brokenScenarioAtTheStart() {
    WindowDriver driver(QStringLiteral("no-such-file.json"), QStringLiteral("proactor"));
    QVERIFY(driver.window().message().contains(QStringLiteral("no-such-file.json")));
    QVERIFY(driver.waitForModel(QStringLiteral("proactor")));
    QVERIFY(driver.waitForEvents(100));
    QTRY_VERIFY_WITH_TIMEOUT(!driver.playhead().state().clients.empty(), 30'000);
    QVERIFY(driver.window().runBar().scenario().endsWith(QStringLiteral("first-light.json")));
}

/// The same file by two paths is one scenario.
void WindowTest::aScenarioIsListedOnce() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    auto& picker = *driver.find<QComboBox>("scenarioPicker");
    const QDir folder(QString::fromStdString(scenarioFolder()));
    driver.window().loadScenario(folder.filePath(QStringLiteral("burst.json")));
    const auto count = picker.count();
    driver.window().loadScenario(QDir::current().relativeFilePath(folder.filePath(QStringLiteral("burst.json"))));
    QCOMPARE(picker.count(), count);
    QVERIFY(driver.window().runBar().scenario().endsWith(QStringLiteral("burst.json")));
}

void WindowTest::recordingIsSavedAndOpenedAgain() {
    WindowDriver driver(lightScenario(), QStringLiteral("thread-pool"));
    QVERIFY(driver.waitForEvents(600));
    driver.click("pause");
    driver.playhead().seek(500);
    const auto state = driver.shownState();
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("run.") + recordingEnding);
    driver.window().saveRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(file), 30'000);
    driver.window().openRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().isReplay() && driver.playhead().end() >= 600, 30'000);
    QTRY_COMPARE(driver.window().runBar().runKind(), RunKind::Replay);
    QVERIFY(driver.session().url().isEmpty());
    QVERIFY(!driver.playhead().grows());
    driver.playhead().seek(500);
    QCOMPARE(driver.shownState(), state);
    driver.click("restart");
    QVERIFY(driver.waitForModel(QStringLiteral("thread-pool")));
}

void WindowTest::truncatedRecordingIsShownWithARemark() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(3'000));
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("cut.") + recordingEnding);
    driver.window().saveRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(file), 30'000);
    std::filesystem::resize_file(file.toStdString(), std::filesystem::file_size(file.toStdString()) - 40);
    driver.window().openRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.session().isReplay() || !driver.session().isOpening(), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(driver.find<QWidget>("messageStrip")->isVisible() &&
                                 driver.window().message().contains(QStringLiteral("cut.") + recordingEnding) &&
                                 !driver.window().message().contains(QStringLiteral("Written")),
                             30'000);
}

void WindowTest::cancelledOpeningChangesNothing() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(300));
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("run.") + recordingEnding);
    driver.window().saveRecording(file);
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().message().contains(file), 30'000);
    driver.window().openRecording(file);
    QVERIFY(driver.session().isOpening());
    driver.session().cancelOpening();
    QVERIFY(!driver.session().isOpening());
    const auto recorded = driver.playhead().end();
    QTRY_VERIFY_WITH_TIMEOUT(driver.playhead().end() > recorded + 100, 30'000);
    QCOMPARE(driver.session().phase(), LabSession::Phase::Running);
}

void WindowTest::themesChangeEverything() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForEvents(300));
    driver.click("pause");
    std::vector<QImage> pictures;
    for (const auto& theme : themes()) {
        driver.window().setTheme(theme.id);
        QCOMPARE(driver.window().theme().id, theme.id);
        QCOMPARE(QApplication::palette().color(QPalette::Window), theme.window);
        pictures.push_back(driver.window().grab().toImage());
        for (std::size_t earlier = 0; earlier + 1 < pictures.size(); ++earlier) {
            QVERIFY(pictures[earlier] != pictures.back());
        }
        // No theme asks for more room than a projector has.
        // The controls' type follows, not the painted views' alone.
        driver.find<QAbstractButton>("options")->ensurePolished();
        QCOMPARE(driver.find<QAbstractButton>("options")->font().pixelSize(), qRound(theme.typeSize));
        const auto least = driver.window().minimumSizeHint();
        QVERIFY2(least.width() <= 1280, qPrintable(QStringLiteral("%1: %2").arg(theme.id).arg(least.width())));
        QVERIFY2(least.height() <= 690, qPrintable(theme.id));
    }
}

void WindowTest::nothingIsCutOffInASmallWindow_data() {
    QTest::addColumn<QString>("theme");
    for (const auto& theme : themes()) {
        QTest::newRow(qPrintable(theme.id)) << theme.id;
    }
}

void WindowTest::nothingIsCutOffInASmallWindow() {
    QFETCH(QString, theme);
    WindowDriver driver(lightScenario(), QStringLiteral("thread-per-request"), 12);
    QVERIFY(driver.waitForEvents(10));
    auto& window = driver.window();
    window.setTheme(theme);
    window.resize(1280, 720);
    const bool projector = window.theme().typeSize > 18;
    QTRY_VERIFY(!projector || (window.stage().width() >= 1270 && window.stage().height() >= 400));
    QCOMPARE(window.width(), 1280);
    for (auto* bar : {static_cast<QWidget*>(&window.runBar()), static_cast<QWidget*>(&window.timeBar())}) {
        const auto parts = bar->findChildren<QWidget*>(Qt::FindDirectChildrenOnly);
        for (const auto* part : parts) {
            if (part->isVisible() && !part->isWindow()) {
                const auto who = part->objectName();
                QVERIFY2(bar->rect().contains(part->geometry()), qPrintable(who));
                const auto* label = qobject_cast<const QLabel*>(part);
                QVERIFY2(!label || label->width() >= label->sizeHint().width(), qPrintable(who));
                const auto* picker = qobject_cast<const Picker*>(part);
                QVERIFY2(!picker || !picker->isElided(), qPrintable(who));
            }
        }
    }
    // Figures are whole or left out.
    auto& metrics = *driver.find<MetricsBar>("metrics");
    QTRY_VERIFY(!metrics.cells().empty());
    metrics.grab();
    QCOMPARE(metrics.places().size(), metrics.cells().size());
    for (const auto& place : metrics.places()) {
        QVERIFY(place.isEmpty() || place.right() <= metrics.width());
    }
    QVERIFY(!metrics.places().front().isEmpty()); // requests a second
}

void WindowTest::sideViewsFoldAwayInLargeType() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(50));
    auto* tabs = driver.find<QWidget>("tabs");
    QVERIFY(tabs->isVisible());
    driver.window().resize(1280, 720);
    driver.window().setTheme(QStringLiteral("projector-dark"));
    QTRY_VERIFY(!tabs->isVisible());
    driver.click("sideViews");
    QVERIFY(tabs->isVisible());
    QTRY_VERIFY(tabs->width() >= 600);
    driver.press(Qt::Key_V);
    QVERIFY(!tabs->isVisible());
    driver.press(Qt::Key_6);
    QVERIFY(driver.find<QWidget>("queue")->isVisible());
    driver.press(Qt::Key_6);
    QVERIFY(!tabs->isVisible());
    driver.window().resize(1920, 1080);
    QTRY_VERIFY(tabs->isVisible());
    driver.window().resize(1280, 720);
    QTRY_VERIFY(!tabs->isVisible());
    driver.window().setTheme(QStringLiteral("light"));
    QTRY_VERIFY(tabs->isVisible());
    QTRY_VERIFY(driver.window().stage().width() > tabs->width());
}

void WindowTest::everyControlHasANameAndATip() {
    WindowDriver driver(lightScenario(), QStringLiteral("proactor-pool"));
    QVERIFY(driver.waitForEvents(100));
    QStringList missing;
    const auto all = driver.window().findChildren<QWidget*>();
    for (const auto* widget : all) {
        const bool inside = widget->objectName().startsWith(QStringLiteral("qt_")) ||
                            widget->inherits("QComboBoxPrivateContainer") || widget->inherits("QTabBar") ||
                            widget->parentWidget() == nullptr;
        const bool isControl = qobject_cast<const QAbstractButton*>(widget) != nullptr ||
                               qobject_cast<const QComboBox*>(widget) != nullptr ||
                               qobject_cast<const QAbstractSlider*>(widget) != nullptr ||
                               qobject_cast<const QSpinBox*>(widget) != nullptr ||
                               qobject_cast<const LabView*>(widget) != nullptr ||
                               qobject_cast<const QLabel*>(widget) != nullptr || widget->focusPolicy() != Qt::NoFocus;
        if (inside || !isControl) {
            continue;
        }
        const auto* area = qobject_cast<const QAbstractScrollArea*>(widget->parentWidget());
        bool insideAnother = area != nullptr && area->viewport() == widget;
        for (const auto* parent = widget->parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
            // The parts of a picker, a number field or a scrolled area belong to it.
            insideAnother = insideAnother || qobject_cast<const QComboBox*>(parent) != nullptr ||
                            qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
                            parent->inherits("QAbstractScrollAreaScrollBarContainer") ||
                            (parent->inherits("QTabBar") && qobject_cast<const QAbstractButton*>(widget) != nullptr);
        }
        if (!insideAnother && (widget->accessibleName().isEmpty() || widget->toolTip().isEmpty())) {
            missing += QStringLiteral("%1 \"%2\" in %3")
                           .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                                widget->parentWidget()->objectName());
        }
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char('\n'))));
}

void WindowTest::addressIsCopied() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(10));
    driver.click("copyAddress");
    QCOMPARE(QApplication::clipboard()->text(), driver.session().url());
}

void WindowTest::fullSpeedIsShownAsFlows() {
    WindowDriver driver(busyScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(5'000));
    QTRY_VERIFY_WITH_TIMEOUT(driver.window().stage().showsFlows(), 30'000);
    driver.press(Qt::Key_Space);
    QTRY_VERIFY(!driver.window().stage().showsFlows());
}

void WindowTest::frameReportTellsOfTheFrames() {
    WindowDriver driver(lightScenario(), QStringLiteral("reactor"));
    QVERIFY(driver.waitForEvents(200));
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("frames.json"));
    QVERIFY(driver.window().writeFrameReport(file));
    QFile report(file);
    QVERIFY(report.open(QIODevice::ReadOnly));
    const auto text = report.readAll();
    for (const char* field : {"\"intervals\"", "\"paints\"", "\"p95\"", "\"within33\"", "\"eventsLost\""}) {
        QVERIFY2(text.contains(field), field);
    }
}

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
