// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_actions.h"

#include "gui/window/help_pages.h"
#include "gui/window/lab_window.h"
#include "gui/window/picture_exporters.h"
#include "gui/window/recording_ending.h"
#include "gui/window/space_key_filter.h"
#include "gui/window/translated.h"
#include "gui/window/window_change_actions.h"
#include "gui/window/window_interference.h"
#include "gui/window/window_lesson_actions.h"
#include "gui/window/window_step_actions.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QFileDialog>

namespace lab {

namespace {

QMenu* addMenu(LabWindow& window, const QString& title) {
    auto* menu = window.runBar().menu().addMenu(title);
    menu->setAccessibleName(title);
    menu->setToolTip(title);
    return menu;
}

QString endingOf(const QString& format) {
    return format == QStringLiteral("chrome") ? QStringLiteral("json") : format.section(QLatin1Char('-'), -1);
}

void exportAs(LabWindow& window, const QString& format) {
    const auto file =
        QFileDialog::getSaveFileName(&window, tr("Export"), QStringLiteral("proactor-lab.") + endingOf(format),
                                     QStringLiteral("*.") + endingOf(format));
    if (!file.isEmpty()) {
        window.exportTo(format, file);
    }
}

void addFileMenu(LabWindow& window) {
    auto* menu = addMenu(window, tr("&File"));
    const auto recordings = QString::fromLatin1(recordingEnding);
    addWindowAction(window, menu, tr("Open a &scenario…"), {QKeySequence(tr("Ctrl+O"))},
                    [&window] { window.askForScenario(); });
    addWindowAction(window, menu, tr("Open a &recording…"), {QKeySequence(tr("Ctrl+Shift+O"))}, [&window, recordings] {
        const auto file = QFileDialog::getOpenFileName(&window, tr("Open a recording"), {},
                                                       tr("Recordings (*.%1);;All files (*)").arg(recordings));
        if (!file.isEmpty()) {
            window.openRecording(file);
        }
    });
    addWindowAction(window, menu, tr("Sa&ve the recording…"), {QKeySequence(tr("Ctrl+S"))}, [&window, recordings] {
        const auto file =
            QFileDialog::getSaveFileName(&window, tr("Save the recording"), QStringLiteral("run.") + recordings,
                                         tr("Recordings (*.%1)").arg(recordings));
        if (!file.isEmpty()) {
            window.saveRecording(file);
        }
    });
    addScheduleActions(window, *menu);
    menu->addSeparator();
    for (const auto& exporter : allExporters()) {
        const auto format = QString::fromStdString(exporter.format);
        const auto keys = exporter.format == "png" ? QList{QKeySequence(tr("Ctrl+E"))} : QList<QKeySequence>{};
        addWindowAction(window, menu, tr("Export as %1…").arg(format), keys, [&window, format] {
            exportAs(window, format);
        })->setToolTip(QString::fromStdString(exporter.summary));
    }
    menu->addSeparator();
    addWindowAction(window, menu, tr("&Copy the address"), {QKeySequence(tr("Ctrl+L"))},
                    [&window] { window.copyAddress(); });
    addWindowAction(window, menu, tr("Open in the &browser"), {QKeySequence(tr("Ctrl+B"))},
                    [&window] { window.openBrowser(); });
    menu->addSeparator();
    addWindowAction(window, menu, tr("&Quit"), {QKeySequence(tr("Ctrl+Q"))}, [&window] { window.close(); });
}

void addViewMenu(LabWindow& window) {
    auto* menu = addMenu(window, tr("&View"));
    for (const auto& theme : themes()) {
        addWindowAction(window, menu, tr("Theme: %1").arg(theme.title), {},
                        [&window, id = theme.id] { window.setTheme(id); });
    }
    addWindowAction(window, menu, tr("&Next theme"), {QKeySequence(Qt::Key_T)}, [&window] { window.nextTheme(); });
    menu->addSeparator();
    addWindowAction(window, menu, tr("&Views beside the stage"), {QKeySequence(Qt::Key_V)},
                    [&window] { window.toggleSide(); });
    addWindowAction(window, menu, tr("&Participants' names"), {QKeySequence(Qt::Key_L)},
                    [&window] { window.setLabels(!window.stage().labels()); });
    auto* times = addWindowAction(window, menu, tr("&Frame times"), {QKeySequence(Qt::Key_F9)}, [] {});
    times->setCheckable(true);
    QObject::connect(times, &QAction::toggled, &window, &LabWindow::showFrameTimes);
    addWindowAction(window, menu, tr("F&ull screen"), {QKeySequence(Qt::Key_F11)},
                    [&window] { window.toggleFullScreen(); });
    menu->addSeparator();
    addWindowAction(window, menu, tr("Zoom the lanes closer"), {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))},
                    [&window] { window.lanes().zoom(1.5); });
    addWindowAction(window, menu, tr("Zoom the lanes farther"), {QKeySequence(tr("Ctrl+-"))},
                    [&window] { window.lanes().zoom(1 / 1.5); });
    addWindowAction(window, menu, tr("Let the lanes zoom by themselves"), {QKeySequence(tr("Ctrl+0"))},
                    [&window] { window.lanes().zoomByItself(); });
}

