// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lab {

class LabWindow;

/// Gives the window its menu and its keys: everything that can be done can be done by keyboard.
void addWindowActions(LabWindow& window);

} // namespace lab
