// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_loops.h"

#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab {

namespace {

using Threads = std::vector<const ThreadState*>;

/// The first `shown` have figures; whoever acts now is among them.
void showWhoActs(const StageScene& scene, Threads& threads, std::size_t shown) {
    const auto acts = std::find_if(threads.begin(), threads.end(), [&](auto* thread) { return scene.isNow(*thread); });
    const auto end = threads.begin() + static_cast<std::ptrdiff_t>(shown);
    if (acts != threads.end() && acts >= end && shown > 0) {
        std::iter_swap(acts, end - 1);
    }
}

/// For the words that say how many others there are, where not all have figures.
double roomForOthers(const StageScene& scene) {
    return scene.canvas.width(Type::SmallBold, QStringLiteral("+ 100")) + 28 * scene.unit();
}

/// As many figures from `left` on as fit up to `right`, beside a few words of the others; returns where they end.
double stand(const StageScene& scene, StageCast& cast, Threads threads, double left, double right) {
    const double gap = 16 * scene.unit();
    const auto fit = [&](double room) {
        return static_cast<std::size_t>(std::max(0.0, std::floor((room + gap + 0.5) / (cast.width + gap))));
    };
    auto shown = std::min(fit(right - left), threads.size());
    if (shown < threads.size()) {
        shown = std::max<std::size_t>(1, fit(right - left - roomForOthers(scene)));
    }
    showWhoActs(scene, threads, shown);
    for (std::size_t i = 0; i < shown; ++i) {
        cast.stands.push_back({threads[i], left + cast.width / 2});
        left += cast.width + gap;
    }
    cast.others.insert(cast.others.end(), threads.begin() + static_cast<std::ptrdiff_t>(shown), threads.end());
    return left;
}

/// "loop-2" before "loop-10".
bool isNamedBefore(const StageScene& scene, const ThreadState& one, const ThreadState& other) {
    const auto a = scene.nameOf(one);
    const auto b = scene.nameOf(other);
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

QRectF dispatcherBox(const StageScene& scene) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double words = std::max(scene.canvas.width(Type::Bold, QStringLiteral("Initiation Dispatcher")),
                                  scene.canvas.width(Type::Small, QStringLiteral("dispatching 1 of 1000"))) +
                         20 * unit;
    const double wide = std::min(words, 0.46 * (at.right - at.left));
    return {at.left, at.threads - at.boxHeight / 2, wide, at.boxHeight};
}

void findQueue(const StageScene& scene, StageCast& cast) {
    const auto& state = scene.state();
    const auto use = [&](const QueueState& queue, Queue kind) {
        cast.queued = &queue;
        cast.queueName = text(words(kind));
    };
    if (state.readyQueue.pushed > 0) {
        use(state.readyQueue, Queue::Ready);
    } else if (state.acceptQueue.pushed > 0) {
        use(state.acceptQueue, Queue::Accept);
    }
}

QRectF queueBox(const StageScene& scene, const StageCast& cast, double left) {
    const double wide = handOverWidth(scene, cast.queueName);
    return {left, scene.at.threads - scene.at.boxHeight / 2, wide, scene.at.boxHeight};
}

/// Takes from `width` what is lacking, down to `least`; returns what is lacking still.
double yieldRoom(double& width, double least, double lacking) {
    const double given = std::clamp(lacking, 0.0, std::max(0.0, width - least));
    width -= given;
    return lacking - given;
}

/// The dispatcher, who waits at the handle set, the queue, who takes from it: in a row, each smaller where room is
/// rare.
void placeAtQueue(const StageScene& scene, StageCast& cast, const Threads& loops, const Threads& helpers) {
    const auto& at = scene.at;
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    double gap = 16 * unit;
    double wide = handOverWidth(scene, cast.queueName);
    double dispatcher = cast.dispatcher.width();
    const double beside = helpers.size() > 1 ? roomForOthers(scene) : 0;
    double lacking = dispatcher + 2 * cast.width + wide + 6 * gap + beside - (at.right - at.left);
    const auto counted = cast.queueName + QStringLiteral("  00");
    lacking = yieldRoom(wide, canvas.width(Type::Bold, counted) + 26 * unit, lacking);
    lacking = yieldRoom(dispatcher, canvas.width(Type::Bold, QStringLiteral("Dispatcher")) + 18 * unit, lacking);
    double gaps = 6 * gap;
    lacking = yieldRoom(gaps, 18 * unit, lacking);
    gap = gaps / 6;
    double figures = 2 * cast.width;
    yieldRoom(figures, 120 * unit, lacking);
    cast.width = figures / 2;
    cast.dispatcher.setWidth(dispatcher);
    const double left = stand(scene, cast, loops, cast.dispatcher.right() + 2 * gap, at.right) - 16 * unit + 2 * gap;
    cast.queue = QRectF(left, at.threads - at.boxHeight / 2, wide, at.boxHeight);
    if (scene.state().returnQueue.pushed > 0) {
        const double high = canvas.height(Type::Small) + 6 * unit;
        cast.queueBack = QRectF(cast.queue.left(), cast.queue.bottom() + 3 * unit, cast.queue.width(), high);
    }
    stand(scene, cast, helpers, cast.queue.right() + 2 * gap, at.right);
}

/// One handle set for all: who waits at it, and who takes over from them.
void placeAtOne(const StageScene& scene, StageCast& cast, const Threads& loops, const Threads& helpers) {
    const auto& at = scene.at;
    cast.bars = {at.engine};
    cast.dispatcher = dispatcherBox(scene);
    if (cast.queued != nullptr) {
        placeAtQueue(scene, cast, loops, helpers);
        return;
    }
    // Arrows go from the dispatcher to the first.
    const double left = cast.dispatcher.right() + (helpers.empty() ? 48 : 30) * scene.unit();
    cast.width = std::min(cast.width, at.right - left);
    auto all = loops;
    all.insert(all.end(), helpers.begin(), helpers.end());
    stand(scene, cast, all, left, at.right);
}

/// Each loop stands above a handle set of its own.
void placeAtSeveral(const StageScene& scene, StageCast& cast, Threads loops, const Threads& helpers) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double gap = 16 * unit;
    double left = at.left;
    if (cast.queued == nullptr) { // loops that have not waited at their handle sets yet
        loops.insert(loops.end(), helpers.begin(), helpers.end());
        std::sort(loops.begin(), loops.end(),
                  [&](auto* one, auto* other) { return isNamedBefore(scene, *one, *other); });
    } else {
        left = stand(scene, cast, helpers, left, at.right);
        cast.queue = queueBox(scene, cast, left);
        left = cast.queue.right() + gap;
    }
    double room = at.right - left;
    const auto fit = [&] {
        return static_cast<std::size_t>(std::max(1.0, std::floor((room + gap) / (cast.width + gap))));
    };
    if (fit() < loops.size() || !cast.others.empty()) {
        room -= roomForOthers(scene);
    }
    const auto shown = std::min(fit(), loops.size());
    showWhoActs(scene, loops, shown);
    const double pitch = (room + gap) / static_cast<double>(shown);
    // The handle sets have the whole floor's width, but for who hangs above the listening socket.
    const double barGap = 10 * unit;
    const double barLeft = cast.queued != nullptr ? cast.queue.left() : at.engine.left();
    const double barPitch = (at.engine.right() - barLeft + barGap) / static_cast<double>(shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const double x = left + static_cast<double>(i) * pitch + (pitch - gap) / 2;
        cast.stands.push_back({loops[i], x});
        cast.owners.push_back(loops[i]->actor);
        cast.bars.emplace_back(barLeft + static_cast<double>(i) * barPitch, at.engine.top(), barPitch - barGap,
                               at.engine.height());
    }
    cast.others.insert(cast.others.end(), loops.begin() + static_cast<std::ptrdiff_t>(shown), loops.end());
}

