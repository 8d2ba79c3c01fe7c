// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"
#include "gui/theme/contrast.h"

#include <QPainterPath>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// Ten times as many a second: two and a half units thicker.
double thickness(double rate) { return rate < 1 ? 1 : 2 + 2.5 * std::log10(rate); }

QColor colourOf(const StageScene& scene, const Flow& flow) {
    return mixed(scene.theme.of(flow.work), scene.theme.box, 0.75);
}

/// Round a corner: up and then sideways, or sideways and then up.
void paintBent(StageScene& scene, const Flow& flow, double width, double head) {
    const bool arrives = flow.bend == Flow::Bend::Arrives;
    const QPointF corner = arrives ? QPointF(flow.from.x(), flow.to.y()) : QPointF(flow.to.x(), flow.from.y());
    const QPointF direction =
        arrives ? QPointF(flow.to.x() > corner.x() ? 1 : -1, 0) : QPointF(0, flow.to.y() > corner.y() ? 1 : -1);
    QPainterPath path(flow.from);
    path.quadTo(corner, flow.to - direction * head * 0.8);
    auto& painter = scene.canvas.painter();
    painter.setPen(QPen(colourOf(scene, flow), width, Qt::SolidLine, Qt::FlatCap));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    scene.canvas.head(flow.to, direction, colourOf(scene, flow), head);
}

void paintStream(StageScene& scene, const Flow& flow) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const double width = thickness(flow.rate) * unit;
    const double head = width + 6 * unit;
    if (flow.bend != Flow::Bend::None) {
        paintBent(scene, flow, width, head);
        return;
    }
    const double way = flow.to.y() - flow.from.y();
    const double sign = way >= 0 ? 1 : -1;
    const double fitting = std::min(head, std::abs(way)); // never over where it comes from
    canvas.curve(flow.from, flow.to - QPointF(0, sign * fitting * 0.8), colourOf(scene, flow), width * fitting / head);
    canvas.head(flow.to, {0, sign}, colourOf(scene, flow), fitting);
}

QString wordsOf(const Flow& flow) { return QStringLiteral("%1 %2/s").arg(rateText(flow.rate), flow.what); }

QColor groundAt(const StageScene& scene, double y) {
    return y < scene.at.floor ? scene.theme.userSpace : scene.theme.kernelSpace;
}

/// Rate and kind in a box of their own: in one line, else in two, else the rate alone.
void paintWordsIn(StageScene& scene, const Flow& flow) {
    auto& canvas = scene.canvas;
    const double line = canvas.height(Type::SmallBold);
    QStringList lines{wordsOf(flow)};
    if (canvas.width(Type::SmallBold, lines.front()) > flow.words.width()) {
        const auto rate = rateText(flow.rate);
        lines = {rate, flow.what + QStringLiteral("/s")};
        const bool wide = canvas.width(Type::SmallBold, lines.back()) > flow.words.width();
        if (wide || 2 * line > flow.words.height()) {
            lines = {rate + QStringLiteral("/s")};
        }
    }
    if (line > flow.words.height() || canvas.width(Type::SmallBold, lines.front()) > flow.words.width()) {
        return;
    }
    double top = flow.words.center().y() - line * static_cast<double>(lines.size()) / 2;
    for (const auto& words : lines) {
        const auto side = flow.leftOf ? Qt::AlignRight : Qt::AlignLeft;
        canvas.plate(QRectF(flow.words.left(), top, flow.words.width(), line), side | Qt::AlignVCenter, words,
                     Type::SmallBold, scene.theme.text, groundAt(scene, top));
        top += line;
    }
}

void paintWordsBeside(StageScene& scene, const Flow& flow) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const double high = canvas.height(Type::SmallBold);
    const double top = flow.bottom > 0 ? flow.top : std::min(flow.from.y(), flow.to.y());
    const double bottom = flow.bottom > 0 ? flow.bottom : std::max(flow.from.y(), flow.to.y());
    if (bottom - top < high) {
        return;
    }
    const double wide = widthOfWords(scene, flow);
    const double apart = thickness(flow.rate) * unit / 2 + 9 * unit;
    const double x = (flow.from.x() + flow.to.x()) / 2;
    const double left = std::min(x + apart, scene.at.right - wide);
    const double middle = (top + bottom) / 2;
    canvas.plate(QRectF(left, middle - high / 2, wide, high), Qt::AlignLeft | Qt::AlignVCenter, wordsOf(flow),
                 Type::SmallBold, scene.theme.text, groundAt(scene, middle));
}

} // namespace

double widthOfWords(const StageScene& scene, const Flow& flow) {
    return scene.canvas.width(Type::SmallBold, wordsOf(flow)) + 2;
}

void paintFlows(StageScene& scene, const std::vector<Flow>& flows) {
    for (const auto& flow : flows) {
        if (flow.rate > 0) {
            paintStream(scene, flow);
        }
    }
    for (const auto& flow : flows) {
        if (flow.rate > 0) {
            flow.words.isEmpty() ? paintWordsBeside(scene, flow) : paintWordsIn(scene, flow);
        }
    }
}

} // namespace lab
