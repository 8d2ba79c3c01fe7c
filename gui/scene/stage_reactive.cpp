// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

struct Loops {
    double width = 0;
    std::vector<double> centres;            ///< of the first threads
    std::vector<const ThreadState*> others; ///< that have no figure
};

bool hangs(const ThreadState& thread) { return thread.activity == Activity::InCall; }

QRectF dispatcherBox(const StageScene& scene) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double words = std::max(scene.canvas.width(Type::Bold, QStringLiteral("Initiation Dispatcher")),
                                  scene.canvas.width(Type::Small, QStringLiteral("dispatching 1 of 1000"))) +
                         20 * unit;
    const double wide = std::min(words, 0.46 * (at.right - at.left));
    return {at.left, at.threads - at.boxHeight / 2, wide, at.boxHeight};
}

Loops placeLoops(const StageScene& scene) {
    const auto& at = scene.at;
    Loops loops;
    const double unit = scene.unit();
    QString longest = QStringLiteral("event loop");
    for (const auto* thread : scene.threads) {
        const auto name = scene.nameOf(*thread);
        longest = name.size() > longest.size() ? name : longest;
    }
    const double left = dispatcherBox(scene).right() + 48 * unit;
    loops.width = std::min(figureWidth(scene, longest, QStringLiteral("handle_output #0000")), at.right - left);
    const double pitch = loops.width + 16 * unit;
    const auto room = std::max<std::size_t>(1, static_cast<std::size_t>((at.right - left + 16 * unit) / pitch));
    const auto shown = std::min(room, scene.threads.size());
    for (std::size_t i = 0; i < shown; ++i) {
        loops.centres.push_back(left + loops.width / 2 + static_cast<double>(i) * pitch);
    }
    loops.others.assign(scene.threads.begin() + static_cast<std::ptrdiff_t>(shown), scene.threads.end());
    return loops;
}

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
    const auto words = dispatches    ? QStringLiteral("dispatching 1 of %1").arg(waiting + 1)
                       : waiting > 0 ? QStringLiteral("%1 ready").arg(waiting)
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

Interest readiness(const StageScene& scene, std::uint32_t id) {
    if (id == 0) {
        return scene.state().acceptorReady;
    }
    const auto* connection = scene.connection(id);
    return connection ? connection->ready : Interest::None;
}

Work workFor(std::uint32_t id, Interest ready) {
    return id == 0 ? Work::Accept : ready == Interest::Write ? Work::Write : Work::Read;
}

/// The demultiplexer with its handle set, and what is ready in the order of dispatching.
/// What was reported ready, oldest first, as far as there is room.
void paintReady(StageScene& scene, QRectF rest) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const auto& state = scene.state();
    const double high = canvas.height(Type::Small) + 8 * unit;
    const double more = canvas.width(Type::SmallBold, QStringLiteral("+ 10,000 more"));
    std::size_t left = state.ready.size();
    for (const auto id : state.ready) {
        const auto ready = readiness(scene, id);
        const auto name =
            id == 0
                ? QStringLiteral("accept")
                : (ready == Interest::Write ? QStringLiteral("writable ") : QStringLiteral("readable ")) + number(id);
        const double wide = canvas.width(Type::SmallBold, name) + high * 0.8;
        if (rest.left() + wide + (left > 1 ? more + 8 * unit : 0) > rest.right()) {
            canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("+ %1 more").arg(countText(left)),
                        Type::SmallBold, scene.theme.textSoft);
            break;
        }
        const QRectF chip(rest.left(), rest.center().y() - high / 2, wide, high);
        paintToken(scene, chip, workFor(id, ready), name, -1,
                   scene.now.type == EventType::HandleReady && scene.now.connection == id, scene.isRelated(id));
        canvas.hit(chip, {Selection::Kind::Connection, id}, name);
        rest.setLeft(chip.right() + 7 * unit);
        --left;
    }
}

void paintBar(StageScene& scene) {
    auto& canvas = scene.canvas;
    const auto& bar = scene.at.engine;
    const double unit = scene.unit();
    const auto& state = scene.state();
    const bool waits =
        std::any_of(scene.threads.begin(), scene.threads.end(), [](auto* thread) { return hangs(*thread); });
    const bool now = scene.now.type == EventType::HandlerRegistered || scene.now.type == EventType::InterestChanged;
    canvas.pill(bar, scene.theme.box, scene.outline(now, false, scene.theme.of(Work::Read)),
                (waits ? 2.2 : 1.6) * unit);
    const auto kind = text(scene.input.glossary.info.demultiplexer);
    const auto words =
        QStringLiteral("%1  ·  handle set of %2")
            .arg(kind, countText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, state.handleSet))));
    QRectF rest = bar.adjusted(bar.height() * 0.45, 0, -bar.height() * 0.45, 0);
    const auto place = canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, words, Type::Bold, scene.theme.text);
    rest.setLeft(place.right() + 20 * unit);
    const auto label = state.ready.empty() ? QStringLiteral("none ready") : QStringLiteral("ready");
    const auto labelled = canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, label, Type::Small, scene.theme.textSoft);
    rest.setLeft(labelled.right() + 8 * unit);
    paintReady(scene, rest);
}

