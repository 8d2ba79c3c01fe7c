// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_actions.h"

#include "gui/window/help_pages.h"
#include "gui/window/lab_window.h"
#include "gui/window/picture_exporters.h"
#include "gui/window/recording_ending.h"
#include "gui/window/space_key_filter.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QFileDialog>

#include <functional>

namespace lab {

namespace {

QString tr(const char* text) { return QObject::tr(text); }

/// An action of the window; without a menu it is there for its keys alone.
QAction* add(LabWindow& window, QMenu* menu, const QString& text, const QList<QKeySequence>& keys,
             std::function<void()> what) {
    auto* action = new QAction(text, &window);
    action->setShortcuts(keys);
    action->setToolTip(text);
    QObject::connect(action, &QAction::triggered, &window, [what = std::move(what)] { what(); });
    window.addAction(action);
    if (menu != nullptr) {
        menu->addAction(action);
    }
    return action;
}

QMenu* addMenu(LabWindow& window, const QString& title) {
    auto* menu = window.runBar().menu().addMenu(title);
    menu->setAccessibleName(title);
    menu->setToolTip(title);
    return menu;
}

QString endingOf(const QString& format) { return format == QStringLiteral("chrome") ? QStringLiteral("json") : format; }

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
    add(window, menu, tr("Open a &scenario…"), {QKeySequence(tr("Ctrl+O"))}, [&window] { window.askForScenario(); });
    add(window, menu, tr("Open a &recording…"), {QKeySequence(tr("Ctrl+Shift+O"))}, [&window, recordings] {
        const auto file = QFileDialog::getOpenFileName(&window, tr("Open a recording"), {},
                                                       tr("Recordings (*.%1);;All files (*)").arg(recordings));
        if (!file.isEmpty()) {
            window.openRecording(file);
        }
    });
    add(window, menu, tr("Sa&ve the recording…"), {QKeySequence(tr("Ctrl+S"))}, [&window, recordings] {
        const auto file =
            QFileDialog::getSaveFileName(&window, tr("Save the recording"), QStringLiteral("run.") + recordings,
                                         tr("Recordings (*.%1)").arg(recordings));
        if (!file.isEmpty()) {
            window.saveRecording(file);
        }
    });
    menu->addSeparator();
    for (const auto& exporter : allExporters()) {
        const auto format = QString::fromStdString(exporter.format);
        const auto keys = exporter.format == "png" ? QList{QKeySequence(tr("Ctrl+E"))} : QList<QKeySequence>{};
        add(window, menu, tr("Export as %1…").arg(format), keys, [&window, format] {
            exportAs(window, format);
        })->setToolTip(QString::fromStdString(exporter.summary));
    }
    menu->addSeparator();
    add(window, menu, tr("&Copy the address"), {QKeySequence(tr("Ctrl+L"))}, [&window] { window.copyAddress(); });
    add(window, menu, tr("Open in the &browser"), {QKeySequence(tr("Ctrl+B"))}, [&window] { window.openBrowser(); });
    menu->addSeparator();
    add(window, menu, tr("&Quit"), {QKeySequence(tr("Ctrl+Q"))}, [&window] { window.close(); });
}

void addViewMenu(LabWindow& window) {
    auto* menu = addMenu(window, tr("&View"));
    for (const auto& theme : themes()) {
        add(window, menu, tr("Theme: %1").arg(theme.title), {}, [&window, id = theme.id] { window.setTheme(id); });
    }
    add(window, menu, tr("&Next theme"), {QKeySequence(Qt::Key_T)}, [&window] { window.nextTheme(); });
    menu->addSeparator();
    add(window, menu, tr("&Views beside the stage"), {QKeySequence(Qt::Key_V)}, [&window] { window.toggleSide(); });
    add(window, menu, tr("&Participants' names"), {QKeySequence(Qt::Key_L)},
        [&window] { window.setLabels(!window.stage().labels()); });
    auto* times = add(window, menu, tr("&Frame times"), {QKeySequence(Qt::Key_F9)}, [] {});
    times->setCheckable(true);
    QObject::connect(times, &QAction::toggled, &window, &LabWindow::showFrameTimes);
    add(window, menu, tr("F&ull screen"), {QKeySequence(Qt::Key_F11)}, [&window] { window.toggleFullScreen(); });
    menu->addSeparator();
    add(window, menu, tr("Zoom the lanes closer"), {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))},
        [&window] { window.lanes().zoom(1.5); });
    add(window, menu, tr("Zoom the lanes farther"), {QKeySequence(tr("Ctrl+-"))},
        [&window] { window.lanes().zoom(1 / 1.5); });
    add(window, menu, tr("Let the lanes zoom by themselves"), {QKeySequence(tr("Ctrl+0"))},
        [&window] { window.lanes().zoomByItself(); });
}

