// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/work_of.h"
#include "gui/model/number_text.h"
#include "gui/scene/stage_loops.h"
#include "gui/scene/stage_parts.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <optional>

namespace lab {

namespace {

void paintDispatcher(StageScene& scene, const QRectF& place) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const auto& state = scene.state();
    const bool dispatches = std::any_of(scene.threads.begin(), scene.threads.end(),
                                        [](auto* thread) { return thread->hook != Hook::None; });
    const bool now = scene.now.type == EventType::HookEntered || scene.now.type == EventType::HandleReady;
    canvas.box(place, scene.theme.box, scene.outline(now, false, scene.theme.boxLine), scene.outlineWidth(now, false),
               6 * unit);
    const QRectF inner = place.adjusted(10 * unit, 0, -6 * unit, 0);
    const auto name = canvas.width(Type::Bold, QStringLiteral("Initiation Dispatcher")) <= inner.width()
                          ? QStringLiteral("Initiation Dispatcher")
                          : QStringLiteral("Dispatcher");
    const auto waiting = state.ready.size();
    const auto* leader = state.threads.get(state.leader);
    const auto words = leader != nullptr ? QStringLiteral("led by %1").arg(scene.nameOf(*leader))
                       : dispatches      ? QStringLiteral("dispatching 1 of %1").arg(waiting + 1)
                       : waiting > 0     ? QStringLiteral("%1 ready").arg(waiting)
                                         : QStringLiteral("nothing to dispatch");
    if (!scene.at.twoLines) {
        canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter, name, Type::Bold, scene.theme.text);
        return;
    }
    const double first = canvas.height(Type::Bold);
    const double second = canvas.height(Type::Small);
    const double top = place.center().y() - (first + second) / 2;
    canvas.text(QRectF(inner.left(), top, inner.width(), first), Qt::AlignLeft, name, Type::Bold, scene.theme.text);
    canvas.text(QRectF(inner.left(), top + first, inner.width(), second), Qt::AlignLeft, words, Type::Small,
                scene.theme.textSoft);
}

/// Where a thread that hangs in the kernel is tied to: the handle set, or the socket that it accepts from or waits for.
void paintHanging(StageScene& scene, const StageCast& cast, const LoopStand& one) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double half = at.boxHeight / 2;
    const bool now = scene.isNow(*one.thread);
    const auto& colour = now ? scene.theme.now : scene.theme.of(one.thread->work);
    const double width = (now ? 2.6 : 1.8) * scene.unit();
    canvas.line({one.x, at.threads + half * 0.8}, {one.x, at.figures - half}, colour, width);
    if (isDemultiplexing(one.thread->call)) {
        if (const auto bar = cast.barOf(one.thread->actor)) {
            const double end = std::clamp(one.x, bar->left() + bar->height() / 2, bar->right() - bar->height() / 2);
            canvas.curve({one.x, at.figures + half}, {end, bar->top()}, colour, width);
        }
    } else if (const auto socket = scene.socketOf(one.thread->connection);
               socket && one.thread->call != SystemCall::QueueWait) {
        canvas.curve({one.x, at.figures + half}, {socket->center().x(), socket->top()}, colour, width);
    }
    paintEmptyFigure(scene, {one.x, at.threads}, cast.width, *one.thread);
    paintFigure(scene, {one.x, at.figures}, cast.width, *one.thread);
}

void paintThreads(StageScene& scene, const StageCast& cast) {
    const auto& at = scene.at;
    for (const auto& one : cast.stands) {
        if (hangs(*one.thread)) {
            paintHanging(scene, cast, one);
        } else {
            paintFigure(scene, {one.x, at.threads}, cast.width, *one.thread);
        }
    }
    if (!cast.others.empty() && !cast.stands.empty()) {
        const double left = cast.stands.back().x + cast.width / 2 + 12 * scene.unit();
        paintThreadDots(scene, QRectF(left, at.threads - at.boxHeight / 2, at.right - left, at.boxHeight), cast.others,
                        QStringLiteral("+ %1").arg(cast.others.size()));
    }
}

void paintQueues(StageScene& scene, const StageCast& cast) {
    if (cast.queued == nullptr) {
        return;
    }
    const auto type = scene.now.type;
    const bool moves =
        type == EventType::QueuePushed || type == EventType::QueuePopped || type == EventType::RequestRejected;
    const bool back = moves && scene.state().last.kindAs<Queue>() == Queue::Returned;
    paintHandOver(scene, cast.queue, *cast.queued, cast.queueName, moves && !back);
    if (!cast.queueBack.isEmpty()) {
        const auto count = scene.state().returnQueue.items.size();
        const auto words = count == 0 ? QStringLiteral("none going back") : QStringLiteral("%1 going back").arg(count);
        auto place = cast.queueBack;
        place.setWidth(std::min(place.width(), scene.canvas.width(Type::Small, words) + 20 * scene.unit()));
        place.moveCenter(cast.queueBack.center());
        scene.canvas.pill(place, scene.theme.box, scene.outline(back, false, scene.theme.textSoft), 1.4 * scene.unit());
        scene.canvas.text(place, Qt::AlignCenter, words, Type::Small,
                          back ? scene.theme.nowText : scene.theme.textSoft);
    }
}