/// Those of whom `isFirst` is true, and the others, both in the order of their names; and a figure's width for all.
template <typename Predicate>
std::pair<Threads, Threads> divideThreads(const StageScene& scene, StageCast& cast, Predicate isFirst) {
    Threads first;
    Threads others;
    QString longest = QStringLiteral("event loop");
    for (const auto* thread : scene.threads) {
        (isFirst(*thread) ? first : others).push_back(thread);
        const auto name = scene.nameOf(*thread);
        longest = name.size() > longest.size() ? name : longest;
    }
    cast.width = figureWidth(scene, longest, QStringLiteral("handle_output #0000"));
    const auto inOrder = [&](auto* one, auto* other) { return isNamedBefore(scene, *one, *other); };
    std::sort(first.begin(), first.end(), inOrder);
    std::sort(others.begin(), others.end(), inOrder);
    return {std::move(first), std::move(others)};
}

} // namespace

std::optional<QRectF> StageCast::barOf(std::uint16_t actor) const {
    if (!several()) {
        return bars.empty() ? std::nullopt : std::optional(bars.front());
    }
    const auto found = std::find(owners.begin(), owners.end(), actor);
    return found == owners.end() ? std::nullopt : std::optional(bars[static_cast<std::size_t>(found - owners.begin())]);
}

