// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/lanes_view.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr std::size_t eventsInSight = 60;
constexpr double nanosecondsInFlow = 2e9;
constexpr double closest = 1;    ///< ns a pixel
constexpr double farthest = 1e9; ///< ns a pixel

/// 1, 2 or 5 times a power of ten, not below `value`: so that the scale changes seldom.
double roundUp(double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (value <= step * power) {
            return step * power;
        }
    }
    return 10 * power;
}

} // namespace

LanesView::LanesView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_scrollBar(new QScrollBar(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("lanes"));
    setAccessibleName(tr("Thread lanes"));
    setToolTip(tr("What every thread does over time. Click: playhead to that event. Wheel or Ctrl + and Ctrl -: zoom. "
                  "Drag: move. Double click: back to the view's own zoom."));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_scrollBar->setAccessibleName(tr("Scroll the lanes"));
    m_scrollBar->setToolTip(tr("Scroll the lanes"));
    m_scrollBar->hide();
    connect(m_scrollBar, &QScrollBar::valueChanged, this, qOverload<>(&QWidget::update));
}

double LanesView::laneWidth() const {
    return std::max(50.0, width() - m_scale.left - (m_scrollBar->isVisible() ? m_scrollBar->width() : 0) - 12);
}

void LanesView::setFlows(bool flows) {
    m_flows = flows;
    touch();
}

void LanesView::chooseScale() {
    m_scale.left = LanesPainter::namesWidth(theme());
    if (m_zoomedByHand || playhead().position() == 0) {
        return;
    }
    double wanted = nanosecondsInFlow;
    if (!m_flows) {
        const auto& view = playhead().follower().view();
        const auto last = std::min(playhead().position(), view.end()) - 1;
        const auto first = std::max(view.first(), last - std::min(last, eventsInSight));
        if (last > first) {
            wanted = std::clamp(static_cast<double>(view[last].time - view[first].time), 2e4, 60e9);
        }
    }
    const double perPixel = roundUp(wanted / laneWidth());
    // Coming closer waits for a clear reason; going away does not.
    if (perPixel > m_scale.nanosecondsPerPixel || perPixel < 0.45 * m_scale.nanosecondsPerPixel) {
        const double pixel = m_scale.toPixel(static_cast<double>(playhead().state().time));
        m_scale.nanosecondsPerPixel = perPixel;
        m_scale = m_scale.movedTo(static_cast<double>(playhead().state().time),
                                  std::clamp(pixel, m_scale.left, m_scale.left + laneWidth()));
    }
}

void LanesView::keepPlayheadInSight() {
    const bool moved = playhead().position() != m_shownPosition;
    m_shownPosition = playhead().position();
    if (m_dragging || (m_movedByHand && !moved)) {
        return;
    }
    m_movedByHand = false;
    const auto time = static_cast<double>(playhead().state().time);
    const double right = m_scale.left + 0.88 * laneWidth();
    const double pixel = m_scale.toPixel(time);
    if (playhead().mode() != Playhead::Mode::Paused) {
        m_scale = m_scale.movedTo(time, right);
    } else if (pixel > m_scale.left + 0.97 * laneWidth() || pixel < m_scale.left + 0.05 * laneWidth()) {
        m_scale = m_scale.movedTo(time, m_scale.left + 0.6 * laneWidth());
    }
}

void LanesView::refresh() {
    if (playhead().hasRecording()) {
        chooseScale();
        keepPlayheadInSight();
    }
    update();
}

void LanesView::zoom(double factor) {
    m_zoomedByHand = true;
    const double pixel = std::clamp(m_scale.toPixel(static_cast<double>(playhead().state().time)), m_scale.left,
                                    m_scale.left + laneWidth());
    const double perPixel = std::clamp(m_scale.nanosecondsPerPixel / factor, closest, farthest);
    m_scale = m_scale.zoomed(m_scale.nanosecondsPerPixel / perPixel, pixel);
    update();
}

void LanesView::zoomByItself() {
    m_zoomedByHand = false;
    m_movedByHand = false;
    m_scale.nanosecondsPerPixel = farthest; // so that any choice counts as clearly closer
    refresh();
}

