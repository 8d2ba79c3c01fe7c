// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/lanes_painter.h"
#include "gui/view/lab_view.h"

#include <QPoint>
#include <QScrollBar>

#include <optional>

namespace lab {

/// All threads, and the operations in the kernel, over one time axis, with the playhead in it.
///
/// Decides: which stretch of time is shown. By itself it keeps the playhead in sight, and shows as much time as
/// some sixty events take, or two seconds where they come too fast; zooming by hand ends that until `showAll`.
class LanesView : public LabView {
    Q_OBJECT

public:
    LanesView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// Single steps cannot be followed: show two seconds of shares instead of sixty events.
    void setFlows(bool flows);

    void zoom(double factor); ///< around the playhead; above 1: closer
    void zoomByItself();      ///< the view chooses again

    const TimeScale& scale() const { return m_scale; }
    QSize sizeHint() const override { return {900, 280}; }
    QSize minimumSizeHint() const override { return {420, 120}; }

protected:
    void refresh() override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    double laneWidth() const;
    void chooseScale();
    void keepPlayheadInSight();
    void click(QPointF place);
    void updateScrollBar();

    LanesPainter m_painter;
    QScrollBar* m_scrollBar;
    TimeScale m_scale;
    bool m_flows = false;
    bool m_zoomedByHand = false;
    bool m_movedByHand = false;
    std::size_t m_shownPosition = 0;
    std::optional<QPoint> m_pressed;
    bool m_dragging = false;
    TimeScale m_scaleAtPress;
};

} // namespace lab
