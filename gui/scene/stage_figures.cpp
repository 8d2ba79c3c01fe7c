// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"
#include "gui/theme/contrast.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

QString figureTip(const StageScene& scene, const ThreadState& thread) {
    const auto since = scene.state().time > thread.since ? scene.state().time - thread.since : 0;
    auto tip = QStringLiteral("%1 - %2, for %3")
                   .arg(scene.nameOf(thread), doing(scene, thread), durationText(static_cast<double>(since)));
    if (thread.processorWait > 0) {
        tip += QStringLiteral("; waited %1 for a processor in all")
                   .arg(durationText(static_cast<double>(thread.processorWait)));
    }
    return tip;
}

} // namespace

QString doing(const StageScene& scene, const ThreadState& thread) {
    const auto of = thread.connection != 0 ? QLatin1Char(' ') + number(thread.connection) : QString();
    if (thread.activity == Activity::InCall) {
        switch (thread.call) {
        case SystemCall::Select:
        case SystemCall::Poll:
        case SystemCall::Epoll:
        case SystemCall::IoUringEnter:
        case SystemCall::AioSuspend:
        case SystemCall::WaitForProcess: return QStringLiteral("in ") + text(words(thread.call));
        case SystemCall::QueueWait:
            return scene.at.family == StageFamily::Proactive && !scene.isOfPool(thread)
                       ? QStringLiteral("waits at queue")
                   : scene.hasPool() || scene.state().readyQueue.pushed + scene.state().acceptQueue.pushed > 0
                       ? QStringLiteral("waits for work")
                       : QStringLiteral("waits its turn");
        default: return text(words(thread.call)) + of;
        }
    }
    if (thread.hook != Hook::None) {
        return text(words(thread.hook)) + of;
    }
    return thread.work == Work::None ? QStringLiteral("runs") : text(words(thread.work)) + of;
}

double figureWidth(const StageScene& scene, const QString& longestName, const QString& longestDoing) {
    auto& canvas = scene.canvas;
    const double words = std::max(canvas.width(Type::Bold, longestName),
                                  scene.at.twoLines ? canvas.width(Type::Small, longestDoing) : 0.0);
    return scene.at.boxHeight * 0.95 + words + 12 * scene.unit();
}

void paintFigure(StageScene& scene, QPointF centre, double width, const ThreadState& thread) {
    auto& canvas = scene.canvas;
    const auto& theme = scene.theme;
    const double unit = scene.unit();
    const double high = scene.at.boxHeight;
    const QRectF place(centre.x() - width / 2, centre.y() - high / 2, width, high);
    const bool now = scene.isNow(thread);
    const bool chosen = scene.isSelected(Selection::Kind::Thread, thread.actor) ||
                        (thread.connection != 0 && scene.isRelated(thread.connection));
    const auto& colour = theme.of(thread.work == Work::None ? Work::Wait : thread.work);
    canvas.pill(place, theme.box, scene.outline(now, chosen, colour),
                std::max(1.6 * unit, scene.outlineWidth(now, chosen)));
    const double radius = high * 0.25;
    canvas.dot({place.left() + high * 0.43, centre.y()}, radius, colour);
    const QRectF words = place.adjusted(high * 0.43 + radius + 4 * unit, 0, -high * 0.12, 0);
    const auto name = scene.nameOf(thread);
    const auto type = canvas.width(Type::Bold, name) <= words.width()        ? Type::Bold
                      : canvas.width(Type::SmallBold, name) <= words.width() ? Type::SmallBold
                                                                             : Type::Small;
    if (scene.at.twoLines) {
        const double first = canvas.height(Type::Bold);
        const double second = canvas.height(Type::Small);
        const double top = centre.y() - (first + second) / 2;
        canvas.text(QRectF(words.left(), top, words.width(), first), Qt::AlignLeft, name, type, theme.text);
        auto what = doing(scene, thread);
        if (thread.call == SystemCall::QueueWait && canvas.width(Type::Small, what) > words.width()) {
            what = QStringLiteral("waits");
        }
        canvas.text(QRectF(words.left(), top + first, words.width(), second), Qt::AlignLeft, what, Type::Small,
                    theme.textSoft);
    } else {
        canvas.text(words, Qt::AlignLeft | Qt::AlignVCenter, name, type, theme.text);
    }
    canvas.hit(place, {Selection::Kind::Thread, thread.actor}, figureTip(scene, thread));
}

void paintEmptyFigure(StageScene& scene, QPointF centre, double width, const ThreadState& thread) {
    const double high = scene.at.boxHeight * 0.8;
    const QRectF place(centre.x() - width / 2, centre.y() - high / 2, width, high);
    scene.canvas.pill(place, Qt::transparent, scene.theme.textFaint, 1.2 * scene.unit(), true);
    scene.canvas.text(place.adjusted(high / 2, 0, -high / 2, 0), Qt::AlignCenter, scene.nameOf(thread), Type::Small,
                      scene.theme.textFaint);
}

void paintThreadDots(StageScene& scene, const QRectF& place, const std::vector<const ThreadState*>& threads,
                     const QString& words) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const double label = canvas.width(Type::SmallBold, words) + 12 * unit;
    canvas.text(QRectF(place.left(), place.top(), label, place.height()), Qt::AlignLeft | Qt::AlignVCenter, words,
                Type::SmallBold, scene.theme.textSoft);
    const QRectF room = place.adjusted(label, 0, 0, 0);
    double pitch = 18 * unit;
    const auto count = static_cast<double>(threads.size());
    while (std::floor(room.width() / pitch) * std::floor(room.height() / pitch) < count) {
        pitch -= 0.5;
        if (pitch < 4 * unit) {
            return; // the words say how many
        }
    }
    const auto columns = static_cast<std::size_t>(std::max(1.0, std::floor(room.width() / pitch)));
    const auto rows = static_cast<double>((threads.size() + columns - 1) / columns);
    const double top = room.center().y() - rows * pitch / 2;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        const auto& thread = *threads[i];
        const QPointF centre(room.left() + (static_cast<double>(i % columns) + 0.5) * pitch,
                             top + (static_cast<double>(i / columns) + 0.5) * pitch);
        canvas.dot(centre, pitch * 0.38, scene.theme.of(thread.work == Work::None ? Work::Wait : thread.work));
        const bool now = scene.isNow(thread);
        const bool chosen = scene.isSelected(Selection::Kind::Thread, thread.actor);
        const QRectF around(centre.x() - pitch / 2, centre.y() - pitch / 2, pitch, pitch);
        if (now || chosen) {
            canvas.box(around, Qt::transparent, scene.outline(now, chosen, scene.theme.now), 2 * unit, pitch / 2);
        }
        canvas.hit(around, {Selection::Kind::Thread, thread.actor}, figureTip(scene, thread));
    }
}

void paintToken(StageScene& scene, const QRectF& place, Work work, const QString& words, double share, bool isNow,
                bool isSelected) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const bool marked = isNow || isSelected;
    canvas.pill(place, scene.theme.of(work), scene.outline(isNow, isSelected, Qt::transparent),
                marked ? 2.6 * unit : 0);
    QRectF inner = place.adjusted(place.height() * 0.42, 0, -place.height() * 0.3, 0);
    const double radius = place.height() * 0.24;
    if (share >= 0 && canvas.width(Type::SmallBold, words) + 3.2 * radius < inner.width()) {
        canvas.ring({inner.right() - radius, place.center().y()}, radius, share, scene.theme.textOn(work));
        inner.setRight(inner.right() - 3 * radius);
    }
    canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter, words, Type::SmallBold, scene.theme.textOn(work));
}

} // namespace lab