void LanesView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().window);
    if (!playhead().hasRecording()) {
        return;
    }
    const auto& follower = playhead().follower();
    const auto& state = playhead().state();
    const LanesInput input{follower.lanes(),
                           follower.glossary(),
                           m_scale,
                           state.time,
                           state.next - std::min<std::size_t>(state.next, 1),
                           selection().value(),
                           m_scrollBar->value(),
                           state.last};
    const QRectF area(0, 0, width() - (m_scrollBar->isVisible() ? m_scrollBar->width() : 0), height());
    m_painter.paint(painter, area, input, theme());
    // After this picture: a scroll bar that appears inside a paint event would paint a second time.
    QMetaObject::invokeMethod(this, &LanesView::updateScrollBar, Qt::QueuedConnection);
}

void LanesView::updateScrollBar() {
    const auto hidden = static_cast<int>(std::ceil(m_painter.contentHeight())) - height();
    m_scrollBar->setRange(0, std::max(0, hidden));
    m_scrollBar->setPageStep(height());
    m_scrollBar->setSingleStep(24);
    m_scrollBar->setVisible(hidden > 0);
}

void LanesView::resizeEvent(QResizeEvent*) {
    const int barWidth = m_scrollBar->sizeHint().width();
    m_scrollBar->setGeometry(width() - barWidth, 0, barWidth, height());
    touch();
}

void LanesView::wheelEvent(QWheelEvent* event) {
    const auto delta = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ShiftModifier) && m_scrollBar->isVisible()) {
        m_scrollBar->setValue(m_scrollBar->value() - (delta.y() + delta.x()) / 4);
    } else if (std::abs(delta.x()) > std::abs(delta.y())) {
        m_movedByHand = true;
        m_scale.startNanoseconds -= delta.x() * m_scale.nanosecondsPerPixel;
    } else {
        m_zoomedByHand = true;
        m_movedByHand = true;
        const double factor = std::pow(1.2, delta.y() / 120.0);
        const double perPixel = std::clamp(m_scale.nanosecondsPerPixel / factor, closest, farthest);
        m_scale = m_scale.zoomed(m_scale.nanosecondsPerPixel / perPixel, event->position().x());
    }
    update();
    event->accept();
}

void LanesView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        m_pressed = event->pos();
        m_scaleAtPress = m_scale;
        m_dragging = false;
    }
}

void LanesView::mouseMoveEvent(QMouseEvent* event) {
    if (!m_pressed) {
        setCursor(m_painter.at(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const auto moved = event->pos() - *m_pressed;
    if (m_dragging || std::abs(moved.x()) >= QApplication::startDragDistance()) {
        m_dragging = true;
        m_movedByHand = true;
        m_scale.startNanoseconds = m_scaleAtPress.startNanoseconds - moved.x() * m_scale.nanosecondsPerPixel;
        setCursor(Qt::ClosedHandCursor);
        update();
    }
}

void LanesView::mouseReleaseEvent(QMouseEvent* event) {
    if (m_pressed && !m_dragging) {
        click(event->position());
    }
    m_pressed.reset();
    m_dragging = false;
    setCursor(Qt::ArrowCursor);
}

void LanesView::mouseDoubleClickEvent(QMouseEvent*) { zoomByItself(); }

void LanesView::click(QPointF place) {
    if (!playhead().hasRecording()) {
        return;
    }
    m_movedByHand = false;
    if (const auto hit = m_painter.at(place)) {
        selection().set(hit->selection);
        if (place.x() >= m_scale.left) {
            playhead().seek(hit->event + 1);
        }
    } else if (place.x() >= m_scale.left) {
        playhead().seekTime(static_cast<std::uint64_t>(std::max(0.0, m_scale.toNanoseconds(place.x()))));
    }
}

bool LanesView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto text = m_painter.toolTipAt(help->pos());
        QToolTip::showText(help->globalPos(), text.isEmpty() ? toolTip() : text, this);
        return true;
    }
    return LabView::event(event);
}

} // namespace lab
