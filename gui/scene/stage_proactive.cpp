// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/work_of.h"
#include "gui/model/number_text.h"
#include "gui/scene/stage_loops.h"
#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

namespace lab {

namespace {

struct Places {
    std::map<std::uint32_t, QRectF> tokens; ///< by operation
    std::map<std::uint32_t, QRectF> items;  ///< by operation, in the queue
    std::map<std::uint16_t, QPointF> threads;
    double figure = 0; ///< width
};

/// Name and depth, at the queue's left. Returns what is left of `inner` for the items.
QRectF paintQueueName(StageScene& scene, const QRectF& inner) {
    auto& canvas = scene.canvas;
    const auto& queue = scene.state().completionQueue;
    const auto name = QStringLiteral("completion queue");
    const double first = canvas.height(Type::Bold);
    const double second = canvas.height(Type::Small);
    double wide = canvas.width(Type::Bold, name);
    if (scene.at.twoLines) {
        wide = std::max(wide, canvas.width(Type::Small, QStringLiteral("1,000  ·  high-water 1,000")));
        const double top = inner.center().y() - (first + second) / 2;
        canvas.text(QRectF(inner.left(), top, wide, first), Qt::AlignLeft, name, Type::Bold, scene.theme.text);
        canvas.text(
            QRectF(inner.left(), top + first, wide, second), Qt::AlignLeft,
            QStringLiteral("%1  ·  high-water %2").arg(countText(queue.items.size()), countText(queue.highWater)),
            Type::Small, scene.theme.textSoft);
    } else {
        canvas.text(QRectF(inner.left(), inner.top(), wide, inner.height()), Qt::AlignLeft | Qt::AlignVCenter, name,
                    Type::Bold, scene.theme.text);
    }
    return inner.adjusted(wide + 14 * scene.unit(), 0, 0, 0);
}

/// One item with how long it has waited.
void paintQueueItem(StageScene& scene, Places& places, const QRectF& chip, const OperationState& operation) {
    paintOperation(scene, chip, operation);
    places.items[operation.id] = chip;
    if (scene.at.twoLines) {
        const auto now = scene.state().time;
        const auto waited = now - std::min(now, operation.completedAt);
        const double high = scene.canvas.height(Type::Small);
        scene.canvas.text(QRectF(chip.left(), chip.bottom(), chip.width(), high), Qt::AlignHCenter,
                          durationText(static_cast<double>(waited)), Type::Small, scene.theme.textSoft);
    }
}

void paintQueue(StageScene& scene, Places& places) {
    auto& canvas = scene.canvas;
    const auto& place = scene.at.queue;
    const auto& items = scene.state().completionQueue.items;
    const double unit = scene.unit();
    const bool now = (scene.now.type == EventType::QueuePushed || scene.now.type == EventType::QueuePopped) &&
                     scene.state().last.kindAs<Queue>() == Queue::Completion;
    canvas.box(place, scene.theme.box, scene.outline(now, false, scene.theme.text), (now ? 2.6 : 2.0) * unit,
               std::min(place.height() / 2, 24 * unit));
    auto inner = paintQueueName(scene, place.adjusted(place.height() * 0.36, 0, -place.height() * 0.36, 0));
    const double second = canvas.height(Type::Small);
    const double high = second + 8 * unit;
    const double more = canvas.width(Type::SmallBold, QStringLiteral("+ 10,000"));
    const double top = place.center().y() - (high + (scene.at.twoLines ? second : 0)) / 2;
    auto left = items.size();
    for (const auto id : items) {
        const auto* operation = scene.state().operations.get(id);
        const auto words = operation ? tokenWords(*operation) : QStringLiteral("operation");
        const double wide = canvas.width(Type::SmallBold, words) + high * 0.8;
        if (inner.left() + wide + (left > 1 ? more + 6 * unit : 0) > inner.right()) {
            canvas.text(QRectF(inner.left(), top, inner.width(), high), Qt::AlignLeft | Qt::AlignVCenter,
                        QStringLiteral("+ %1").arg(countText(left)), Type::SmallBold, scene.theme.textSoft);
            break;
        }
        const QRectF chip(inner.left(), top, wide, high);
        if (operation) {
            paintQueueItem(scene, places, chip, *operation);
        }
        inner.setLeft(chip.right() + 7 * unit);
        --left;
    }
}

QRectF completionDispatcherBox(const StageScene& scene) {
    const auto& at = scene.at;
    const double words = std::max(scene.canvas.width(Type::Bold, QStringLiteral("Completion Dispatcher")),
                                  scene.canvas.width(Type::Small, QStringLiteral("10,000 operations outstanding"))) +
                         20 * scene.unit();
    return {at.left, at.threads - at.boxHeight / 2, std::min(words, 0.4 * (at.right - at.left)), at.boxHeight};
}

void paintCompletionDispatcher(StageScene& scene, const QRectF& place) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    canvas.box(place, scene.theme.box, scene.theme.boxLine, 1.2 * unit, 6 * unit);
    const QRectF inner = place.adjusted(10 * unit, 0, -6 * unit, 0);
    const auto name = canvas.width(Type::Bold, QStringLiteral("Completion Dispatcher")) <= inner.width()
                          ? QStringLiteral("Completion Dispatcher")
                          : QStringLiteral("Dispatcher");
    const auto outstanding = scene.state().operations.size();
    const auto words = outstanding == 1 ? QStringLiteral("1 operation outstanding")
                                        : QStringLiteral("%1 operations outstanding").arg(countText(outstanding));
    if (!scene.at.twoLines || canvas.width(Type::Small, words) > inner.width()) {
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

/// The threads, with whoever acts now among the first `shown`: at the end of those, where it was not there anyway.
std::vector<const ThreadState*> dispatchersInOrder(const StageScene& scene, std::size_t shown) {
    std::vector<const ThreadState*> threads(scene.threads.begin(), scene.threads.end());
    const auto isNow = [&](const auto* thread) { return scene.isNow(*thread); };
    const auto found = std::find_if(threads.begin(), threads.end(), isNow);
    const auto last = threads.begin() + static_cast<std::ptrdiff_t>(shown) - 1;
    if (found != threads.end() && found > last) {
        std::iter_swap(found, last);
    }
    return threads;
}

/// From a dispatcher that waits to the completion queue.
void paintTieToQueue(StageScene& scene, double x, const ThreadState& thread) {
    const auto& at = scene.at;
    const double end = std::clamp(x, at.queue.left() + 30 * scene.unit(), at.queue.right() - 30 * scene.unit());
    scene.canvas.curve({x, at.threads + at.boxHeight / 2}, {end, at.queue.top()},
                       scene.isNow(thread) ? scene.theme.now : scene.theme.of(Work::Wait), 1.8 * scene.unit());
}

void paintDispatcherThreads(StageScene& scene, Places& places, double left) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    QString longest = QStringLiteral("dispatcher");
    for (const auto* thread : scene.threads) {
        const auto name = scene.nameOf(*thread);
        longest = name.size() > longest.size() ? name : longest;
    }
    const double gap = 14 * unit;
    places.figure = std::min(figureWidth(scene, longest, QStringLiteral("handle_accept #00")), at.right - left);
    auto room = static_cast<std::size_t>(std::floor((at.right - left + gap) / (places.figure + gap)));
    const bool all = scene.threads.size() <= room;
    const double more = all ? 0 : 90 * unit;
    room = all ? room
               : static_cast<std::size_t>(
                     std::max(1.0, std::floor((at.right - left - more + gap) / (places.figure + gap))));
    const auto shown = std::min(room, scene.threads.size());
    const double pitch = all && shown > 0 ? (at.right - left) / static_cast<double>(shown) : places.figure + gap;
    const auto threads = dispatchersInOrder(scene, shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& thread = *threads[i];
        const double x = all ? left + (static_cast<double>(i) + 0.5) * pitch
                             : left + places.figure / 2 + static_cast<double>(i) * pitch;
        places.threads[thread.actor] = {x, at.threads};
        if (hangs(thread)) {
            paintTieToQueue(scene, x, thread);
        }
        paintFigure(scene, {x, at.threads}, places.figure, thread);
    }
    if (!all) {
        const double x = left + static_cast<double>(shown) * pitch;
        paintThreadDots(scene, QRectF(x, at.threads - at.boxHeight / 2, at.right - x, at.boxHeight),
                        {threads.begin() + static_cast<std::ptrdiff_t>(shown), threads.end()},
                        QStringLiteral("+ %1").arg(threads.size() - shown));
    }
}

/// From each thread of a pool that has figures to the operation that it performs: beneath the queue.
void paintTiesOfPool(StageScene& scene, const Places& places, const StageCast& cast) {
    for (const auto& [thread, x] : cast.stands) {
        for (const auto& [id, token] : places.tokens) {
            const auto* operation = scene.state().operations.get(id);
            if (operation != nullptr && operation->performedBy == thread->actor) {
                scene.canvas.curve({x, scene.at.threads + scene.at.boxHeight / 2}, {token.center().x(), token.top()},
                                   scene.isNow(*thread) ? scene.theme.now : scene.theme.of(thread->work),
                                   1.8 * scene.unit());
            }
        }
    }
}

/// The dispatcher, the queue to the pool, and the pool.
void paintDispatchersAndPool(StageScene& scene, Places& places, const StageCast& cast) {
    const auto& at = scene.at;
    const bool moves = (scene.now.type == EventType::QueuePushed || scene.now.type == EventType::QueuePopped) &&
                       scene.state().last.kindAs<Queue>() == Queue::Ready;
    paintHandOver(scene, cast.queue, *cast.queued, cast.queueName, moves);
    places.figure = cast.width;
    for (const auto& [thread, x] : cast.stands) {
        places.threads[thread->actor] = {x, at.threads};
        if (!scene.isOfPool(*thread) && hangs(*thread)) {
            paintTieToQueue(scene, x, *thread);
        }
        paintFigure(scene, {x, at.threads}, cast.width, *thread);
    }
    if (!cast.others.empty() && !cast.stands.empty()) {
        const double left = cast.stands.back().x + cast.width / 2 + 12 * scene.unit();
        paintThreadDots(scene, QRectF(left, at.threads - at.boxHeight / 2, at.right - left, at.boxHeight), cast.others,
                        QStringLiteral("+ %1").arg(cast.others.size()));
    }
}

/// From threads to the hooks that they are in: bright for the one entered now.
void paintHookCurves(StageScene& scene, const Places& places) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    for (const auto* thread : scene.threads) {
        const auto place = places.threads.find(thread->actor);
        const auto handler = scene.handlerUnder(*thread);
        if (place == places.threads.end() || !handler) {
            continue;
        }
        const QPointF from = place->second - QPointF(0, scene.at.boxHeight / 2);
        const QPointF to(handler->center().x(), handler->bottom());
        if (scene.now.type == EventType::HookEntered && scene.isNow(*thread)) {
            canvas.arrow(from, to, scene.theme.now, 2.4 * unit);
        } else {
            canvas.curve(from, to, scene.theme.of(thread->work == Work::None ? Work::Wait : thread->work), 1.8 * unit);
        }
    }
}

/// A bright arrow for what the last event says.
void paintNowArrow(StageScene& scene, const Places& places) {
    using enum EventType;
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const auto& now = scene.now;
    const double width = 2.4 * scene.unit();
    const double half = at.boxHeight / 2;
    const auto token = places.tokens.find(now.operation);
    const auto item = places.items.find(now.operation);
    const auto thread = now.thread ? places.threads.find(now.thread->actor) : places.threads.end();
    const bool isOfOtherQueue =
        (now.type == QueuePushed || now.type == QueuePopped) && scene.state().last.kindAs<Queue>() != Queue::Completion;
    if (now.type == OperationInitiated && token != places.tokens.end()) {
        const auto from = thread != places.threads.end() ? thread->second + QPointF(0, half)
                                                         : QPointF(token->second.center().x(), at.floor);
        canvas.arrow(from, {token->second.center().x(), token->second.top()}, scene.theme.now, width);
    } else if (isOfOtherQueue) {
        return; // between operations that all are below, or between threads
    } else if (now.type == OperationCompleted || now.type == QueuePushed) {
        const auto socket = scene.columnOf(now.connection);
        const double to = item != places.items.end() ? item->second.center().x() : at.queue.right() - 40 * scene.unit();
        const double y = item != places.items.end() && !at.twoLines ? item->second.bottom() : at.queue.bottom();
        canvas.arrow({socket.value_or(to), at.engine.top()}, {to, y}, scene.theme.now, width);
    } else if (now.type == QueuePopped && thread != places.threads.end()) {
        const double edge = 40 * scene.unit();
        const double x = std::clamp(thread->second.x(), at.queue.left() + edge, at.queue.right() - edge);
        canvas.arrow({x, at.queue.top()}, thread->second + QPointF(0, half), scene.theme.now, width);
    }
}

} // namespace

