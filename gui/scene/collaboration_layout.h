// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/collaboration.h"
#include "gui/theme/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <vector>

namespace lab {

/// Where everything of an interaction diagram goes: lifelines from left to right, rows downwards. A value; follows
/// from the area, the theme and the participants alone.
///
/// Names stand in boxes above their lifelines, on two or three steps where they would not fit side by side.
struct CollaborationLayout {
    struct Lifeline {
        Participant participant = Participant::Client;
        double x = 0;
        QRectF box;        ///< its name's
        QStringList lines; ///< the name, broken to fit
    };

    QRectF area;
    QRectF rows;       ///< below the names; what scrolls
    double gutter = 0; ///< width of event numbers and times, at the left
    double rowHeight = 0;
    double line = 0; ///< height of a line of small type
    double pitch = 0;
    std::vector<Lifeline> lifelines;

    double xOf(Participant participant) const; ///< of its lifeline
    double left() const { return area.left() + gutter; }
    /// The top of row `row` when `scroll` pixels are above the upper edge.
    double topOf(std::size_t row, double scroll) const {
        return rows.top() + static_cast<double>(row) * rowHeight - scroll;
    }
    double heightOf(std::size_t count) const { return static_cast<double>(count) * rowHeight; }
    /// How far to scroll so that row `row` of `count` stands well in sight: the same for the same row.
    double scrollTo(std::size_t row, std::size_t count) const;
};

CollaborationLayout layOut(const QRectF& area, const Collaboration& collaboration, const RunInfo& info,
                           const Theme& theme);

} // namespace lab
