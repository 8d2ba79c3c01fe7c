// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/stage_view.h"

#include "gui/model/number_text.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace lab {

StageView::StageView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent) {
    setObjectName(QStringLiteral("stage"));
    setAccessibleName(tr("Stage"));
    setToolTip(tr("The server at the playhead: user space above, the kernel below. Click what you want to follow."));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void StageView::setLabels(bool labels) {
    m_labels = labels;
    update();
}

void StageView::decideFlows() {
    const bool moves = playhead().mode() != Playhead::Mode::Paused && !playhead().isAtRest();
    const bool paced = playhead().mode() == Playhead::Mode::Playing && playhead().pace() > 0;
    const double rate = !moves ? 0 : paced ? playhead().pace() : playhead().eventsPerSecond();
    // A little slower before single steps come back, so that the picture does not flicker between the two.
    const bool flows = rate > (m_flows ? 0.75 * eyesCanFollow : eyesCanFollow);
    if (flows != m_flows) {
        m_flows = flows;
        emit flowsChanged(flows);
    }
}

std::string StageView::sentence() const {
    if (!m_flows) {
        return playhead().sentence();
    }
    return tr("%1 events a second are shown as flows. Slow down or pause to see them one by one.")
        .arg(rateText(playhead().eventsPerSecond()))
        .toStdString();
}

void StageView::refresh() {
    decideFlows();
    if (!m_flows) {
        setAccessibleDescription(QString::fromStdString(playhead().sentence()));
    }
    update();
}

void StageView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().window);
    if (!playhead().hasRecording()) {
        painter.setFont(theme().font(theme().titleSize));
        painter.setPen(theme().textSoft);
        painter.drawText(rect(), Qt::AlignCenter, tr("Starting the server"));
        return;
    }
    const auto& follower = playhead().follower();
    StageInput input{playhead().state(), follower.glossary(), selection().value(), {}, m_flows, m_labels, true,
                     sentence()};
    if (m_flows) {
        input.rates = follower.series().flowRates(playhead().state());
    }
    m_painter.paint(painter, QRectF(rect()), input, theme());
}

void StageView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        selection().set(m_painter.at(event->position()).value_or(Selection{}));
    }
    LabView::mousePressEvent(event);
}

/// By the pointer, for whom it is at; by the keyboard, for who is selected already.
void StageView::contextMenuEvent(QContextMenuEvent* event) {
    if (event->reason() == QContextMenuEvent::Mouse) {
        selection().set(m_painter.at(QPointF(event->pos())).value_or(Selection{}));
    }
    emit menuWanted(event->globalPos());
}

void StageView::mouseMoveEvent(QMouseEvent* event) {
    setCursor(m_painter.at(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

bool StageView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto text = m_painter.toolTipAt(help->pos());
        QToolTip::showText(help->globalPos(), text.isEmpty() ? toolTip() : text, this);
        return true;
    }
    return LabView::event(event);
}

} // namespace lab
