// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace lab {

/// A page with all keys, above `parent`; does not stop anything.
void showKeys(QWidget& parent);

/// What this program is, its licence, and the documents that it follows.
void showAbout(QWidget& parent);

} // namespace lab