void addHelpMenu(LabWindow& window) {
    auto* menu = addMenu(window, tr("&Help"));
    add(window, menu, tr("&Guide"), {QKeySequence(Qt::Key_F1)}, [&window] { window.goToView(7); });
    add(window, menu, tr("&Keys"), {QKeySequence(tr("?")), QKeySequence(tr("Shift+?"))},
        [&window] { showKeys(window); });
    add(window, menu, tr("&About Proactor Lab"), {}, [&window] { showAbout(window); });
}

void addTimeKeys(LabWindow& window) {
    auto& playhead = window.playhead();
    add(window, nullptr, tr("Pause or continue"), {QKeySequence(Qt::Key_Space)}, [&] { playhead.togglePause(); });
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
        add(window, nullptr, tr("%1 events").arg(step.events), step.keys,
            [&playhead, events = step.events] { playhead.step(events); });
    }
    add(window, nullptr, tr("To the start"), {QKeySequence(Qt::Key_Home)}, [&] { playhead.toStart(); });
    add(window, nullptr, tr("To the end"), {QKeySequence(Qt::Key_End)}, [&] { playhead.toEnd(); });
    add(window, nullptr, tr("Faster"), {QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)},
        [&window] { window.timeBar().changePace(4); });
    add(window, nullptr, tr("Slower"), {QKeySequence(Qt::Key_Minus)}, [&window] { window.timeBar().changePace(-4); });
}

void addOtherKeys(LabWindow& window) {
    for (int number = 1; number <= 7; ++number) {
        add(window, nullptr, tr("View %1").arg(number), {QKeySequence(Qt::Key_0 + number)},
            [&window, number] { window.goToView(number); });
    }
    add(window, nullptr, tr("Model"), {QKeySequence(Qt::Key_M)}, [&window] { window.runBar().showModels(); });
    add(window, nullptr, tr("Scenario"), {QKeySequence(Qt::Key_S)}, [&window] { window.runBar().showScenarios(); });
    add(window, nullptr, tr("Options"), {QKeySequence(Qt::Key_O)}, [&window] { window.runBar().showOptions(); });
    add(window, nullptr, tr("Restart"), {QKeySequence(Qt::Key_R)}, [&window] { window.restart(); });
    add(window, nullptr, tr("Menu"), {QKeySequence(Qt::Key_F10)}, [&window] { window.runBar().showMenu(); });
    add(window, nullptr, tr("Select nothing"), {QKeySequence(Qt::Key_Escape)}, [&window] {
        if (window.isFullScreen() && window.selection().value() == Selection{}) {
            window.toggleFullScreen();
        }
        window.selection().clear();
    });
}

} // namespace

void addWindowActions(LabWindow& window) {
    addFileMenu(window);
    addViewMenu(window);
    addHelpMenu(window);
    addTimeKeys(window);
    addOtherKeys(window);
    qApp->installEventFilter(new SpaceKeyFilter(&window));
}

} // namespace lab
