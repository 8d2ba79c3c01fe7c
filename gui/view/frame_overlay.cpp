// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/frame_overlay.h"

namespace lab {

FrameOverlay::FrameOverlay(QWidget* parent)
    : QLabel(parent) {
    setObjectName(QStringLiteral("frameOverlay"));
    setAccessibleName(tr("Frame times"));
    setToolTip(tr("Frame intervals and paint times of the last 240 frames, in milliseconds"));
    setMargin(6);
    hide();
}

void FrameOverlay::setTheme(const Theme& theme) {
    setFont(theme.mono(theme.smallSize));
    setStyleSheet(QStringLiteral("background: %1; color: %2; border: 1px solid %3;")
                      .arg(theme.panel.name(), theme.text.name(), theme.line.name()));
}

void FrameOverlay::show(const FrameStatistics& statistics) {
    const auto line = [](const QString& title, const FrameFigures& figures) {
        return QStringLiteral("%1 p50 %2  p95 %3  max %4")
            .arg(title)
            .arg(figures.p50, 5, 'f', 1)
            .arg(figures.p95, 5, 'f', 1)
            .arg(figures.maximum, 5, 'f', 1);
    };
    setText(line(tr("frame ms"), statistics.recentIntervals()) + QLatin1Char('\n') +
            line(tr("paint ms"), statistics.recentPaints()));
    adjustSize();
    if (parentWidget() != nullptr) {
        move(parentWidget()->width() - width() - 10, 10);
    }
    raise();
    setVisible(true);
}

} // namespace lab
