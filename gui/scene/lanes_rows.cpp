// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/lanes_parts.h"
#include "gui/scene/stage_parts.h"
#include "gui/theme/contrast.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// So many spans a pixel: their groups of 16 are exact enough, to less than a pixel of the column's height.
constexpr std::size_t spansForGroups = 256;
constexpr double blockPixels = 3; ///< the shortest span that is painted as a block

bool isSelected(const Selection& selection, const LaneSpan& span, bool filled) {
    switch (selection.kind) {
    case Selection::Kind::Connection:
        return span.connection == selection.id && (span.connection != 0 || span.work() == Work::Accept);
    case Selection::Kind::Operation: return span.operation == selection.id;
    case Selection::Kind::Thread: return filled && span.actor == selection.id;
    default: return false;
    }
}

/// Notes where the operation that the picture follows began, ended and was taken up.
void follow(LanesScene& scene, const LaneSpan& span, double y, bool filled) {
    auto& way = scene.way;
    if (way.operation == 0 || span.operation != way.operation) {
        return;
    }
    if (!filled) {
        way.begun = QPointF(scene.x(span.begin), y);
        way.completed = QPointF(std::min(scene.x(span.end), scene.endOfTime()), y);
        way.initiatedBy = span.actor;
    } else if (!way.dispatched || scene.x(span.begin) < way.dispatched->x()) {
        way.dispatched = QPointF(scene.x(span.begin), y);
    }
}

class Row {
public:
    Row(LanesScene& scene, const QRectF& place, bool filled)
        : m_scene(scene)
        , m_place(place)
        , m_filled(filled) {}

    void paint(const LaneSpan& span, bool bright) {
        const double left = std::max(m_scene.x(span.begin), m_scene.first());
        const double right = std::min(m_scene.x(span.end), m_scene.endOfTime());
        follow(m_scene, span, m_place.center().y(), m_filled);
        if (right <= left) {
            return;
        }
        const QRectF block(left, m_place.top(), std::max(1.0, right - left - (m_filled && !span.blocked ? 0.8 : 0)),
                           m_place.height());
        const bool chosen = isSelected(m_scene.input.selection, span, m_filled);
        if (!m_filled) {
            paintOperation(block, span, bright, chosen);
        } else if (span.blocked) {
            paintWaiting(block, span, bright, chosen);
        } else {
            paintRunning(block, span, bright, chosen);
        }
        m_scene.places.push_back({block, span, m_scene.lane, m_filled, false});
    }

private:
    QColor outline(bool bright, bool chosen, const QColor& usual) const {
        return bright ? m_scene.theme.now : chosen ? m_scene.theme.text : usual;
    }