void paintHandleTies(StageScene& scene) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const auto tie = [&](std::uint32_t id) {
        const auto socket = scene.socketOf(id);
        const auto ready = readiness(scene, id);
        const bool registered = id == 0 ? scene.state().acceptorRegistered : scene.connection(id)->registered;
        if (!socket || !registered) {
            return;
        }
        const bool now = scene.now.type == EventType::HandleReady && scene.now.connection == id;
        const auto& colour = now                       ? scene.theme.now
                             : ready == Interest::None ? scene.theme.boxLine
                                                       : scene.theme.of(workFor(id, ready));
        canvas.line({socket->center().x(), socket->top()}, {socket->center().x(), at.engine.bottom()}, colour,
                    (now ? 2.6 : 1.8) * scene.unit());
    };
    tie(0);
    for (const auto& [id, column] : scene.columns) {
        tie(id);
    }
}

void paintLoops(StageScene& scene, const Loops& loops) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double half = at.boxHeight / 2;
    for (std::size_t i = 0; i < loops.centres.size(); ++i) {
        const auto& thread = *scene.threads[i];
        const double x = loops.centres[i];
        if (!hangs(thread)) {
            paintFigure(scene, {x, at.threads}, loops.width, thread);
            continue;
        }
        const bool now = scene.isNow(thread);
        const auto& colour = now ? scene.theme.now : scene.theme.of(thread.work);
        canvas.line({x, at.threads + half * 0.8}, {x, at.figures - half}, colour, (now ? 2.6 : 1.8) * scene.unit());
        canvas.line({x, at.figures + half}, {x, at.engine.top()}, colour, (now ? 2.6 : 1.8) * scene.unit());
        paintEmptyFigure(scene, {x, at.threads}, loops.width, thread);
        paintFigure(scene, {x, at.figures}, loops.width, thread);
    }
    if (!loops.others.empty() && !loops.centres.empty()) {
        const double left = loops.centres.back() + loops.width / 2 + 12 * scene.unit();
        paintThreadDots(scene, QRectF(left, at.threads - half, at.right - left, 2 * half), loops.others,
                        QStringLiteral("+ %1").arg(loops.others.size()));
    }
}

/// What the last event says, as arrows: dispatcher to loop to hook, or a call that does not block.
void paintArrows(StageScene& scene, const Loops& loops, const QRectF& dispatcher) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double width = 2.4 * unit;
    const auto found = std::find(scene.threads.begin(), scene.threads.end(), scene.now.thread);
    const auto index = static_cast<std::size_t>(found - scene.threads.begin());
    if (scene.now.thread == nullptr || index >= loops.centres.size()) {
        return;
    }
    const auto& thread = *scene.now.thread;
    const double x = loops.centres[index];
    const double top = at.threads - at.boxHeight / 2;
    const auto handler = scene.handlerUnder(thread);
    if (handler && scene.now.type == EventType::HookEntered) {
        const QPointF tip(x - loops.width / 2 - 1, at.threads);
        canvas.line({dispatcher.right(), at.threads}, tip - QPointF(6 * unit, 0), scene.theme.now, width);
        canvas.head(tip, {1, 0}, scene.theme.now, 10 * unit);
        canvas.arrow({x, top}, {handler->center().x(), handler->bottom()}, scene.theme.now, width);
    } else if (handler) {
        canvas.curve({x, top}, {handler->center().x(), handler->bottom()}, scene.theme.of(thread.work), 1.8 * unit);
    }
    const auto socket = scene.socketOf(scene.state().last.connection);
    if (scene.now.type == EventType::CallPerformed && socket) {
        canvas.arrow({x, at.threads + at.boxHeight / 2}, {socket->center().x(), socket->top()}, scene.theme.now, width,
                     true);
        const auto call = text(words(scene.state().last.kindAs<SystemCall>())) + QStringLiteral(", does not block");
        const double high = canvas.height(Type::SmallBold);
        const QRectF place(x + 12 * unit, at.floor + 8 * unit, at.right - x - 12 * unit, high);
        canvas.plate(place, Qt::AlignLeft | Qt::AlignVCenter, call, Type::SmallBold, scene.theme.nowText,
                     scene.theme.kernelSpace);
    }
}

std::vector<Flow> flowsOf(const StageScene& scene, const Loops& loops) {
    const auto& at = scene.at;
    const auto& rates = scene.input.rates;
    const double x = loops.centres.empty() ? at.stage.center().x() : loops.centres.front();
    const double aside = loops.width * 0.28;
    const double half = at.boxHeight / 2;
    // The words stand beside the figure that may hang there.
    const double apart = loops.width / 2 - aside + 8 * scene.unit();
    Flow hooks{{x, at.threads - half}, {x, at.handlers + half}, rates.hooks, QStringLiteral("hooks"), Work::Accept};
    Flow reads{
        {x - aside, at.engine.top()}, {x - aside, at.threads + half}, rates.reads, QStringLiteral("reads"), Work::Read};
    Flow writes{{x + aside, at.threads + half},
                {x + aside, at.engine.top()},
                rates.writes,
                QStringLiteral("writes"),
                Work::Write};
    for (auto* flow : {&reads, &writes}) {
        flow->top = at.floor + 2 * scene.unit();
        flow->bottom = at.engine.top() - 2 * scene.unit();
        flow->apart = apart;
    }
    reads.leftOf = true;
    return {hooks, reads, writes};
}

} // namespace

void paintReactive(StageScene& scene) {
    const auto loops = placeLoops(scene);
    const auto dispatcher = dispatcherBox(scene);
    paintHandleTies(scene);
    paintSockets(scene);
    paintHandlers(scene, QStringLiteral("Handler"), QStringLiteral("Acceptor"));
    if (scene.input.labels) {
        paintDispatcher(scene, dispatcher);
    }
    paintBar(scene);
    paintLoops(scene, loops);
    if (scene.input.flows) {
        paintFlows(scene, flowsOf(scene, loops));
    } else {
        paintArrows(scene, loops, dispatcher);
    }
}

} // namespace lab