void addChallengesMenu(LabWindow& window) {
    auto* menu = addMenu(window, tr("&Challenges"));
    for (const auto& challenge : challenges()) {
        const auto title = QString::fromUtf8(challenge.title.data(), static_cast<qsizetype>(challenge.title.size()));
        addWindowAction(window, menu, title, {}, [&window, id = challenge.id] { window.playChallenge(id); });
    }
}

void addHelpMenu(LabWindow& window) {
    auto* menu = addMenu(window, tr("&Help"));
    addWindowAction(window, menu, tr("&Guide"), {QKeySequence(Qt::Key_F1)},
                    [&window] { window.showView(window.views().guide); });
    addWindowAction(window, menu, tr("&Keys"), {QKeySequence(tr("?")), QKeySequence(tr("Shift+?"))},
                    [&window] { showKeys(window); });
    addWindowAction(window, menu, tr("&About Proactor Lab"), {}, [&window] { showAbout(window); });
}

void addTimeKeys(LabWindow& window) {
    auto& playhead = window.playhead();
    auto& control = window.stepControl();
    addWindowAction(window, nullptr, tr("Pause the views or let them go on"), {QKeySequence(Qt::Key_Space)},
                    [&] { playhead.togglePause(); });
    struct Step {
        QList<QKeySequence> keys;
        int events;
    };
    const Step steps[] = {
        {{QKeySequence(Qt::Key_Right), QKeySequence(Qt::Key_PageDown)}, 1},
        {{QKeySequence(Qt::Key_Left), QKeySequence(Qt::Key_PageUp)}, -1},
        {{QKeySequence(tr("Shift+Right"))}, 10},
        {{QKeySequence(tr("Shift+Left"))}, -10},
        {{QKeySequence(tr("Ctrl+Right"))}, 100},
        {{QKeySequence(tr("Ctrl+Left"))}, -100},
    };
    for (const auto& step : steps) {
        addWindowAction(window, nullptr, tr("%1 events").arg(step.events), step.keys,
                        [&control, events = step.events] { control.forward(events); });
    }
    addWindowAction(window, nullptr, tr("To the start"), {QKeySequence(Qt::Key_Home)}, [&] { playhead.toStart(); });
    addWindowAction(window, nullptr, tr("To the end"), {QKeySequence(Qt::Key_End)}, [&] { playhead.toEnd(); });
    addWindowAction(window, nullptr, tr("Faster"), {QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)},
                    [&window] { window.timeBar().changePace(4); });
    addWindowAction(window, nullptr, tr("Slower"), {QKeySequence(Qt::Key_Minus)},
                    [&window] { window.timeBar().changePace(-4); });
}

void addOtherKeys(LabWindow& window) {
    for (int number = 1; number <= 10; ++number) {
        addWindowAction(window, nullptr, tr("View %1").arg(number), {QKeySequence(Qt::Key_0 + number % 10)},
                        [&window, number] { window.goToView(number); });
    }
    addWindowAction(window, nullptr, tr("Model"), {QKeySequence(Qt::Key_M)},
                    [&window] { window.runBar().showModels(); });
    addWindowAction(window, nullptr, tr("Scenario"), {QKeySequence(Qt::Key_S)},
                    [&window] { window.runBar().showScenarios(); });
    addWindowAction(window, nullptr, tr("Options"), {QKeySequence(Qt::Key_O)},
                    [&window] { window.runBar().showOptions(); });
    addWindowAction(window, nullptr, tr("Restart"), {QKeySequence(Qt::Key_R)}, [&window] { window.restart(); });
    addWindowAction(window, nullptr, tr("Menu"), {QKeySequence(Qt::Key_F10)},
                    [&window] { window.runBar().showMenu(); });
    addWindowAction(window, nullptr, tr("Select nothing"), {QKeySequence(Qt::Key_Escape)}, [&window] {
        if (window.isFullScreen() && window.selection().value() == Selection{}) {
            window.toggleFullScreen();
        }
        window.selection().clear();
    });
}

} // namespace

void addWindowActions(LabWindow& window) {
    addFileMenu(window);
    auto* const stepping = addMenu(window, tr("&Step"));
    addStepActions(window, *stepping);
    addInterferenceActions(window, *stepping);
    addChangeActions(window, *addMenu(window, tr("&Change while it serves")));
    addViewMenu(window);
    addLessonActions(window, *addMenu(window, tr("&Lessons")));
    addChallengesMenu(window);
    addHelpMenu(window);
    addTimeKeys(window);
    addOtherKeys(window);
    qApp->installEventFilter(new SpaceKeyFilter(&window));
}

} // namespace lab
