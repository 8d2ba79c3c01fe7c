// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_loops.h"
#include "gui/scene/stage_parts.h"
#include "gui/scene/stage_slots.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// A thread that is shown as a figure, in one place upstairs and in the kernel.
struct Stand {
    const ThreadState* thread;
    double x;
};

struct Cast {
    std::vector<Stand> stands;
    double width = 0;
    std::vector<const ThreadState*> others; ///< neither figures nor in the grid
    QRectF queue;                           ///< between who accepts and who serves; empty where there is none
};

/// Who puts connections into the queue, where there is one.
bool isAcceptor(const StageScene& scene, const ThreadState& thread) {
    return scene.input.glossary.name(thread.name) == "acceptor";
}

QString queueName() { return text(words(Queue::Accept)); }

/// The more of this, the rather a figure.
int importance(const StageScene& scene, const ThreadState& thread) {
    if (scene.isNow(thread)) {
        return 4;
    }
    if (scene.isSelected(Selection::Kind::Thread, thread.actor)) {
        return 3;
    }
    return scene.columns.contains(thread.connection) ? 2 : thread.activity == Activity::Running ? 1 : 0;
}

Cast chooseCast(const StageScene& scene) {
    const auto& at = scene.at;
    Cast cast;
    cast.width = at.columnWidth;
    const double gap = 8 * scene.unit();
    std::vector<const ThreadState*> candidates;
    double left = at.left;
    const ThreadState* acceptor = nullptr;
    if (scene.state().acceptQueue.pushed > 0) {
        const auto found = std::find_if(scene.threads.begin(), scene.threads.end(),
                                        [&](const auto* thread) { return isAcceptor(scene, *thread); });
        acceptor = found != scene.threads.end() ? *found : nullptr;
        const double start = at.left + cast.width + 2 * gap;
        cast.queue = QRectF(start, at.threads - at.boxHeight / 2, handOverWidth(scene, queueName()), at.boxHeight);
        left = cast.queue.right() + 2 * gap;
        if (acceptor != nullptr) {
            cast.stands.push_back({acceptor, at.left + cast.width / 2});
        }
    }
    for (const auto* thread : scene.threads) {
        if (thread == acceptor) {
            continue;
        }
        const bool inGrid = thread->connection != 0 && !scene.columns.contains(thread->connection) && scene.at.crowd;
        if (!inGrid || scene.isNow(*thread)) {
            candidates.push_back(thread);
        }
    }
    auto room = static_cast<std::size_t>(std::max(1.0, std::floor((at.right - left + gap) / (cast.width + gap))));
    if (candidates.size() > room) {
        --room; // its place says how many more there are
        std::stable_sort(candidates.begin(), candidates.end(),
                         [&](auto* a, auto* b) { return importance(scene, *a) > importance(scene, *b); });
        cast.others.assign(candidates.begin() + static_cast<std::ptrdiff_t>(room), candidates.end());
        candidates.resize(room);
        std::sort(candidates.begin(), candidates.end(), [](auto* a, auto* b) { return a->actor < b->actor; });
    }
    std::vector<double> wishes;
    for (const auto* thread : candidates) {
        const auto x = thread->connection != 0 ? scene.columnOf(thread->connection) : std::nullopt;
        wishes.push_back(x.value_or(at.listening));
    }
    const double right = cast.others.empty() ? at.right : at.right - cast.width - gap;
    const auto places = spread(wishes, cast.width, gap, left, right);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        cast.stands.push_back({candidates[i], places[i]});
    }
    return cast;
}

void paintTies(StageScene& scene, const Cast& cast) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double half = at.boxHeight / 2;
    for (const auto& [thread, x] : cast.stands) {
        const bool now = scene.isNow(*thread);
        const auto& colour = scene.theme.of(thread->work == Work::None ? Work::Wait : thread->work);
        const auto line = now ? scene.theme.now : colour;
        const double width = (now ? 2.6 : 1.8) * scene.unit();
        if (const auto handler = thread->connection != 0 ? scene.handlerOf(thread->connection) : std::nullopt) {
            canvas.curve({handler->center().x(), handler->bottom()},
                         {x, at.threads - half * (hangs(*thread) ? 0.8 : 1)}, now ? line : scene.theme.boxLine, width);
        }
        if (!hangs(*thread)) {
            continue;
        }
        canvas.line({x, at.threads + half * 0.8}, {x, at.figures - half}, line, width);
        const bool waitsForWork = thread->call == SystemCall::QueueWait || thread->call == SystemCall::WaitForProcess;
        const auto target = waitsForWork ? std::nullopt : scene.socketOf(thread->connection);
        if (target) {
            canvas.curve({x, at.figures + half}, {target->center().x(), target->top()}, line, width);
        }
    }
}

