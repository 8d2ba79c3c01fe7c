// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/selection.h"
#include "gui/scene/lanes_input.h"
#include "gui/theme/theme.h"

#include <QPainter>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <cstddef>
#include <memory>
#include <optional>

namespace lab {

/// What is at a place of the lanes.
struct LaneHit {
    Selection selection;
    std::size_t event = 0; ///< index of the event that names it
};

/// Paints all thread lanes, the operations in the kernel and the clients' load as one picture over one time axis.
///
/// Role: view's painter. Threads: any one at a time. Owner: a widget or an exporter.
/// Cost follows the pixels: what is shorter than a pixel or two is painted as the share of each kind of work.
class LanesPainter {
public:
    LanesPainter();
    ~LanesPainter();

    /// The whole picture into `area`, in logical pixels. Time runs from input.scale.left (see namesWidth) to the right.
    void paint(QPainter& painter, const QRectF& area, const LanesInput& input, const Theme& theme);

    /// Width of the column of names, from the area's left: where the time scale's `left` belongs.
    static double namesWidth(const Theme& theme);

    /// Height of the ruler and so many lanes.
    static double heightOf(const Theme& theme, std::size_t lanes);

    /// Height that all lanes and the ruler would take, of the picture painted last: what scrolling needs.
    double contentHeight() const;

    /// What is at a place of the picture painted last.
    std::optional<LaneHit> at(QPointF place) const;

    /// "dispatcher-1 · handle_read of #12 · 18 µs": empty where there is nothing.
    QString toolTipAt(QPointF place) const;

private:
    struct Picture;
    std::unique_ptr<Picture> m_picture;
};

} // namespace lab
