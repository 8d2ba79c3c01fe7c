// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/lane_index.h"
#include "gui/scene/lanes_input.h"
#include "gui/scene/lanes_painter.h"
#include "gui/scene/stage_canvas.h"

#include <QPointF>
#include <QRectF>
#include <QString>

#include <cstddef>
#include <optional>
#include <vector>

namespace lab {

/// Where something of the lanes' picture stands.
struct LanesPlace {
    QRectF place;
    LaneSpan span;
    std::size_t lane = 0; ///< index of its name
    bool filled = true;   ///< a thread's; otherwise an operation's
    bool isName = false;  ///< the lane's name, not one of its spans
};

/// The way of one operation over the lanes: from the thread that started it, through the kernel, to the thread that
/// carried it to its handler.
struct OperationWay {
    std::uint32_t operation = 0;
    std::optional<QPointF> initiated; ///< on the thread's lane
    std::optional<QPointF> begun;     ///< on the kernel's lane
    std::optional<QPointF> completed; ///< on the kernel's lane
    std::optional<QPointF> dispatched;
    std::uint16_t initiatedBy = 0xffff;
};

/// One picture of the lanes under way. Lives for one paint.
struct LanesScene {
    StageCanvas& canvas;
    const LanesInput& input;
    const Theme& theme;
    QRectF area;
    std::vector<LanesPlace>& places;
    std::size_t lane = 0; ///< that is being painted
    OperationWay way;

    double first() const { return input.scale.left; } ///< x: where time begins
    void keepFromNames() const {                      ///< until the painter is restored
        canvas.painter().setClipRect(QRectF(QPointF(first(), area.top()), area.bottomRight()), Qt::IntersectClip);
    }
    double x(std::uint64_t nanoseconds) const { return input.scale.toPixel(static_cast<double>(nanoseconds)); }
    std::uint64_t time(double pixel) const; ///< ns, not before 0
    double endOfTime() const;               ///< x: of the last event, at most the area's right
};

/// A lane of spans into `row`: long ones as blocks, short ones as shares of each pixel's time. `filled`: a thread's;
/// otherwise outlined, an operation's.
void paintSpans(LanesScene& scene, const QRectF& row, const SpanLane& lane, const LaneSpan* open, bool filled);

/// Pixels [left, right) of a lane whose spans are too short to be blocks.
struct DensityStretch {
    int left = 0;
    int right = 0;
    bool filled = true;    ///< a thread's; otherwise operations'
    bool byGroups = false; ///< so many spans a pixel that their groups are exact enough
};
void paintDensity(LanesScene& scene, const QRectF& row, const SpanLane& lane, const DensityStretch& stretch);

/// A count over time: its mean filled, its most as a line.
void paintCount(LanesScene& scene, const QRectF& row, const CountLane& lane, const QColor& colour);

/// "read #12", "handle_read #12": what a span says.
QString spanWords(const LaneSpan& span);

} // namespace lab