const LoopStand* StageCast::standOf(const ThreadState* thread) const {
    const auto found =
        std::find_if(stands.begin(), stands.end(), [&](const auto& one) { return one.thread == thread; });
    return found == stands.end() ? nullptr : &*found;
}

StageCast placeReactive(const StageScene& scene) {
    StageCast cast;
    findQueue(scene, cast);
    const auto [loops, helpers] = divideThreads(scene, cast, [](auto& thread) { return thread.demultiplexes; });
    const bool shared = scene.state().totals.promotions > 0;
    if (loops.size() > 1 && !shared) {
        placeAtSeveral(scene, cast, loops, helpers);
    } else {
        placeAtOne(scene, cast, loops, helpers);
    }
    return cast;
}

StageCast placeDispatchersAndPool(const StageScene& scene, const QRectF& dispatcher) {
    StageCast cast;
    cast.dispatcher = dispatcher;
    cast.queued = &scene.state().readyQueue;
    cast.queueName = text(words(Queue::Ready));
    const auto [dispatchers, pool] = divideThreads(scene, cast, [](auto& thread) { return thread.dispatches; });
    placeAtQueue(scene, cast, dispatchers, pool);
    return cast;
}

double handOverWidth(const StageScene& scene, const QString& name) {
    auto& canvas = scene.canvas;
    return std::max(canvas.width(Type::Bold, name),
                    canvas.width(Type::SmallBold, QStringLiteral("#000 #000 #000 + 10"))) +
           26 * scene.unit();
}

void paintHandOver(StageScene& scene, const QRectF& place, const QueueState& queue, const QString& name, bool now) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    canvas.box(place, scene.theme.box, scene.outline(now, false, scene.theme.text), (now ? 2.6 : 2.0) * unit,
               std::min(place.height() / 2, 14 * unit));
    QRectF inner = place.adjusted(11 * unit, 0, -9 * unit, 0);
    const auto title = queue.items.empty() ? name : QStringLiteral("%1  %2").arg(name, countText(queue.items.size()));
    const double first = canvas.height(Type::Bold);
    const double second = canvas.height(Type::Small);
    if (scene.at.twoLines) {
        const double top = place.center().y() - (first + second) / 2;
        canvas.text(QRectF(inner.left(), top, inner.width(), first), Qt::AlignLeft, title, Type::Bold,
                    scene.theme.text);
        inner = QRectF(inner.left(), top + first, inner.width(), second);
    } else if (queue.items.empty()) {
        canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter, name, Type::Bold, scene.theme.text);
        return;
    }
    if (queue.items.empty()) {
        canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter,
                    QStringLiteral("empty  ·  high-water %1").arg(countText(queue.highWater)), Type::Small,
                    scene.theme.textSoft);
    }
    const double more = canvas.width(Type::SmallBold, QStringLiteral("+ 100"));
    auto left = queue.items.size();
    for (const auto id : queue.items) {
        const auto words = number(id);
        const double wide = canvas.width(Type::SmallBold, words);
        if (inner.left() + wide + (left > 1 ? more + 6 * unit : 0) > inner.right()) {
            canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("+ %1").arg(countText(left)),
                        Type::SmallBold, scene.theme.textSoft);
            return;
        }
        const QRectF chip(inner.left(), inner.top(), wide, inner.height());
        canvas.text(chip, Qt::AlignLeft | Qt::AlignVCenter, words, Type::SmallBold,
                    scene.isRelated(id) ? scene.theme.nowText : scene.theme.text);
        canvas.hit(chip, {Selection::Kind::Connection, id}, QStringLiteral("%1 waits in the %2").arg(words, name));
        inner.setLeft(chip.right() + 7 * unit);
        --left;
    }
}

} // namespace lab