    void label(const QRectF& block, const LaneSpan& span, const QColor& colour) {
        auto& canvas = m_scene.canvas;
        const QRectF inner = block.adjusted(5, 0, -4, 0);
        for (const auto& words : {spanWords(span), text(words(span.work()))}) {
            if (!words.isEmpty() && canvas.width(Type::Small, words) <= inner.width()) {
                canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter, words, Type::Small, colour);
                return;
            }
        }
    }

    void paintRunning(const QRectF& block, const LaneSpan& span, bool bright, bool chosen) {
        const auto& theme = m_scene.theme;
        const auto work = span.work();
        const bool named = work != Work::None;
        const auto fill = named ? theme.of(work) : mixed(theme.of(Work::None), theme.panel, 0.35);
        if (block.width() < 8 && !bright && !chosen) { // too narrow for round corners
            m_scene.canvas.painter().fillRect(block, fill);
            return;
        }
        m_scene.canvas.box(block, fill, outline(bright, chosen, Qt::transparent), bright || chosen ? 2 : 0, 3);
        if (named && block.width() > 20) {
            label(block, span, theme.textOn(work));
        }
    }

    void paintWaiting(const QRectF& block, const LaneSpan& span, bool bright, bool chosen) {
        const auto& theme = m_scene.theme;
        const auto& colour = theme.of(span.work() == Work::None ? Work::Wait : span.work());
        const double y = block.center().y();
        m_scene.canvas.line({block.left(), y}, {block.right(), y},
                            outline(bright, chosen, mixed(colour, theme.panel, 0.75)), bright || chosen ? 4 : 3);
        auto& canvas = m_scene.canvas;
        const auto words = spanWords(span);
        if (span.call() != SystemCall::QueueWait && canvas.width(Type::Small, words) + 26 < block.width()) {
            canvas.plate(block.adjusted(12, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter, words, Type::Small,
                         theme.textSoft, theme.panel);
        }
    }

    void paintOperation(const QRectF& block, const LaneSpan& span, bool bright, bool chosen) {
        const auto& theme = m_scene.theme;
        const QRectF inner = block.adjusted(0, 2, 0, -2);
        m_scene.canvas.box(inner, theme.box, outline(bright, chosen, theme.of(span.work())),
                           bright || chosen ? 2.4 : 1.5, std::min(inner.height() / 2, inner.width() / 2));
        const auto words = text(lab::words(span.kind()));
        const QRectF place = inner.adjusted(9, 0, -8, 0);
        if (m_scene.canvas.width(Type::Small, words) <= place.width()) {
            m_scene.canvas.text(place, Qt::AlignLeft | Qt::AlignVCenter, words, Type::Small, theme.textSoft);
        }
    }

    LanesScene& m_scene;
    QRectF m_place;
    bool m_filled;
};

/// Index of the span that the event at the playhead names; nothing where it is in another lane.
std::optional<std::size_t> brightSpan(const LanesScene& scene, const SpanLane& lane, bool filled) {
    const auto& event = scene.input.playhead;
    if (lane.empty() || event.typeAndSequence == 0) {
        return std::nullopt;
    }
    const auto index = lane.atEvent(scene.input.playheadEvent);
    if (!index) {
        return std::nullopt;
    }
    const auto& span = lane[*index];
    const bool here = filled ? span.actor == event.actor : event.operation != 0 && span.operation == event.operation;
    return here ? index : std::nullopt;
}

} // namespace

QString spanWords(const LaneSpan& span) {
    const auto of = span.connection != 0 ? QLatin1Char(' ') + number(span.connection) : QString();
    if (span.kind() != Operation::None) {
        return text(words(span.kind())) + of;
    }
    if (span.blocked) {
        return text(words(span.call())) + of;
    }
    return span.work() == Work::None ? QStringLiteral("runs") + of : text(words(span.work())) + of;
}

void paintSpans(LanesScene& scene, const QRectF& row, const SpanLane& lane, const LaneSpan* open, bool filled) {
    Row painter(scene, row, filled);
    const double end = scene.endOfTime();
    const auto last = scene.time(end);
    const auto shortest =
        static_cast<std::uint64_t>(std::max(1.0, blockPixels * scene.input.scale.nanosecondsPerPixel));
    const auto bright = brightSpan(scene, lane, filled);
    int painted = static_cast<int>(scene.first()); // pixels of densities must not be painted twice
    for (auto i = lane.atTime(scene.time(scene.first())); i < lane.size() && lane[i].begin < last;) {
        const auto count = lane.shortRun(i, shortest);
        if (count == 0) {
            painter.paint(lane[i], bright == i);
            ++i;
            continue;
        }
        const int from = std::max(painted, static_cast<int>(std::floor(scene.x(lane[i].begin))));
        const int to = static_cast<int>(std::ceil(std::min(scene.x(lane[i + count - 1].end), end)));
        if (to > from) {
            const bool many = count / static_cast<std::size_t>(to - from) > spansForGroups;
            paintDensity(scene, row, lane, {from, to, filled, many});
            painted = to;
        }
        i += count;
    }
    if (open && open->begin <= last + 1) {
        const bool now = open->event <= scene.input.playheadEvent && open->actor == scene.input.playhead.actor &&
                         scene.input.playhead.typeAndSequence != 0 && filled;
        auto span = *open;
        span.end = ~std::uint64_t{0};
        painter.paint(span, now);
    }
}

} // namespace lab
