// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

#include <functional>

class QAction;
class QMenu;

namespace lab {

class LabWindow;

/// An action of the window; without a menu it is there for its keys alone.
QAction* addWindowAction(LabWindow& window, QMenu* menu, const QString& text, const QList<QKeySequence>& keys,
                         std::function<void()> what);

/// The menu and keys of holding and stepping the server.
void addStepActions(LabWindow& window, QMenu& menu);

/// Schedules, in the menu of files.
void addScheduleActions(LabWindow& window, QMenu& menu);

} // namespace lab
