// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenu;

namespace lab {

class LabWindow;

/// What can be done to whom the person has pointed at, while the server runs: cancel an operation, kill a worker. Adds
/// it to `menu`, to the window's keys, and to a menu of the stage's own.
void addInterferenceActions(LabWindow& window, QMenu& menu);

} // namespace lab
