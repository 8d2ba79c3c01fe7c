// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <QString>

namespace lab {

/// Words of a picture and where they stand.
struct StageWord {
    QRectF place;
    QString text;
    bool cut = false; ///< there was no room for all of it
};

} // namespace lab