void paintProactive(StageScene& scene) {
    Places places;
    auto dispatcher = completionDispatcherBox(scene);
    if (!scene.input.labels) {
        dispatcher.setWidth(0);
    }
    std::optional<StageCast> cast;
    if (scene.hasPool()) {
        cast = placeDispatchersAndPool(scene, dispatcher);
        dispatcher = cast->dispatcher;
    }
    places.tokens = paintProcessor(scene);
    paintSockets(scene);
    paintHandlers(scene, QStringLiteral("Handler"), QStringLiteral("Acceptor"));
    if (scene.input.labels) {
        paintCompletionDispatcher(scene, dispatcher);
    }
    if (cast) {
        paintTiesOfPool(scene, places, *cast);
    }
    paintQueue(scene, places);
    if (cast) {
        paintDispatchersAndPool(scene, places, *cast);
    } else {
        paintDispatcherThreads(scene, places,
                               scene.input.labels ? dispatcher.right() + 24 * scene.unit() : scene.at.left);
    }
    if (scene.input.flows) {
        const auto first = cast && !cast->stands.empty() ? std::optional(cast->stands.front().x) : std::nullopt;
        paintFlows(scene, proactiveFlows(scene, first));
    } else {
        paintHookCurves(scene, places);
        paintNowArrow(scene, places);
    }
}

} // namespace lab
