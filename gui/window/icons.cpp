// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/icons.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace lab {

namespace {

/// All symbols are drawn on a field of 16 by 16.
QPainterPath triangle(double left, double right) {
    QPainterPath path;
    path.moveTo(left, 3);
    path.lineTo(right, 8);
    path.lineTo(left, 13);
    path.closeSubpath();
    return path;
}

QPainterPath bar(double left, double width) {
    QPainterPath path;
    path.addRoundedRect(QRectF(left, 3, width, 10), 0.8, 0.8);
    return path;
}

void drawFilled(QPainter& painter, Symbol symbol) {
    QPainterPath path;
    switch (symbol) {
    case Symbol::ToStart: path = bar(2.5, 2) | triangle(13, 5.5); break;
    case Symbol::StepBack: path = triangle(11.5, 3.5); break;
    case Symbol::Pause: path = bar(3.5, 3) | bar(9.5, 3); break;
    case Symbol::Play: path = triangle(4.5, 13); break;
    case Symbol::StepForward: path = triangle(3, 10) | bar(11.2, 2); break;
    case Symbol::ToEnd: path = triangle(2, 7.6) | triangle(7.6, 13.2) | bar(13, 1.6); break;
    default: break;
    }
    painter.fillPath(path, painter.pen().color());
}

void drawSteps(QPainter& painter, Symbol symbol) {
    switch (symbol) {
    case Symbol::Hold: // a barrier, shut
        painter.drawLine(QPointF(3.5, 2.5), QPointF(3.5, 14));
        painter.drawLine(QPointF(1.5, 14), QPointF(5.5, 14));
        painter.drawRect(QRectF(3.5, 4.5, 11.5, 3.5));
        painter.drawLine(QPointF(7.2, 8), QPointF(9, 4.5));
        painter.drawLine(QPointF(11, 8), QPointF(12.8, 4.5));
        break;
    case Symbol::Steps: painter.drawPolyline(QPolygonF({{4, 6.2}, {8, 10.2}, {12, 6.2}})); break;
    case Symbol::Runs: // two ways from one
        painter.drawPolyline(QPolygonF({{2, 8}, {6, 8}, {10, 4}, {14, 4}}));
        painter.drawPolyline(QPolygonF({{6, 8}, {10, 12}, {14, 12}}));
        break;
    default: drawFilled(painter, symbol);
    }
}

void drawLines(QPainter& painter, Symbol symbol) {
    switch (symbol) {
    case Symbol::Menu:
        for (const double y : {4.0, 8.0, 12.0}) {
            painter.drawLine(QPointF(2.5, y), QPointF(13.5, y));
        }
        break;
    case Symbol::Copy:
        painter.drawRoundedRect(QRectF(2.5, 5.5, 8, 8), 1.5, 1.5);
        painter.drawPolyline(QPolygonF({{5.5, 3}, {13, 3}, {13, 10.5}}));
        break;
    case Symbol::OpenOutside:
        painter.drawPolyline(QPolygonF({{7, 3.5}, {3, 3.5}, {3, 13}, {12.5, 13}, {12.5, 9}}));
        painter.drawLine(QPointF(7.5, 8.5), QPointF(13, 3));
        painter.drawPolyline(QPolygonF({{9.5, 2.8}, {13.2, 2.8}, {13.2, 6.5}}));
        break;
    case Symbol::Restart:
        painter.drawArc(QRectF(3, 3, 10, 10), 60 * 16, 290 * 16);
        painter.drawPolyline(QPolygonF({{7.6, 1.2}, {10.6, 3.6}, {7.6, 6}}));
        break;
    case Symbol::Options:
        for (const auto& knob : {QPointF(10, 4), QPointF(5, 8), QPointF(11, 12)}) {
            painter.drawLine(QPointF(2, knob.y()), QPointF(knob.x() - 1.5, knob.y()));
            painter.drawEllipse(knob, 1.5, 1.5);
            painter.drawLine(QPointF(knob.x() + 1.5, knob.y()), QPointF(14, knob.y()));
        }
        break;
    case Symbol::Side:
        painter.drawRoundedRect(QRectF(2, 3, 12, 10), 1.5, 1.5);
        painter.drawLine(QPointF(9.5, 3), QPointF(9.5, 13));
        break;
    case Symbol::Close:
        painter.drawLine(QPointF(4, 4), QPointF(12, 12));
        painter.drawLine(QPointF(12, 4), QPointF(4, 12));
        break;
    default: drawSteps(painter, symbol);
    }
}

QPixmap draw(Symbol symbol, const QColor& colour, double side) {
    const double ratio = qApp->devicePixelRatio();
    QPixmap pixmap(QSize(qRound(side * ratio), qRound(side * ratio)));
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(side / 16, side / 16);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    drawLines(painter, symbol);
    return pixmap;
}

} // namespace

QIcon iconOf(Symbol symbol, const Theme& theme) {
    const double side = theme.typeSize * 1.25;
    QIcon icon;
    icon.addPixmap(draw(symbol, theme.text, side), QIcon::Normal, QIcon::Off);
    icon.addPixmap(draw(symbol, theme.window, side), QIcon::Normal, QIcon::On);
    icon.addPixmap(draw(symbol, theme.textFaint, side), QIcon::Disabled, QIcon::Off);
    return icon;
}

} // namespace lab
