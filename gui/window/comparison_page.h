// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/run_comparison.h"
#include "gui/theme/theme.h"

#include <QWidget>

#include <memory>

namespace lab {

/// A page with two runs' events side by side, at their first difference, above `parent`; does not stop anything.
void showComparison(QWidget& parent, const Theme& theme, std::shared_ptr<const RunComparison> comparison);

} // namespace lab
