// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenu;

namespace lab {

class LabWindow;

/// The menu by which a running server is changed: one entry for each of models().
void addChangeActions(LabWindow& window, QMenu& menu);

} // namespace lab