/// Beside the arrow of a call that does not block, where none of the threads that hang stands: in one line or in two, to
/// the right or to the left. Where there is no room, the sentence below the stage says it.
void tellOfCall(StageScene& scene, const StageCast& cast, double x, const QString& call) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double apart = 12 * scene.unit();
    const double high = canvas.height(Type::SmallBold);
    const QStringList two{call + QLatin1Char(','), QStringLiteral("does not block")};
    const QStringList one{two.join(QLatin1Char(' '))};
    double left = at.stage.left();
    double right = at.right;
    for (const auto& stand : cast.stands) {
        if (hangs(*stand.thread) && stand.x > x) {
            right = std::min(right, stand.x - cast.width / 2);
        } else if (hangs(*stand.thread) && stand.x < x) {
            left = std::max(left, stand.x + cast.width / 2);
        }
    }
    const auto widthOf = [&](const QStringList& lines) {
        double most = 0;
        for (const auto& line : lines) {
            most = std::max(most, canvas.width(Type::SmallBold, line) + scene.unit());
        }
        return most;
    };
    const auto tell = [&](const QStringList& lines, bool toTheLeft) {
        const double wide = widthOf(lines);
        QRectF place(toTheLeft ? x - apart - wide : x + apart, at.floor + 8 * scene.unit(), wide, high);
        for (const auto& line : lines) {
            canvas.plate(place, (toTheLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, line, Type::SmallBold,
                         scene.theme.nowText, scene.theme.kernelSpace);
            place.translate(0, high);
        }
    };
    for (const auto& lines : {one, two, QStringList{call}}) {
        for (const bool toTheLeft : {false, true}) {
            if (widthOf(lines) + apart <= (toTheLeft ? x - left : right - x)) {
                return tell(lines, toTheLeft);
            }
        }
    }
}

/// What the last event says, as arrows: dispatcher to loop to hook, or a call that does not block.
void paintArrows(StageScene& scene, const StageCast& cast) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double width = 2.4 * unit;
    const auto* stand = scene.now.thread != nullptr ? cast.standOf(scene.now.thread) : nullptr;
    if (stand == nullptr) {
        return;
    }
    const auto& thread = *scene.now.thread;
    const double x = stand->x;
    const double top = at.threads - at.boxHeight / 2;
    const auto handler = scene.handlerUnder(thread);
    if (handler && scene.now.type == EventType::HookEntered) {
        if (stand == &cast.stands.front() && !cast.several()) {
            const QPointF tip(x - cast.width / 2 - 1, at.threads);
            canvas.line({cast.dispatcher.right(), at.threads}, tip - QPointF(6 * unit, 0), scene.theme.now, width);
            canvas.head(tip, {1, 0}, scene.theme.now, 10 * unit);
        }
        canvas.arrow({x, top}, {handler->center().x(), handler->bottom()}, scene.theme.now, width);
    } else if (handler) {
        canvas.curve({x, top}, {handler->center().x(), handler->bottom()}, scene.theme.of(thread.work), 1.8 * unit);
    }
    const auto socket = scene.socketOf(scene.state().last.connection);
    if (scene.now.type == EventType::CallPerformed && socket) {
        canvas.arrow({x, at.threads + at.boxHeight / 2}, {socket->center().x(), socket->top()}, scene.theme.now, width,
                     true);
        tellOfCall(scene, cast, x, text(words(scene.state().last.kindAs<SystemCall>())));
    }
}

/// Where the streams of a reactive server pass, beside the figures and never over what may hang there.
class StreamPlaces {
public:
    StreamPlaces(const StageScene& scene, const StageCast& cast)
        : m_scene(scene)
        , m_cast(cast)
        , m_side(cast.width / 2)
        , m_first(cast.several() ? cast.stands.size() - cast.owners.size() : 0)
        , m_x(cast.stands.empty() ? scene.at.stage.center().x() : cast.stands[m_first].x) {}

    double x() const { return m_x; } ///< of the first loop

