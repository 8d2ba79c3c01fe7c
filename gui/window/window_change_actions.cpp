// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_change_actions.h"

#include "engine/concurrency/model.h"
#include "gui/model/text.h"
#include "gui/window/lab_window.h"
#include "gui/window/translated.h"
#include "gui/window/window_step_actions.h"

#include <QAction>
#include <QMenu>

namespace lab {

void addChangeActions(LabWindow& window, QMenu& menu) {
    menu.setToolTipsVisible(true);
    auto* options = addWindowAction(window, &menu, tr("Options as chosen"), {QKeySequence(tr("Shift+O"))},
                                    [&window] { window.changeServer(window.runBar().model()); });
    options->setObjectName(QStringLiteral("changeOptions"));
    options->setToolTip(tr("The same model, with what the options say now"));
    menu.addSeparator();
    for (const auto& model : models()) {
        const auto id = text(model.id);
        auto* action = addWindowAction(window, &menu, id, {}, [&window, id] { window.changeServer(id); });
        const auto reason = model.whyUnavailable();
        action->setObjectName(QStringLiteral("changeTo:") + id);
        action->setEnabled(reason.empty());
        action->setToolTip(reason.empty() ? text(model.summary) : QString::fromStdString(reason));
    }
    addWindowAction(window, nullptr, tr("Change while it serves"), {QKeySequence(tr("Shift+M"))}, [&window, &menu] {
        const auto& bar = window.runBar();
        menu.popup(bar.mapToGlobal(bar.rect().bottomLeft()));
    });
}

} // namespace lab
