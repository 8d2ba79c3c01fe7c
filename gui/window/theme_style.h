// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QPalette>
#include <QString>

namespace lab {

/// The theme's colours for the platform's widgets.
QPalette paletteOf(const Theme& theme);

/// The theme's shapes and sizes for the platform's widgets.
QString styleSheetOf(const Theme& theme);

/// Dresses the whole application.
void applyTheme(const Theme& theme);

} // namespace lab
