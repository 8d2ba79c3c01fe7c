// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QString>

namespace lab {

/// Fills a picker with all models, grouped by family; the item's data is the id. Those that cannot run here are
/// disabled, with the reason as their tool tip.
void fillWithModels(QComboBox& picker);

/// Fills a picker with the scenarios that come with the lab; the item's data is the file.
void fillWithScenarios(QComboBox& picker);

} // namespace lab
