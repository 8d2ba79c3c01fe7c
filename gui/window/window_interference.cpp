// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_interference.h"

#include "gui/model/interference.h"
#include "gui/window/lab_window.h"
#include "gui/window/translated.h"
#include "gui/window/window_step_actions.h"

#include <QAction>
#include <QMenu>

namespace lab {

namespace {

void cancelSelected(LabWindow& window) {
    const auto wanted = operationToCancel(window.playhead().state(), window.selection().value());
    if (wanted) {
        window.session().cancelOperation(wanted->connection, wanted->operation);
    } else {
        emit window.session().failed(
            tr("Select a connection with an operation outstanding, or the operation itself, to cancel it."));
    }
}

void killSelected(LabWindow& window) {
    if (const auto process = workerToKill(window.playhead().state(), window.selection().value())) {
        window.session().killWorker(*process);
    } else {
        emit window.session().failed(tr("Select a worker process, or a connection that one serves, to kill it."));
    }
}

/// The stage's own menu, for whom the pointer is at: only what makes sense there can be chosen.
void showStageMenu(LabWindow& window, QAction& cancel, QAction& kill, const QPoint& place) {
    const auto& state = window.playhead().state();
    const auto selected = window.selection().value();
    const bool live = window.session().isLive();
    QMenu menu(&window);
    menu.setObjectName(QStringLiteral("stageMenu"));
    menu.setAccessibleName(tr("What can be done to the selected one"));
    const auto add = [&](QAction& action, bool makesSense) {
        auto* entry = menu.addAction(action.text());
        entry->setEnabled(live && makesSense);
        QObject::connect(entry, &QAction::triggered, &action, &QAction::trigger);
    };
    add(cancel, operationToCancel(state, selected).has_value());
    add(kill, workerToKill(state, selected).has_value());
    menu.exec(place);
}

} // namespace

void addInterferenceActions(LabWindow& window, QMenu& menu) {
    menu.addSeparator();
    auto* cancel = addWindowAction(window, &menu, tr("Cancel this operation"), {QKeySequence(Qt::Key_X)},
                                   [&window] { cancelSelected(window); });
    cancel->setObjectName(QStringLiteral("cancelOperation"));
    auto* kill = addWindowAction(window, &menu, tr("Kill this worker"), {QKeySequence(QObject::tr("Shift+X"))},
                                 [&window] { killSelected(window); });
    kill->setObjectName(QStringLiteral("killWorker"));
    QObject::connect(&window.stage(), &StageView::menuWanted, &window,
                     [&window, cancel, kill](const QPoint& place) { showStageMenu(window, *cancel, *kill, place); });
}

} // namespace lab
