// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"

#include <QPainterPath>
#include <QStringList>

#include <algorithm>

namespace lab {

namespace {

QString waitsHow(const StageScene& scene) {
    if (scene.hasPool()) {
        return QStringLiteral("operations wait; large files may be left to the pool");
    }
    switch (scene.at.family) {
    case StageFamily::Reactive: return QStringLiteral("waits for readiness, then does the I/O itself");
    case StageFamily::Proactive: return QStringLiteral("operations wait, threads do not");
    default: return QStringLiteral("each thread waits inside the kernel");
    }
}

/// What is below the model: "epoll", "Asio on epoll".
QString beneath(const StageScene& scene) {
    const auto processor = processorAt(scene.input.state, scene.input.glossary);
    return text(processor.empty() ? demultiplexerAt(scene.input.state, scene.input.glossary) : processor);
}

/// "pipeline: gzip → headers", as far as linked services are told of; what is suspended stands in brackets.
QString pipelineWords(const StageScene& scene) {
    QStringList names;
    for (const auto& service : scene.state().services) {
        const auto name = text(scene.input.glossary.name(service.name));
        names << (service.suspended ? QStringLiteral("(%1)").arg(name) : name);
    }
    return names.isEmpty() ? QString() : QStringLiteral("pipeline: ") + names.join(QStringLiteral(" → "));
}

/// Each figure is a process of its own.
bool hasProcesses(const StageScene& scene) {
    return std::any_of(scene.threads.begin(), scene.threads.end(), [](auto* thread) { return thread->process != 0; });
}

void paintTitle(StageScene& scene) {
    auto& canvas = scene.canvas;
    const auto& info = scene.input.glossary.info;
    const QRectF line = scene.at.title;
    const bool hasChanged = scene.input.state.totals.changes > 0;
    const auto model = hasChanged ? scene.input.glossary.name(scene.input.state.model) : std::string_view(info.model);
    const auto name = canvas.text(line, Qt::AlignLeft | Qt::AlignVCenter, text(model), Type::Title, scene.theme.text);
    QRectF rest = line;
    rest.setLeft(name.right() + 18 * scene.unit());
    if (scene.input.flows) {
        const auto words = QStringLiteral("flows: %1 events a second").arg(rateText(scene.input.rates.events));
        const auto place = canvas.text(rest, Qt::AlignRight | Qt::AlignVCenter, words, Type::Bold, scene.theme.nowText);
        rest.setRight(place.left() - 18 * scene.unit());
    }
    const auto threads = scene.threads.size();
    const auto kind = hasProcesses(scene) ? QStringLiteral("process") : QStringLiteral("thread");
    const auto many = hasProcesses(scene) ? QStringLiteral("processes") : QStringLiteral("threads");
    // From the most to the least important; what does not fit is left out whole.
    QStringList words{text(familyAt(scene.input.state, scene.input.glossary)),
                      threads == 1 ? QStringLiteral("1 ") + kind
                                   : QStringLiteral("%1 %2").arg(QString::number(threads), many),
                      waitsHow(scene)};
    if (const auto below = beneath(scene); !below.isEmpty()) {
        words.insert(1, below);
    }
    if (const auto pipeline = pipelineWords(scene); !pipeline.isEmpty()) {
        words.insert(words.size() - 1, pipeline);
    }
    const auto separator = QStringLiteral("  ·  ");
    while (!words.isEmpty() && canvas.width(Type::Subtitle, words.join(separator)) > rest.width()) {
        words.removeAt(words.size() > 2 ? words.size() - 2 : words.size() - 1);
    }
    canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, words.join(separator), Type::Subtitle, scene.theme.textSoft);
}

/// Takes the corners away: much cheaper than a large area with smooth edges.
void roundCorners(QPainter& painter, const QRectF& area, double radius, const QColor& outside) {
    const QRectF size(0, 0, radius, radius);
    for (int corner = 0; corner < 4; ++corner) {
        painter.save();
        painter.translate(corner % 2 == 0 ? area.left() : area.right(), corner < 2 ? area.top() : area.bottom());
        painter.scale(corner % 2 == 0 ? 1 : -1, corner < 2 ? 1 : -1);
        QPainterPath notch;
        notch.addRect(size);
        QPainterPath circle;
        circle.addEllipse(QPointF(radius, radius), radius, radius);
        painter.fillPath(notch.subtracted(circle), outside);
        painter.restore();
    }
}

void paintStoreys(StageScene& scene) {
    auto& painter = scene.canvas.painter();
    const auto& at = scene.at;
    painter.fillRect(QRectF(at.stage.topLeft(), QPointF(at.stage.right(), at.floor)), scene.theme.userSpace);
    painter.fillRect(QRectF(QPointF(at.stage.left(), at.floor), at.stage.bottomRight()), scene.theme.kernelSpace);
    roundCorners(painter, at.stage, 10 * scene.unit(), scene.theme.window);
    scene.canvas.line({at.stage.left(), at.floor}, {at.stage.right(), at.floor}, scene.theme.floor, 2.5 * scene.unit());
}

} // namespace

