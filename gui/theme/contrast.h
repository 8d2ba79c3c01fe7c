// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace lab {

/// Contrast of two opaque colours, 1 to 21, as the Web Content Accessibility Guidelines 2.1 define it.
double contrast(const QColor& one, const QColor& other);

/// `share` of `top` over `ground`: an opaque colour.
QColor mixed(const QColor& top, const QColor& ground, double share);

} // namespace lab
