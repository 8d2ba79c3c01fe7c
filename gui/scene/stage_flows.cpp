// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"
#include "gui/theme/contrast.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// Ten times as many a second: two and a half units thicker.
double thickness(double rate) { return rate < 1 ? 1 : 2 + 2.5 * std::log10(rate); }

void paintStream(StageScene& scene, const Flow& flow) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const auto colour = mixed(scene.theme.of(flow.work), scene.theme.box, 0.75);
    const double width = thickness(flow.rate) * unit;
    const double sign = flow.to.y() >= flow.from.y() ? 1 : -1;
    const double head = width + 6 * unit;
    canvas.curve(flow.from, flow.to - QPointF(0, sign * head * 0.8), colour, width);
    canvas.head(flow.to, {0, sign}, colour, head);
}

} // namespace

void paintFlows(StageScene& scene, const std::vector<Flow>& flows) {
    for (const auto& flow : flows) {
        if (flow.rate > 0) {
            paintStream(scene, flow);
        }
    }
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const double high = canvas.height(Type::SmallBold);
    for (const auto& flow : flows) {
        const double top = flow.bottom > 0 ? flow.top : std::min(flow.from.y(), flow.to.y());
        const double bottom = flow.bottom > 0 ? flow.bottom : std::max(flow.from.y(), flow.to.y());
        if (flow.rate <= 0 || bottom - top < high) {
            continue;
        }
        const auto words = QStringLiteral("%1 %2/s").arg(rateText(flow.rate), flow.what);
        const double wide = canvas.width(Type::SmallBold, words) + 2;
        const double apart = thickness(flow.rate) * unit / 2 + 9 * unit;
        const double x = (flow.from.x() + flow.to.x()) / 2;
        const double left = flow.leftOf ? x - apart - wide : std::min(x + apart, scene.at.right - wide);
        const double middle = (top + bottom) / 2;
        canvas.plate(QRectF(left, middle - high / 2, wide, high), Qt::AlignLeft | Qt::AlignVCenter, words,
                     Type::SmallBold, scene.theme.text,
                     middle < scene.at.floor ? scene.theme.userSpace : scene.theme.kernelSpace);
    }
}

} // namespace lab
