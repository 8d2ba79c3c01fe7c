// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_scene.h"

#include "gui/model/text.h"
#include "gui/scene/stage_slots.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lab {

namespace {

constexpr std::size_t mostCells = 4096;

bool isOfTraffic(EventType type) { return type >= EventType::PhaseStarted && type <= EventType::ClientClosed; }

/// A client keeps its place over all its connections; of others the connection's own number decides.
SlotWish wishOf(const ConnectionState& connection) {
    return {connection.id, connection.client != 0 ? connection.client - 1 : connection.id - 1};
}

bool isAbout(EventType type) {
    using enum EventType;
    return type != ThreadStarted && type != ThreadEnded && type != ResourceSampled && type != ThreadDelaySampled &&
           type != EventsLost && type != RunStarted && type != RunEnded && type != DrainStarted;
}

} // namespace

QRectF StageGrid::cell(std::size_t number, const QRectF& grid) const {
    const auto row = number / columns;
    const auto column = number % columns;
    const double gap = std::max(1.0, pitch * 0.14);
    const double top = grid.center().y() - static_cast<double>(rows) * pitch / 2;
    return {grid.left() + static_cast<double>(column) * pitch, top + static_cast<double>(row) * pitch, pitch - gap,
            pitch - gap};
}

StageScene::StageScene(StageCanvas& pencil, const QRectF& area, const StageInput& what)
    : canvas(pencil)
    , input(what)
    , theme(pencil.theme())
    , at(layOut(pencil, area, what))
    , m_hasPool(familyAt(what.state, what.glossary) == "adaptive") {
    findThreads();
    if (!input.flows && state().next > 0) {
        findNow();
    }
    placeConnections();
}

void StageScene::findThreads() {
    for (const auto& [actor, thread] : state().threads) {
        if (!thread.isServer || thread.isClient || thread.activity == Activity::Ended) {
            continue;
        }
        if (at.family == StageFamily::Proactive && input.glossary.name(thread.name) == "processor") {
            processor = &thread;
        } else {
            threads.push_back(&thread);
        }
    }
}

void StageScene::findNow() {
    using enum EventType;
    const auto& event = state().last;
    now.type = event.type();
    if (isOfTraffic(now.type)) {
        now.client = event.connection;
        const auto* client = state().clients.get(event.connection);
        if (client && client->connection != 0) {
            now.connection = client->connection;
            now.socket = client->connection;
        }
        return;
    }
    const auto* thread = state().threads.get(event.actor);
    now.thread = thread && thread->isServer ? thread : nullptr;
    if (!isAbout(now.type)) {
        return;
    }
    now.operation = event.operation;
    now.connection = event.connection;
    if (const auto* connection = this->connection(event.connection)) {
        now.client = connection->client;
    }
    const bool inKernel = now.type == CallEntered || now.type == CallPerformed || now.type == HandleReady ||
                          now.type == ConnectionAccepted || now.type == OperationCompleted ||
                          now.type == ListeningStarted || now.type == OctetsHeldBack;
    const bool waitsForMany = (now.type == CallEntered || now.type == CallLeft) && event.connection == 0 &&
                              event.kindAs<SystemCall>() != SystemCall::Accept;
    if (inKernel && !waitsForMany) {
        now.socket = event.connection;
    }
    const bool upstairs = now.type == HookEntered || now.type == HookLeft || now.type == RequestParsed ||
                          now.type == FileFound || now.type == ResponseStarted || now.type == ResponseSent ||
                          now.type == OperationInitiated || now.type == CallPerformed;
    if (upstairs) {
        now.handler = event.connection;
    }
    if (now.type == FileFound || now.type == FileEvicted) {
        now.file = static_cast<NameId>(event.value());
    }
}

/// Too many for columns: those that something happens to, and those from outside, stand in front.
std::vector<const ConnectionState*> StageScene::focus() const {
    std::vector<const ConnectionState*> chosen;
    const auto add = [&](const ConnectionState* connection) {
        if (connection && chosen.size() < at.columns &&
            std::find(chosen.begin(), chosen.end(), connection) == chosen.end()) {
            chosen.push_back(connection);
        }
    };
    add(connection(now.connection));
    if (input.selection.kind == Selection::Kind::Connection) {
        add(connection(input.selection.id));
    }
    for (const auto* thread : threads) {
        if (thread->activity == Activity::Running) {
            add(connection(thread->connection));
        }
    }
    for (const auto id : state().ready) {
        add(connection(id));
    }
    if (chosen.size() < at.columns) {
        for (const auto& [id, connection] : state().connections) {
            if (connection.fromOutside) {
                add(&connection);
            }
        }
    }
    std::sort(chosen.begin(), chosen.end(), [](auto* a, auto* b) { return a->id < b->id; });
    return chosen;
}

