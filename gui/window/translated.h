// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

namespace lab {

/// For functions that belong to no QObject.
inline QString tr(const char* text) { return QObject::tr(text); }

} // namespace lab
