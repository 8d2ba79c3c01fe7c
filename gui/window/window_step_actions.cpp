// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_step_actions.h"

#include "gui/window/lab_window.h"
#include "gui/window/translated.h"

#include <QAction>
#include <QFileDialog>

namespace lab {

namespace {

constexpr char scheduleFiles[] = QT_TR_NOOP("Schedules (*.json)");

} // namespace

QAction* addWindowAction(LabWindow& window, QMenu* menu, const QString& text, const QList<QKeySequence>& keys,
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

void addStepActions(LabWindow& window, QMenu& menu) {
    auto& control = window.stepControl();
    const auto add = [&](const char* text, const QList<QKeySequence>& keys, std::function<void()> what) {
        return addWindowAction(window, &menu, tr(text), keys, std::move(what));
    };
    auto* hold = add(QT_TR_NOOP("&Hold the server"), {QKeySequence(Qt::Key_H)}, [&control] { control.toggleHold(); });
    QObject::connect(&control, &StepControl::changed, hold, [hold, &control] {
        hold->setText(control.isEngaged() ? tr("Let the server &go on") : tr("&Hold the server"));
    });
    add(QT_TR_NOOP("&Start held"), {QKeySequence(tr("Shift+R"))}, [&window] { window.startHeld(); });
    menu.addSeparator();
    add(QT_TR_NOOP("Step to the &next…"), {QKeySequence(Qt::Key_N)},
        [&window] { window.stepBar().showSteps(window.timeBar().stepsButton()); });
    add(QT_TR_NOOP("Step this &thread"), {QKeySequence(Qt::Key_G)}, [&control] { control.stepThread(); });
    add(QT_TR_NOOP("Step this &request"), {QKeySequence(tr("Shift+G"))}, [&control] { control.stepRequest(); });
    add(QT_TR_NOOP("Run &until…"), {QKeySequence(Qt::Key_U)},
        [&window] { window.stepBar().showUntil(window.timeBar().stepsButton()); });
    menu.addSeparator();
    add(QT_TR_NOOP("&Choose who goes next"), {QKeySequence(Qt::Key_C)}, [&window] { window.chooseNext(); });
    add(QT_TR_NOOP("Go on from here with &other choices"), {QKeySequence(Qt::Key_F)},
        [&window] { window.goOnFromHere(); });
    add(QT_TR_NOOP("Com&pare with the former run…"), {QKeySequence(Qt::Key_D)}, [&window] { window.compareRuns(); });
}

void addScheduleActions(LabWindow& window, QMenu& menu) {
    addWindowAction(window, &menu, tr("Save the sche&dule…"), {}, [&window] {
        const auto file = QFileDialog::getSaveFileName(&window, tr("Save the schedule"),
                                                       QStringLiteral("schedule.json"), tr(scheduleFiles));
        if (!file.isEmpty()) {
            window.saveSchedule(file);
        }
    });
    addWindowAction(window, &menu, tr("&Follow a schedule…"), {}, [&window] {
        const auto file = QFileDialog::getOpenFileName(&window, tr("Follow a schedule"), {}, tr(scheduleFiles));
        if (!file.isEmpty()) {
            window.followSchedule(file);
        }
    });
}

} // namespace lab