void StageScene::placeConnections() {
    std::vector<const ConnectionState*> shown;
    if (at.crowd) {
        shown = focus();
        placeGrid();
    } else {
        for (const auto& [id, connection] : state().connections) {
            shown.push_back(&connection);
        }
    }
    // A client's place is its own as long as it exists, so that nobody else has to leave it when it comes back.
    std::vector<std::size_t> free;
    const auto& clients = state().clients;
    for (std::size_t slot = 0; slot < at.columns; ++slot) {
        const bool reserved = clients.get(static_cast<std::uint32_t>(slot + 1)) != nullptr;
        if (!reserved) {
            free.push_back(slot);
        }
    }
    std::vector<SlotWish> ours;
    std::vector<SlotWish> others;
    for (const auto* connection : shown) {
        const bool places = connection->client != 0 && connection->client <= at.columns;
        (places ? ours : others).push_back(wishOf(*connection));
    }
    const bool apart = others.size() <= free.size();
    if (!apart) {
        ours.insert(ours.end(), others.begin(), others.end());
    }
    const auto places = slotsFor(ours, at.columns);
    for (std::size_t i = 0; i < places.size(); ++i) {
        columns[ours[i].id] = places[i];
    }
    if (apart && !others.empty()) {
        const auto among = slotsFor(others, free.size());
        for (std::size_t i = 0; i < among.size(); ++i) {
            columns[others[i].id] = free[among[i]];
        }
    }
}

void StageScene::placeGrid() {
    // Room for a power of two, so that cells keep their places while connections come and go.
    const auto count = state().connections.size();
    const auto room = std::bit_ceil(count);
    if (room > mostCells || at.socketGrid.isEmpty()) {
        return;
    }
    const double wide = at.socketGrid.width();
    const double high = at.socketGrid.height();
    double pitch = std::min(high, std::max(26 * unit(), canvas.width(Type::Small, QStringLiteral("000")) + 6 * unit()));
    while (std::floor(wide / pitch) * std::floor(high / pitch) < static_cast<double>(room)) {
        pitch -= 0.5;
        if (pitch < 5 * unit()) {
            return;
        }
    }
    grid.pitch = pitch;
    grid.columns = static_cast<std::size_t>(wide / pitch);
    grid.rows = (room + grid.columns - 1) / grid.columns;
    std::vector<SlotWish> wishes;
    for (const auto& [id, connection] : state().connections) {
        grid.connections.push_back(&connection);
        wishes.push_back(wishOf(connection));
    }
    grid.cells = slotsFor(wishes, room);
}

std::optional<QRectF> StageScene::cellOf(std::uint32_t id, const QRectF& area) const {
    if (grid.pitch <= 0) {
        return std::nullopt;
    }
    const auto found = std::lower_bound(grid.connections.begin(), grid.connections.end(), id,
                                        [](const auto* connection, auto number) { return connection->id < number; });
    if (found == grid.connections.end() || (*found)->id != id) {
        return std::nullopt;
    }
    return grid.cell(grid.cells[static_cast<std::size_t>(found - grid.connections.begin())], area);
}

std::optional<double> StageScene::columnOf(std::uint32_t id) const {
    const auto box = socketOf(id);
    return box ? std::optional(box->center().x()) : std::nullopt;
}

std::optional<QRectF> StageScene::socketOf(std::uint32_t id) const {
    const double wide = at.columnWidth;
    if (id == 0) {
        return QRectF(at.listening - wide / 2, at.sockets - at.boxHeight / 2, wide, at.boxHeight);
    }
    if (const auto found = columns.find(id); found != columns.end()) {
        const double x = at.columnAt(found->second);
        return QRectF(x - wide / 2, at.sockets - at.boxHeight / 2, wide, at.boxHeight);
    }
    return cellOf(id, at.socketGrid);
}

std::optional<QRectF> StageScene::handlerOf(std::uint32_t id) const {
    if (id == 0 || columns.contains(id)) {
        auto box = socketOf(id);
        box->moveCenter(QPointF(box->center().x(), at.handlers));
        return box;
    }
    return cellOf(id, at.handlerGrid);
}

std::optional<QRectF> StageScene::handlerUnder(const ThreadState& thread) const {
    const bool acceptors = thread.connection == 0 && thread.hook == state().acceptorHook;
    if (thread.hook == Hook::None || (thread.connection == 0 && !acceptors)) {
        return std::nullopt;
    }
    return handlerOf(thread.connection);
}

QString StageScene::nameOf(const ThreadState& thread) const {
    const auto name = input.glossary.name(thread.name);
    return name.empty() ? QStringLiteral("thread %1").arg(thread.actor) : text(name);
}

bool StageScene::isRelated(std::uint32_t id) const {
    const auto& chosen = input.selection;
    switch (chosen.kind) {
    case Selection::Kind::Connection: return chosen.id == id;
    case Selection::Kind::Client: {
        const auto* client = state().clients.get(chosen.id);
        return id != 0 && client && client->connection == id;
    }
    case Selection::Kind::Operation: {
        const auto* operation = state().operations.get(chosen.id);
        return operation && operation->connection == id;
    }
    case Selection::Kind::Thread: {
        const auto* thread = state().threads.get(static_cast<std::uint16_t>(chosen.id));
        return thread && thread->connection == id && (id != 0 || thread->call == SystemCall::Accept);
    }
    default: return false;
    }
}

QColor StageScene::outline(bool isNowThing, bool isSelectedThing, const QColor& usual) const {
    return isNowThing ? theme.now : isSelectedThing ? theme.text : usual;
}

double StageScene::outlineWidth(bool isNowThing, bool isSelectedThing) const {
    return (isNowThing ? 2.6 : isSelectedThing ? 2.2 : 1.2) * std::max(1.0, canvas.scale());
}

} // namespace lab
