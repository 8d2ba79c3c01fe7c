// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/lanes_painter.h"

#include "gui/model/number_text.h"
#include "gui/scene/lanes_parts.h"
#include "gui/scene/stage_parts.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab {

struct LanesPainter::Picture {
    StageCanvas canvas;
    std::vector<LanesPlace> places;
    std::vector<QString> names; ///< of the lanes
    double contentHeight = 0;
    std::uint64_t endTime = 0; ///< ns: what goes on ends here
    std::size_t playheadEvent = 0;

    const LanesPlace* find(QPointF place) const;
};

std::uint64_t LanesScene::time(double pixel) const {
    return static_cast<std::uint64_t>(std::max(0.0, input.scale.toNanoseconds(pixel)));
}

double LanesScene::endOfTime() const { return std::min(area.right(), x(input.lanes.endTime())); }

namespace {

/// A line of the picture.
struct Lane {
    enum class Kind { Thread, Kernel, MoreOperations, ClientLoad } kind;
    QString name;
    const ThreadLane* thread = nullptr;
    const KernelLane* kernel = nullptr;
    QRectF row;
};

/// Letters, then number, so that pool-2 stands before pool-10. Asked for at every frame: nothing is copied.
bool standsBefore(const Lane& a, const Lane& b) {
    const auto lettersOf = [](QStringView name) {
        while (!name.isEmpty() && name.back().isDigit()) {
            name.chop(1);
        }
        return name;
    };
    const auto lettersOfA = lettersOf(a.name);
    const auto lettersOfB = lettersOf(b.name);
    if (const int order = lettersOfA.compare(lettersOfB); order != 0) {
        return order < 0;
    }
    const auto numberAfter = [](const QString& name, QStringView letters) {
        return QStringView(name).sliced(letters.size()).toULongLong();
    };
    return numberAfter(a.name, lettersOfA) < numberAfter(b.name, lettersOfB);
}

/// Something to be seen in [begin, end), in nanoseconds.
bool showsIn(const SpanLane& lane, std::uint64_t begin, std::uint64_t end) {
    const auto first = lane.atTime(begin);
    return first < lane.size() && lane[first].begin < end;
}

std::vector<Lane> threadLanes(const LanesInput& input, std::uint64_t begin, std::uint64_t end) {
    std::vector<Lane> lanes;
    for (const auto& [actor, thread] : input.lanes.threads()) {
        if (thread.isClient || (!thread.alive && !showsIn(thread.spans, begin, end))) {
            continue;
        }
        const auto name = input.glossary.name(thread.nameAt(input.playheadTime));
        lanes.push_back({Lane::Kind::Thread,
                         name.empty() ? QStringLiteral("thread %1").arg(actor) : text(name),
                         &thread,
                         nullptr,
                         {}});
    }
    std::stable_sort(lanes.begin(), lanes.end(), standsBefore);
    return lanes;
}

std::vector<Lane> lanesOf(const LanesInput& input, std::uint64_t begin, std::uint64_t end) {
    auto lanes = threadLanes(input, begin, end);
    const auto& index = input.lanes;
    for (const auto& place : index.kernel()) {
        const auto connection = place.connectionAt(input.playheadTime);
        if (connection == KernelLane::nobody && !showsIn(place.spans, begin, end)) {
            continue;
        }
        const auto name = connection == KernelLane::nobody ? QStringLiteral("kernel: –")
                          : connection == 0                ? QStringLiteral("kernel: accept")
                                                           : QStringLiteral("kernel: ") + number(connection);
        lanes.push_back({Lane::Kind::Kernel, name, nullptr, &place, {}});
    }
    if (index.moreOperations().most() > 0) {
        lanes.push_back({Lane::Kind::MoreOperations, QStringLiteral("kernel: others"), nullptr, nullptr, {}});
    }
    if (index.clientLoad().most() > 0) {
        lanes.push_back({Lane::Kind::ClientLoad, QStringLiteral("client load"), nullptr, nullptr, {}});
    }
    return lanes;
}

QString tickText(double nanoseconds, double step) {
    const auto in = [nanoseconds](double unit, const char* name) {
        return countText(static_cast<std::uint64_t>(std::llround(nanoseconds / unit))) + QLatin1Char(' ') +
               QString::fromUtf8(name);
    };
    return step < 999 ? in(1, "ns") : step < 999'000 ? in(1e3, "µs") : step < 999e6 ? in(1e6, "ms") : in(1e9, "s");
}

void paintRuler(LanesScene& scene, double height) {
    auto& canvas = scene.canvas;
    const auto last =
        tickText(scene.input.scale.toNanoseconds(scene.area.right()), scene.input.scale.nanosecondsPerPixel * 80);
    const double apart = std::max(90.0, canvas.width(Type::Small, last) + 30);
    const auto ticks = scene.input.scale.ticks(scene.area.right(), apart);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : scene.input.scale.nanosecondsPerPixel * apart;
    canvas.text(QRectF(scene.area.left() + 12, scene.area.top(), scene.first() - 16, height),
                Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("THREADS"), Type::Section, scene.theme.textSoft);
    for (const double tick : ticks) {
        const double x = scene.input.scale.toPixel(tick);
        if (tick < 0) {
            continue;
        }
        canvas.line({x, scene.area.top() + height}, {x, scene.area.bottom()}, scene.theme.line, 1);
        const QRectF box(x + 4, scene.area.top(), std::min(apart, scene.area.right() - x - 4), height);
        const auto words = tickText(tick, step);
        if (canvas.width(Type::Small, words) <= box.width()) {
            canvas.text(box, Qt::AlignLeft | Qt::AlignVCenter, words, Type::Small, scene.theme.textSoft);
        }
    }
}

void paintPlayhead(LanesScene& scene, double height) {
    const double x = scene.x(scene.input.playheadTime);
    if (x < scene.first() - 1 || x > scene.area.right() + 1) {
        return;
    }
    scene.canvas.line({x, scene.area.top() + height - 4}, {x, scene.area.bottom()}, scene.theme.now, 1.6);
    scene.canvas.head({x, scene.area.top() + height}, {0, 1}, scene.theme.now, 11);
}

void paintName(LanesScene& scene, const Lane& lane) {
    auto& canvas = scene.canvas;
    const auto& selection = scene.input.selection;
    const bool thread = lane.kind == Lane::Kind::Thread;
    const bool chosen = thread && selection.kind == Selection::Kind::Thread && selection.id == lane.thread->actor;
    const QRectF box(scene.area.left() + 12, lane.row.top(), scene.first() - scene.area.left() - 18, lane.row.height());
    canvas.text(box, Qt::AlignLeft | Qt::AlignVCenter, lane.name, thread ? Type::SmallBold : Type::Small,
                chosen   ? scene.theme.nowText
                : thread ? scene.theme.text
                         : scene.theme.textSoft);
    if (thread) {
        LaneSpan span;
        span.actor = lane.thread->actor;
        scene.places.push_back({box, span, scene.lane, true, true});
    }
}

/// A lane is called after the thread that it tells of at the playhead. What other threads did in it, before that one
/// was there or after it, is veiled, and a bar stands between two of them.
void paintLives(LanesScene& scene, const Lane& lane) {
    const auto& lives = lane.thread->lives;
    const auto startsAfter = [](std::uint64_t time) {
        return [time](const ThreadLane::Life& life) { return life.begin <= time; };
    };
    const auto next = std::partition_point(lives.begin(), lives.end(), startsAfter(scene.input.playheadTime));
    const auto veil = [&](double left, double right) {
        left = std::max(left, scene.first());
        right = std::min(right, scene.endOfTime());
        if (right > left) {
            auto colour = scene.theme.panel;
            colour.setAlphaF(0.6F);
            scene.canvas.painter().fillRect(QRectF(left, lane.row.top(), right - left, lane.row.height()), colour);
        }
    };
    if (next != lives.begin() && next - lives.begin() > 1) {
        veil(scene.first(), scene.x((next - 1)->begin));
    }
    if (next != lives.begin() && next != lives.end()) {
        veil(scene.x(next->begin), scene.endOfTime());
    }
    constexpr double apart = 12; // pixels: nearer ones would be a wall
    auto life = std::partition_point(lives.begin(), lives.end(), startsAfter(scene.time(scene.first())));
    while (life != lives.end() && scene.x(life->begin) <= scene.endOfTime()) {
        const double x = scene.x(life->begin);
        if (life != lives.begin()) {
            scene.canvas.line({x, lane.row.top() - 2}, {x, lane.row.bottom() + 2}, scene.theme.text, 1.6);
        }
        life = std::partition_point(life, lives.end(), startsAfter(scene.time(x + apart)));
    }
}

void paintLane(LanesScene& scene, const Lane& lane) {
    auto& canvas = scene.canvas;
    paintName(scene, lane);
    const double y = lane.row.bottom() + 3;
    canvas.line({scene.first(), y}, {scene.area.right(), y}, scene.theme.line, 0.6);
    canvas.painter().save();
    scene.keepFromNames();
    switch (lane.kind) {
    case Lane::Kind::Thread:
        paintSpans(scene, lane.row, lane.thread->spans, lane.thread->alive ? &lane.thread->open : nullptr, true);
        paintLives(scene, lane);
        break;
    case Lane::Kind::Kernel:
        paintSpans(scene, lane.row, lane.kernel->spans, lane.kernel->operation != 0 ? &lane.kernel->open : nullptr,
                   false);
        break;
    case Lane::Kind::MoreOperations:
        paintCount(scene, lane.row, scene.input.lanes.moreOperations(), scene.theme.of(Work::Read));
        break;
    case Lane::Kind::ClientLoad:
        paintCount(scene, lane.row, scene.input.lanes.clientLoad(), scene.theme.of(Work::Wait));
        break;
    }
    canvas.painter().restore();
}

/// From the thread that started the operation, through the kernel, to the thread that took it up.
void paintWay(LanesScene& scene, const std::vector<Lane>& lanes) {
    auto& way = scene.way;
    if (!way.begun) {
        return;
    }
    for (const auto& lane : lanes) {
        if (lane.kind == Lane::Kind::Thread && lane.thread->actor == way.initiatedBy) {
            way.initiated = QPointF(way.begun->x(), lane.row.center().y());
        }
    }
    auto& painter = scene.canvas.painter();
    painter.save();
    scene.keepFromNames();
    const auto curve = [&](QPointF from, QPointF to) {
        QPainterPath path(from);
        const double reach = std::max(18.0, std::abs(to.x() - from.x()) * 0.6);
        path.cubicTo(from + QPointF(reach, 0), to - QPointF(reach, 0), to);
        painter.setPen(QPen(scene.theme.now, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
        scene.canvas.dot(from, 3.5, scene.theme.now);
        scene.canvas.dot(to, 3.5, scene.theme.now);
    };
    if (way.initiated) {
        scene.canvas.curve(*way.initiated, *way.begun, scene.theme.now, 2);
        scene.canvas.dot(*way.initiated, 3.5, scene.theme.now);
    }
    if (way.completed && way.dispatched && way.dispatched->x() >= way.completed->x() - 1) {
        curve(*way.completed, *way.dispatched);
    }
    painter.restore();
}

} // namespace

LanesPainter::LanesPainter()
    : m_picture(std::make_unique<Picture>()) {}
LanesPainter::~LanesPainter() = default;

double LanesPainter::namesWidth(const Theme& theme) {
    const QFontMetricsF metrics(theme.font(theme.smallSize, true));
    return std::ceil(metrics.horizontalAdvance(QStringLiteral("dispatcher-00"))) + 30;
}

double LanesPainter::heightOf(const Theme& theme, std::size_t lanes) {
    const QFontMetricsF metrics(theme.font(theme.smallSize));
    const double line = std::ceil(metrics.ascent() + metrics.descent()) + 12;
    return line * static_cast<double>(lanes + 1); // where the next one would begin
}

void LanesPainter::paint(QPainter& painter, const QRectF& area, const LanesInput& input, const Theme& theme) {
    painter.save();
    painter.setClipRect(area, Qt::IntersectClip);
    painter.fillRect(area, theme.panel);
    auto& canvas = m_picture->canvas;
    canvas.begin(painter, theme, 1);
    m_picture->places.clear();
    LanesScene scene{canvas, input, theme, area, m_picture->places, 0, {}};
    m_picture->endTime = input.lanes.endTime();
    m_picture->playheadEvent = input.playheadEvent;
    m_picture->names.clear();
    scene.way.operation = input.selection.kind == Selection::Kind::Operation ? input.selection.id
                          : input.selection.kind == Selection::Kind::None    ? input.playhead.operation
                                                                             : 0;
    const double ruler = canvas.height(Type::Small) + 12;
    const double high = canvas.height(Type::Small) + 6;
    auto lanes = lanesOf(input, scene.time(scene.first()), scene.time(area.right()));
    m_picture->contentHeight = ruler + static_cast<double>(lanes.size()) * (high + 6) + 6;
    paintRuler(scene, ruler);
    painter.save();
    painter.setClipRect(area.adjusted(0, ruler, 0, 0), Qt::IntersectClip);
    double y = area.top() + ruler + 3 - input.scrollTop;
    for (auto& lane : lanes) {
        scene.lane = m_picture->names.size();
        m_picture->names.push_back(lane.name);
        lane.row = QRectF(area.left(), y, area.width(), high);
        if (lane.row.bottom() >= area.top() + ruler && lane.row.top() <= area.bottom()) {
            paintLane(scene, lane);
        }
        y += high + 6;
    }
    paintWay(scene, lanes);
    painter.restore();
    paintPlayhead(scene, ruler);
    painter.restore();
}

double LanesPainter::contentHeight() const { return m_picture->contentHeight; }

const LanesPlace* LanesPainter::Picture::find(QPointF place) const {
    const auto found =
        std::find_if(places.rbegin(), places.rend(), [place](const auto& one) { return one.place.contains(place); });
    return found == places.rend() ? nullptr : &*found;
}

std::optional<LaneHit> LanesPainter::at(QPointF place) const {
    const auto* found = m_picture->find(place);
    if (!found) {
        return std::nullopt;
    }
    LaneHit hit;
    hit.selection = found->filled ? Selection{Selection::Kind::Thread, static_cast<std::uint32_t>(found->span.actor)}
                                  : Selection{Selection::Kind::Operation, found->span.operation};
    hit.event = found->isName ? m_picture->playheadEvent : static_cast<std::size_t>(found->span.event);
    return hit;
}

QString LanesPainter::toolTipAt(QPointF place) const {
    const auto* found = m_picture->find(place);
    if (!found) {
        return {};
    }
    const auto& name = m_picture->names[found->lane];
    if (found->isName) {
        return name;
    }
    const auto end = std::min(found->span.end, m_picture->endTime);
    const auto length = durationText(static_cast<double>(end - std::min(end, found->span.begin)));
    return QStringLiteral("%1 - %2, %3").arg(name, spanWords(found->span), length);
}

} // namespace lab
