// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/number_text.h"
#include "gui/scene/stage_loops.h"
#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <optional>

namespace lab {

namespace {

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

/// Something that was reported ready and not dispatched yet.
struct Ready {
    std::uint32_t id; ///< connection; 0: the listening socket
    Interest what;
};

/// What the loop of `owner` was told is ready, oldest first; of all loops where they share one handle set.
std::vector<Ready> readyOf(const StageScene& scene, std::optional<std::uint16_t> owner) {
    std::vector<Ready> found;
    bool acceptor = false;
    for (const auto id : scene.state().ready) {
        if (id != 0) {
            const auto* connection = scene.connection(id);
            if (!owner || (connection != nullptr && connection->readyBy == *owner)) {
                found.push_back({id, readiness(scene, id)});
            }
            continue;
        }
        // Each loop that was told of the listening socket has one entry.
        const auto& told = scene.state().acceptorsReady;
        const bool its = !owner || std::find(told.begin(), told.end(), *owner) != told.end();
        if (its && (!owner || !acceptor)) {
            found.push_back({0, readiness(scene, 0)});
            acceptor = true;
        }
    }
    return found;
}

void paintReady(StageScene& scene, QRectF rest, const std::vector<Ready>& all) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const double high = canvas.height(Type::Small) + 8 * unit;
    const double more = canvas.width(Type::SmallBold, QStringLiteral("+ 10,000"));
    std::size_t left = all.size();
    for (const auto& [id, ready] : all) {
        const auto name =
            id == 0
                ? QStringLiteral("accept")
                : (ready == Interest::Write ? QStringLiteral("writable ") : QStringLiteral("readable ")) + number(id);
        const double wide = canvas.width(Type::SmallBold, name) + high * 0.8;
        if (rest.left() + wide + (left > 1 ? more + 8 * unit : 0) > rest.right()) {
            const auto words = QStringLiteral("+ %1").arg(countText(left));
            if (canvas.width(Type::SmallBold, words) <= rest.width()) {
                canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, words, Type::SmallBold, scene.theme.textSoft);
            }
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

/// How many handles are in the set of `owner`'s loop; of all where they share one.
std::uint64_t handlesOf(const StageScene& scene, std::optional<std::uint16_t> owner) {
    const auto& state = scene.state();
    if (!owner) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, state.handleSet));
    }
    auto count = std::count(state.acceptorHeldBy.begin(), state.acceptorHeldBy.end(), *owner);
    for (const auto& [id, connection] : state.connections) {
        count += connection.registered && connection.registeredBy == *owner ? 1 : 0;
    }
    return static_cast<std::uint64_t>(count);
}

/// From a socket to the handle set that it is in: straight up where there is one for all.
void paintTie(StageScene& scene, std::uint32_t id, const QRectF& bar) {
    const auto socket = scene.socketOf(id);
    if (!socket) {
        return;
    }
    const double unit = scene.unit();
    const auto ready = readiness(scene, id);
    const bool now = scene.now.type == EventType::HandleReady && scene.now.connection == id;
    const auto& colour = now                       ? scene.theme.now
                         : ready == Interest::None ? scene.theme.boxLine
                                                   : scene.theme.of(workFor(id, ready));
    const double x = socket->center().x();
    const double end = std::clamp(x, bar.left() + bar.height() / 2, bar.right() - bar.height() / 2);
    scene.canvas.curve({x, socket->top()}, {end, bar.bottom()}, colour, (now ? 2.6 : 1.8) * unit);
}

} // namespace

void paintHandleSet(StageScene& scene, const QRectF& bar, std::optional<std::uint16_t> owner) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const bool waits = std::any_of(scene.threads.begin(), scene.threads.end(), [&](auto* thread) {
        return thread->activity == Activity::InCall && thread->demultiplexes && (!owner || thread->actor == *owner);
    });
    const bool changes = scene.now.type == EventType::HandlerRegistered || scene.now.type == EventType::InterestChanged;
    const bool now = changes && (!owner || scene.state().last.actor == *owner);
    canvas.pill(bar, scene.theme.box, scene.outline(now, false, scene.theme.of(Work::Read)),
                (waits ? 2.2 : 1.6) * unit);
    const auto kind = text(demultiplexerAt(scene.state(), scene.input.glossary));
    const auto count = countText(handlesOf(scene, owner));
    QRectF rest = bar.adjusted(bar.height() * 0.45, 0, -bar.height() * 0.45, 0);
    auto words = QStringLiteral("%1  ·  handle set of %2").arg(kind, count);
    const auto all = readyOf(scene, owner);
    const double chip = all.empty() ? 0 : canvas.width(Type::SmallBold, QStringLiteral("writable #000")) + 40 * unit;
    if (canvas.width(Type::Bold, words) + chip > rest.width()) {
        words = QStringLiteral("%1  ·  %2").arg(kind, count);
    }
    const auto place = canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, words, Type::Bold, scene.theme.text);
    rest.setLeft(place.right() + 20 * unit);
    const auto label = all.empty() ? QStringLiteral("none ready") : QStringLiteral("ready");
    if (!owner || canvas.width(Type::Small, label) + chip < rest.width()) {
        const auto labelled =
            canvas.text(rest, Qt::AlignLeft | Qt::AlignVCenter, label, Type::Small, scene.theme.textSoft);
        rest.setLeft(labelled.right() + 8 * unit);
    }
    paintReady(scene, rest, all);
}

void paintHandleTies(StageScene& scene, const StageCast& cast) {
    const auto& state = scene.state();
    for (const auto holder : state.acceptorHeldBy) {
        if (const auto bar = cast.barOf(holder)) {
            paintTie(scene, 0, *bar);
        }
    }
    for (const auto& [id, column] : scene.columns) {
        const auto* connection = scene.connection(id);
        const auto bar = connection->registered ? cast.barOf(connection->registeredBy) : std::nullopt;
        if (bar) {
            paintTie(scene, id, *bar);
        }
    }
}

} // namespace lab