void paintGround(StageScene& scene) {
    paintTitle(scene);
    paintStoreys(scene);
    if (!scene.input.labels) {
        return;
    }
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double pad = 8 * scene.unit();
    const double high = canvas.height(Type::Section);
    const auto& soft = scene.theme.textSoft;
    const QRectF top(at.stage.left() + pad, at.stage.top() + 5 * scene.unit(), at.stage.width() - 2 * pad, high);
    const QRectF bottom(at.stage.left() + pad, at.stage.bottom() - high - 4 * scene.unit(), top.width(), high);
    if (at.processLabel) {
        canvas.text(top, Qt::AlignLeft,
                    hasProcesses(scene) ? QStringLiteral("SERVER: A PROCESS EACH") : QStringLiteral("SERVER PROCESS"),
                    Type::Section, soft);
    }
    if (at.kernelLabel) {
        canvas.text(bottom, Qt::AlignLeft, QStringLiteral("OPERATING SYSTEM"), Type::Section, soft);
    }
    if (at.family != StageFamily::Reactive) {
        paintCrossing(scene, {});
    }
}

void paintCrossing(StageScene& scene, std::span<const double> lines) {
    const auto& at = scene.at;
    auto& canvas = scene.canvas;
    const auto words = QStringLiteral("system calls");
    const double pad = 8 * scene.unit();
    const double high = canvas.height(Type::Section);
    const double wide = canvas.width(Type::Small, words);
    const double y = at.floor - high - 3 * scene.unit();
    if (!scene.input.labels || !at.twoLines || scene.input.flows || at.threads + at.boxHeight / 2 > y) {
        return;
    }
    const double right = at.stage.right() - pad - wide;
    const QRectF first(at.listening + (at.pitch - wide) / 2, y, wide, high);
    const QRectF last(right, y, wide, high);
    const double most = at.family == StageFamily::Proactive ? right - at.queue.right() : at.pitch - wide;
    if (most < pad) {
        return;
    }
    const auto isFree = [&](const QRectF& place) {
        return std::none_of(lines.begin(), lines.end(),
                            [&](double x) { return x > place.left() - pad / 2 && x < place.right() + pad / 2; });
    };
    if (at.family != StageFamily::Proactive && isFree(first)) {
        canvas.text(first, Qt::AlignHCenter, words, Type::Small, scene.theme.textSoft);
    } else if (isFree(last)) {
        canvas.text(last, Qt::AlignRight, words, Type::Small, scene.theme.textSoft);
    }
}

void paintSentence(StageScene& scene) {
    if (!scene.input.narration || scene.input.sentence.empty()) {
        return;
    }
    auto& canvas = scene.canvas;
    const auto& box = scene.at.sentence;
    auto words = text(scene.input.sentence);
    const double high = canvas.height(Type::Body);
    QRectF first(box.left(), box.top(), box.width(), high);
    const auto who = scene.now.thread ? scene.nameOf(*scene.now.thread) : QString();
    if (!who.isEmpty() && words.startsWith(who + QLatin1Char(' '))) {
        const auto place = canvas.text(first, Qt::AlignLeft, who, Type::Bold, scene.theme.text);
        first.setLeft(place.right() + canvas.width(Type::Body, QStringLiteral("n n")) -
                      canvas.width(Type::Body, QStringLiteral("nn")));
        words.remove(0, who.size() + 1);
    }
    auto cut = words.size();
    while (cut > 0 && canvas.width(Type::Body, words.left(cut)) > first.width()) {
        cut = words.lastIndexOf(QLatin1Char(' '), cut - 1);
    }
    cut = cut > 0 ? cut : words.size();
    canvas.text(first, Qt::AlignLeft, words.left(cut), Type::Body, scene.theme.text);
    const QRectF second(box.left(), box.top() + high + 2 * scene.unit(), box.width(), high);
    canvas.text(second, Qt::AlignLeft, words.mid(cut).trimmed(), Type::Body, scene.theme.text);
}

} // namespace lab
