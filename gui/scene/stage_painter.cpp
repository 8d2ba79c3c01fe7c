// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_painter.h"

#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <cmath>

namespace lab {

struct StagePainter::Picture {
    StageCanvas canvas;
};

namespace {

/// Type grows with the picture, so that a bigger window is read from further away and not just emptier.
double typeScale(const QRectF& area) {
    const double scale = std::min(area.width() / 1040, area.height() / 520);
    return std::clamp(std::round(scale * 20) / 20, 1.0, 2.0);
}

} // namespace

StagePainter::StagePainter()
    : m_picture(std::make_unique<Picture>()) {}
StagePainter::~StagePainter() = default;

void StagePainter::paint(QPainter& painter, const QRectF& area, const StageInput& input, const Theme& theme) {
    painter.save();
    painter.fillRect(area, theme.window);
    auto& canvas = m_picture->canvas;
    canvas.begin(painter, theme, theme.smallSize >= 24 ? std::max(1.0, typeScale(area) * 0.75) : typeScale(area));
    StageScene scene(canvas, area, input);
    paintGround(scene);
    paintClients(scene);
    paintFiles(scene);
    switch (scene.at.family) {
    case StageFamily::Synchronous: paintSynchronous(scene); break;
    case StageFamily::Reactive: paintReactive(scene); break;
    case StageFamily::Proactive: paintProactive(scene); break;
    }
    paintSentence(scene);
    painter.restore();
}

std::optional<Selection> StagePainter::at(QPointF place) const {
    const auto* hit = m_picture->canvas.hitAt(place);
    return hit ? std::optional(hit->selection) : std::nullopt;
}

QString StagePainter::toolTipAt(QPointF place) const {
    const auto* hit = m_picture->canvas.hitAt(place);
    if (hit && hit->tip.isEmpty() && hit->selection.kind == Selection::Kind::Connection) {
        return QStringLiteral("connection ") + number(hit->selection.id);
    }
    return hit ? hit->tip : QString();
}

std::span<const StageWord> StagePainter::words() const { return m_picture->canvas.words(); }

} // namespace lab
