// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenu;

namespace lab {

class LabWindow;

/// The menu and keys of the lessons.
void addLessonActions(LabWindow& window, QMenu& menu);

} // namespace lab
