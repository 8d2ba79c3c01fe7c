// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/work_of.h"
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"
#include "gui/theme/contrast.h"

#include <algorithm>
#include <array>

namespace lab {

namespace {

/// What a connection's cell in the grid shows in the kernel.
struct CellLook {
    Work work = Work::None;
    bool filled = false;
    bool round = false; ///< a thread hangs there
};

CellLook lookOf(const StageScene& scene, const ConnectionState& connection,
                const std::unordered_map<std::uint32_t, const OperationState*>& operations) {
    if (scene.at.family == StageFamily::Proactive) {
        const auto found = operations.find(connection.id);
        return found != operations.end() ? CellLook{workOf(found->second->kind), true, false} : CellLook{};
    }
    if (scene.at.family == StageFamily::Reactive) {
        if (connection.ready == Interest::None) {
            return {};
        }
        return {connection.ready == Interest::Write ? Work::Write : Work::Read, true, false};
    }
    const auto* thread = scene.state().threads.get(connection.thread);
    const bool hangs = thread && thread->activity == Activity::InCall && thread->connection == connection.id;
    return hangs ? CellLook{thread->work, true, true} : CellLook{};
}

void paintCell(StageScene& scene, const QRectF& cell, const ConnectionState& connection, const CellLook& look,
               bool now) {
    auto& canvas = scene.canvas;
    const auto& theme = scene.theme;
    const double radius = look.round ? cell.height() / 2 : cell.height() * 0.22;
    const bool chosen = scene.isRelated(connection.id);
    auto line = connection.fromOutside ? theme.outside : theme.boxLine;
    canvas.box(cell, look.filled ? theme.of(look.work) : theme.box, scene.outline(now, chosen, line),
               now || chosen || connection.fromOutside ? 2.2 * scene.unit() : 1, radius);
    const auto words = QString::number(connection.id);
    if (canvas.width(Type::Small, words) + 2 < cell.width() && canvas.height(Type::Small) < cell.height() + 2) {
        canvas.text(cell, Qt::AlignCenter, words, Type::Small, look.filled ? theme.textOn(look.work) : theme.textSoft);
    }
}

std::unordered_map<std::uint32_t, const OperationState*> kernelOperations(const StageScene& scene) {
    std::unordered_map<std::uint32_t, const OperationState*> operations;
    if (scene.at.family == StageFamily::Proactive) {
        for (const auto& [id, operation] : scene.state().operations) {
            if (operation.phase == OperationPhase::InKernel && operation.kind != Operation::Timer) {
                operations[operation.connection] = &operation;
            }
        }
    }
    return operations;
}

/// Too many for cells: a bar, divided by what they do.
void paintShares(StageScene& scene, const QRectF& place) {
    auto& canvas = scene.canvas;
    std::array<std::uint64_t, static_cast<std::size_t>(ConnectionPhase::Closed) + 1> counts{};
    for (const auto& [id, connection] : scene.state().connections) {
        ++counts[static_cast<std::size_t>(connection.phase)];
    }
    constexpr std::array<const char*, 4> names{"idle", "receiving", "serving", "sending"};
    constexpr std::array works{Work::Wait, Work::Read, Work::File, Work::Write};
    const auto all = static_cast<double>(scene.state().connections.size());
    const double words = canvas.height(Type::Small) + 3 * scene.unit();
    QRectF bar = place.adjusted(0, 0, 0, -words);
    double x = bar.left();
    QString line = countText(scene.state().connections.size()) + QStringLiteral(" connections");
    for (std::size_t phase = 0; phase < names.size(); ++phase) {
        const double wide = bar.width() * static_cast<double>(counts[phase]) / all;
        canvas.box(QRectF(x, bar.top(), wide, bar.height()), scene.theme.of(works[phase]), Qt::transparent, 0, 2);
        x += wide;
        const auto longer =
            line + QStringLiteral("  ·  %1 %2").arg(countText(counts[phase]), QLatin1String(names[phase]));
        if (counts[phase] > 0 && canvas.width(Type::Small, longer) <= place.width()) {
            line = longer;
        }
    }
    canvas.text(QRectF(place.left(), bar.bottom() + 2 * scene.unit(), place.width(), words), Qt::AlignLeft, line,
                Type::Small, scene.theme.textSoft);
}

void paintSocketGrid(StageScene& scene) {
    if (scene.at.socketGrid.isEmpty()) {
        const auto hidden = scene.state().connections.size() - scene.columns.size();
        const QRectF last(scene.at.columnAt(scene.at.columns - 1) - scene.at.columnWidth / 2,
                          scene.at.sockets - scene.at.boxHeight / 2, scene.at.columnWidth, scene.at.boxHeight);
        const auto taken = std::any_of(scene.columns.begin(), scene.columns.end(),
                                       [&](const auto& entry) { return entry.second + 1 == scene.at.columns; });
        if (!taken) {
            scene.canvas.text(last, Qt::AlignCenter, QStringLiteral("+ ") + countText(hidden), Type::SmallBold,
                              scene.theme.textSoft);
        }
        return;
    }
    if (scene.grid.pitch <= 0) {
        paintShares(scene, scene.at.socketGrid);
        return;
    }
    const auto operations = kernelOperations(scene);
    for (std::size_t i = 0; i < scene.grid.connections.size(); ++i) {
        const auto& connection = *scene.grid.connections[i];
        const auto cell = scene.grid.cell(scene.grid.cells[i], scene.at.socketGrid);
        paintCell(scene, cell, connection, lookOf(scene, connection, operations), scene.now.socket == connection.id);
        const bool few = scene.grid.connections.size() <= 256; // a tip for each would cost more than the cells
        scene.canvas.hit(cell, {Selection::Kind::Connection, connection.id},
                         few ? connectionTip(scene, connection) : QString());
    }
}

void paintBox(StageScene& scene, const QRectF& place, const QString& name, const QString& words, Type type,
              const QColor& line, double lineWidth, const QColor& wordsColour) {
    auto& canvas = scene.canvas;
    const double pad = 8 * scene.unit();
    canvas.box(place, scene.theme.box, line, lineWidth, 6 * scene.unit());
    const QRectF inner = place.adjusted(pad, 0, -pad * 0.4, 0);
    if (!scene.at.twoLines || words.isEmpty()) {
        const bool hook = type == Type::Code && !words.isEmpty();
        canvas.text(inner, Qt::AlignLeft | Qt::AlignVCenter, hook ? words : name, hook ? type : Type::Bold,
                    hook ? wordsColour : scene.theme.text);
        return;
    }
    const double first = canvas.height(Type::Bold);
    const double second = canvas.height(type);
    const double top = place.center().y() - (first + second) / 2;
    canvas.text(QRectF(inner.left(), top, inner.width(), first), Qt::AlignLeft, name, Type::Bold, scene.theme.text);
    canvas.text(QRectF(inner.left(), top + first, inner.width(), second), Qt::AlignLeft, words, type, wordsColour);
}

void paintListening(StageScene& scene) {
    auto& canvas = scene.canvas;
    const auto place = *scene.socketOf(0);
    const double unit = scene.unit();
    const bool now = scene.now.socket == 0u;
    const auto waiting = scene.state().backlogArrivals;
    const auto sockets = scene.state().listeningSockets;
    const auto name = !scene.state().listening ? QStringLiteral("closed")
                      : sockets > 1            ? QStringLiteral("listening × %1").arg(sockets)
                                               : QStringLiteral("listening");
    if (sockets > 1) { // a stack: one for each loop
        for (const double shift : {6.0, 3.0}) {
            canvas.box(place.translated(shift * unit, shift * unit), scene.theme.box, scene.theme.boxLine, unit,
                       6 * unit);
        }
    }
    const auto words = waiting > 4 ? QStringLiteral("backlog ") + countText(waiting) : QStringLiteral("backlog");
    paintBox(scene, place, name, words, Type::Small, scene.outline(now, scene.isRelated(0), scene.theme.boxLine),
             scene.outlineWidth(now, scene.isRelated(0)), scene.theme.textSoft);
    if (scene.at.twoLines && waiting <= 4) {
        const double wide = 7 * unit;
        const double high = 8 * unit;
        double x = place.right() - 4 * (wide + 2.5 * unit) - 5 * unit;
        const double y = place.bottom() - 5 * unit - canvas.height(Type::Small) / 2 - high / 2;
        for (std::uint64_t i = 0; i < 4; ++i) {
            const bool full = i < waiting;
            canvas.box(QRectF(x, y, wide, high), full ? scene.theme.of(Work::Accept) : QColor(Qt::transparent),
                       full ? scene.theme.of(Work::Accept) : scene.theme.boxLine, 1, 2);
            x += wide + 2.5 * unit;
        }
    }
    canvas.hit(place, {Selection::Kind::Connection, 0},
               QStringLiteral("listening socket, port %1 - %2 in the backlog").arg(scene.state().port).arg(waiting));
}

} // namespace

QString number(std::uint32_t connection) { return QLatin1Char('#') + QString::number(connection); }

Work stateWork(const ConnectionState& connection) {
    if (connection.heldBack == HeldBack::Nagle) {
        return Work::Write;
    }
    if (connection.ready != Interest::None) {
        return connection.ready == Interest::Write ? Work::Write : Work::Read;
    }
    constexpr std::array works{Work::Wait, Work::Read, Work::File, Work::Write, Work::None};
    return works[static_cast<std::size_t>(connection.phase)];
}

QString stateWords(const StageScene&, const ConnectionState& connection) {
    if (connection.heldBack == HeldBack::Nagle) {
        return QStringLiteral("holds ") + octetsText(connection.octetsHeldBack);
    }
    if (connection.ready != Interest::None) {
        return connection.ready == Interest::Write ? QStringLiteral("writable") : QStringLiteral("readable");
    }
    constexpr std::array<const char*, 5> texts{"idle", "receiving", "serving", "sending", "closed"};
    return QLatin1String(texts[static_cast<std::size_t>(connection.phase)]);
}

QString connectionTip(const StageScene& scene, const ConnectionState& connection) {
    auto tip = QStringLiteral("connection %1 - %2").arg(number(connection.id), stateWords(scene, connection));
    if (connection.phase == ConnectionPhase::Sending || connection.phase == ConnectionPhase::Serving) {
        tip += QLatin1Char(' ') + text(scene.input.glossary.name(connection.path));
    }
    if (connection.heldBack == HeldBack::Nagle) {
        tip += QStringLiteral(" back until what went before is acknowledged (Nagle)");
    } else if (connection.phase == ConnectionPhase::Sending) {
        tip += QStringLiteral(", %1 of %2").arg(octetsText(connection.octetsSent), octetsText(connection.octetsToSend));
    }
    return connection.fromOutside ? tip + QStringLiteral(", from outside") : tip;
}

void paintSockets(StageScene& scene) {
    if (scene.at.crowd) {
        paintSocketGrid(scene);
    }
    paintListening(scene);
    for (const auto& [id, column] : scene.columns) {
        const auto& connection = *scene.connection(id);
        const auto place = *scene.socketOf(id);
        const bool now = scene.now.socket == id;
        const bool chosen = scene.isRelated(id);
        const auto line = connection.fromOutside ? scene.theme.outside : scene.theme.boxLine;
        const bool holds = connection.heldBack == HeldBack::Nagle;
        const auto name = holds && !scene.at.twoLines ? number(id) + QStringLiteral(" holds") : number(id);
        paintBox(scene, place, name, stateWords(scene, connection), Type::Small, scene.outline(now, chosen, line),
                 connection.fromOutside ? 2.2 * scene.unit() : scene.outlineWidth(now, chosen), scene.theme.textSoft);
        if (connection.phase != ConnectionPhase::Idle || connection.ready != Interest::None || holds) {
            const double radius = 4.5 * scene.unit();
            scene.canvas.dot(
                {place.right() - 3 * radius, place.top() + (scene.at.twoLines ? 3 * radius : place.height() / 2)},
                radius, scene.theme.of(stateWork(connection)));
        }
        scene.canvas.hit(place, {Selection::Kind::Connection, id}, connectionTip(scene, connection));
    }
}

namespace {

/// All handlers of a crowd: as cells, or as a count where not even those find room.
void paintHandlerGrid(StageScene& scene) {
    if (scene.at.crowd && scene.grid.pitch > 0) {
        for (std::size_t i = 0; i < scene.grid.connections.size(); ++i) {
            const auto& connection = *scene.grid.connections[i];
            const auto* thread = scene.state().threads.get(connection.thread);
            const bool runs = thread && thread->activity == Activity::Running && thread->connection == connection.id;
            paintCell(scene, scene.grid.cell(scene.grid.cells[i], scene.at.handlerGrid), connection,
                      {runs ? thread->work : Work::None, runs, false}, scene.now.handler == connection.id);
        }
    }
    if (scene.grid.pitch <= 0 && !scene.at.handlerGrid.isEmpty()) {
        const auto words =
            countText(scene.state().connections.size()) + QStringLiteral(" handlers, one for each connection");
        scene.canvas.text(scene.at.handlerGrid, Qt::AlignLeft | Qt::AlignVCenter, words, Type::Small,
                          scene.theme.textSoft);
    }
}

} // namespace

void paintHandlers(StageScene& scene, const QString& title, const QString& acceptor) {
    auto& canvas = scene.canvas;
    const auto& theme = scene.theme;
    const double pad = 14 * scene.unit();
    paintHandlerGrid(scene);
    const auto paintOne = [&](std::uint32_t id, const QString& name, Hook hook, const QString& doing) {
        const auto place = *scene.handlerOf(id);
        const bool now = scene.now.handler == id;
        const bool chosen = scene.isRelated(id);
        const auto line = hook != Hook::None ? text(words(hook)) : doing;
        paintBox(scene, place, name, line, Type::Code, scene.outline(now, chosen, theme.boxLine),
                 scene.outlineWidth(now, chosen), now ? theme.nowText : theme.textSoft);
        canvas.hit(place, {Selection::Kind::Connection, id}, name);
    };
    if (!acceptor.isEmpty()) {
        paintOne(0, acceptor, scene.state().acceptorHook, {});
    }
    for (const auto& [id, column] : scene.columns) {
        auto name = title + QLatin1Char(' ') + number(id);
        if (canvas.width(Type::Bold, name) > scene.at.columnWidth - pad) {
            name = QStringLiteral("Handler ") + number(id);
        }
        if (canvas.width(Type::Bold, name) > scene.at.columnWidth - 11.2 * scene.unit()) {
            name = number(id);
        }
        const auto* thread = scene.state().threads.get(scene.connection(id)->thread);
        const bool runs = thread && thread->connection == id && thread->work != Work::None && thread->isServer;
        paintOne(id, name, scene.connection(id)->hook,
                 runs && scene.at.family == StageFamily::Synchronous ? text(words(thread->work)) + QStringLiteral("()")
                                                                     : QString());
    }
}

} // namespace lab