/// The recv or send that the last event tells of, where it did not block.
void paintCall(StageScene& scene, const Cast& cast) {
    const auto& event = scene.state().last;
    if (scene.now.type != EventType::CallPerformed || !scene.now.thread || event.connection == 0) {
        return;
    }
    const auto stand = std::find_if(cast.stands.begin(), cast.stands.end(),
                                    [&](const Stand& one) { return one.thread == scene.now.thread; });
    const auto socket = scene.socketOf(event.connection);
    if (stand != cast.stands.end() && socket) {
        scene.canvas.arrow({stand->x, scene.at.threads + scene.at.boxHeight / 2}, {socket->center().x(), socket->top()},
                           scene.theme.now, 2.4 * scene.unit(), true);
    }
}

std::vector<Flow> flowsOf(const StageScene& scene) {
    const auto& at = scene.at;
    const auto& rates = scene.input.rates;
    const double wide = at.right - at.left;
    const double half = at.boxHeight / 2;
    const double up = at.threads + half;
    const double down = at.sockets - half;
    // Between the floor and those that hang in the kernel there is always room for the words.
    const double top = at.floor + 2 * scene.unit();
    const double bottom = at.figures - half;
    const auto flow = [&](double x, double from, double to, double rate, const QString& what, Work work) {
        return Flow{{x, from}, {x, to}, rate, what, work, top, bottom};
    };
    // Between two columns, so that streams do not run over figures.
    const auto gap = [&](double share) {
        const double column = std::round((at.left + share * wide - at.listening) / at.pitch - 0.5);
        return std::min(at.listening + (column + 0.5) * at.pitch, at.right);
    };
    return {
        flow(at.listening + at.columnWidth * 0.25, down, up, rates.accepts, QStringLiteral("accepts"), Work::Accept),
        flow(gap(0.42), down, up, rates.reads, QStringLiteral("reads"), Work::Read),
        flow(gap(0.72), up, down, rates.writes, QStringLiteral("writes"), Work::Write)};
}

} // namespace

void paintSynchronous(StageScene& scene) {
    const auto cast = chooseCast(scene);
    const auto& at = scene.at;
    paintTies(scene, cast);
    paintSockets(scene);
    paintHandlers(scene, QStringLiteral("HTTP Handler"), {});
    for (const auto& [thread, x] : cast.stands) {
        if (hangs(*thread)) {
            paintEmptyFigure(scene, {x, at.threads}, cast.width, *thread);
            paintFigure(scene, {x, at.figures}, cast.width, *thread);
        } else {
            paintFigure(scene, {x, at.threads}, cast.width, *thread);
        }
    }
    if (!cast.others.empty()) {
        const auto inKernel = static_cast<std::size_t>(
            std::count_if(cast.others.begin(), cast.others.end(), [](auto* thread) { return hangs(*thread); }));
        const auto place = [&](double y) {
            return QRectF(at.right - cast.width, y - at.boxHeight / 2, cast.width, at.boxHeight);
        };
        if (inKernel > 0) {
            scene.canvas.text(place(at.figures), Qt::AlignRight | Qt::AlignVCenter,
                              QStringLiteral("+ %1 hang here").arg(countText(inKernel)), Type::SmallBold,
                              scene.theme.textSoft);
        }
        if (inKernel < cast.others.size()) {
            scene.canvas.text(place(at.threads), Qt::AlignRight | Qt::AlignVCenter,
                              QStringLiteral("+ %1 run").arg(countText(cast.others.size() - inKernel)), Type::SmallBold,
                              scene.theme.textSoft);
        }
    }
    if (!cast.queue.isEmpty()) {
        const auto type = scene.now.type;
        const bool now = type == EventType::QueuePushed || type == EventType::QueuePopped;
        paintHandOver(scene, cast.queue, scene.state().acceptQueue, queueName(), now);
    }
    paintCall(scene, cast);
    if (scene.input.flows) {
        paintFlows(scene, flowsOf(scene));
    }
}

} // namespace lab