    /// Round the corners of the first loop's figure, the words beside. False: its neighbours leave no room for them.
    bool passRoundFirst(Flow& reads, Flow& writes) const {
        const auto& at = m_scene.at;
        const double unit = m_scene.unit();
        const double figureLeft = m_x - m_side;
        const double figureRight = m_x + m_side;
        const double before = m_first > 0        ? m_cast.queue.right()
                              : m_cast.several() ? at.stage.left()
                                                 : m_cast.dispatcher.right();
        const double after = startOf(m_first + 1).value_or(at.stage.right());
        const double upAt = figureLeft - std::min(22 * unit, (figureLeft - before) / 2);
        const double downAt = figureRight + std::min(22 * unit, (after - figureRight) / 2);
        const double line = m_scene.canvas.height(Type::SmallBold);
        const double top = at.engine.top() - line - 4 * unit; // below what goes back to the loop
        reads.words = QRectF(at.stage.left(), top, upAt - 16 * unit - at.stage.left(), line);
        reads.leftOf = true;
        writes.words = QRectF(downAt + 16 * unit, top, after - downAt - 16 * unit, line);
        if (figureLeft - upAt < 12 * unit || widthOfWords(m_scene, reads) > reads.words.width() ||
            widthOfWords(m_scene, writes) > writes.words.width()) {
            return false;
        }
        reads.from = {upAt, at.engine.top()};
        reads.to = {figureLeft, at.threads};
        reads.bend = Flow::Bend::Arrives;
        writes.from = {figureRight, at.threads};
        writes.to = {downAt, at.engine.top()};
        writes.bend = Flow::Bend::Leaves;
        return true;
    }

    /// Straight between the figures, the words on the floor.
    void passBetween(Flow& reads, Flow& writes) const {
        const auto& at = m_scene.at;
        const double up = at.figures - at.boxHeight / 2;
        const double down = at.engine.top();
        reads.from = {gapBehind(m_first), down};
        reads.to = {gapBehind(m_first), up};
        writes.from = {gapBehind(m_first + 1), up};
        writes.to = {gapBehind(m_first + 1), down};
        const double top = at.threads + at.boxHeight / 2;
        for (auto* flow : {&reads, &writes}) {
            const double wide = widthOfWords(m_scene, *flow);
            flow->words = QRectF(std::min(flow->from.x() - wide / 2, at.stage.right() - wide), top, wide, up - top);
        }
    }

private:
    /// The left end of a figure, where there is one.
    std::optional<double> startOf(std::size_t index) const {
        return index < m_cast.stands.size() ? std::optional(m_cast.stands[index].x - m_side) : std::nullopt;
    }

    /// The middle of the gap behind a figure; without figures, as if they stood there.
    double gapBehind(std::size_t index) const {
        const double gap = 24 * m_scene.unit();
        const auto next = startOf(index + 1);
        const double x = index < m_cast.stands.size()
                             ? m_cast.stands[index].x
                             : m_x + static_cast<double>(index - m_first) * (m_cast.width + gap);
        const double end = x + m_side;
        return std::min((end + next.value_or(end + gap)) / 2, m_scene.at.stage.right() - 8 * m_scene.unit());
    }

    const StageScene& m_scene;
    const StageCast& m_cast;
    const double m_side;       ///< half a figure
    const std::size_t m_first; ///< who hands over to several loops stands before them
    const double m_x;
};

std::vector<Flow> flowsOf(const StageScene& scene, const StageCast& cast) {
    const auto& at = scene.at;
    const auto& rates = scene.input.rates;
    const double half = at.boxHeight / 2;
    const StreamPlaces places(scene, cast);
    Flow hooks{{places.x(), at.threads - half},
               {places.x(), at.handlers + half},
               rates.hooks,
               QStringLiteral("hooks"),
               Work::Accept};
    Flow reads{{}, {}, rates.reads, QStringLiteral("reads"), Work::Read};
    Flow writes{{}, {}, rates.writes, QStringLiteral("writes"), Work::Write};
    if (!places.passRoundFirst(reads, writes)) {
        places.passBetween(reads, writes);
    }
    return {hooks, reads, writes};
}

} // namespace

void paintReactive(StageScene& scene) {
    const auto cast = placeReactive(scene);
    paintHandleTies(scene, cast);
    paintSockets(scene);
    paintHandlers(scene, QStringLiteral("Handler"), QStringLiteral("Acceptor"));
    if (scene.input.labels && !cast.several()) {
        paintDispatcher(scene, cast.dispatcher);
    }
    if (!cast.several()) {
        paintHandleSet(scene, cast.bars.front(), std::nullopt);
    }
    for (std::size_t i = 0; i < cast.owners.size(); ++i) {
        paintHandleSet(scene, cast.bars[i], cast.owners[i]);
    }
    paintQueues(scene, cast);
    paintThreads(scene, cast);
    std::vector<double> lines;
    for (const auto& stand : cast.stands) {
        lines.push_back(stand.x);
    }
    paintCrossing(scene, lines);
    if (scene.input.flows) {
        paintFlows(scene, flowsOf(scene, cast));
    } else {
        paintArrows(scene, cast);
    }
}

} // namespace lab
