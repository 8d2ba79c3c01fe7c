// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/text.h"
#include "gui/scene/stage_canvas.h"
#include "gui/scene/stage_input.h"
#include "gui/scene/stage_layout.h"

#include <QPointF>
#include <QRectF>

#include <optional>
#include <unordered_map>
#include <vector>

namespace lab {

/// Cells for many connections: the same one upstairs and in the kernel.
struct StageGrid {
    double pitch = 0; ///< 0: too many for cells
    std::size_t columns = 0;
    std::size_t rows = 0;
    std::vector<const ConnectionState*> connections; ///< in the order of their ids
    std::vector<std::size_t> cells;                  ///< of each

    QRectF cell(std::size_t number, const QRectF& grid) const;
};

/// What the last event names: the participants with the bright outline.
struct StageNow {
    const ThreadState* thread = nullptr;
    std::optional<std::uint32_t> handler; ///< connection; 0: the acceptor
    std::optional<std::uint32_t> socket;  ///< connection; 0: the listening socket
    std::uint32_t operation = 0;
    std::uint32_t client = 0;
    std::uint32_t connection = 0; ///< that it is about, wherever
    NameId file = 0;
    EventType type = EventType::Count; ///< Count: nothing is bright
};

/// In a system call, so that the stage shows it hanging above the kernel.
inline bool hangs(const ThreadState& thread) { return thread.activity == Activity::InCall; }

/// One picture under way: what is shown and where. Lives for one paint.
struct StageScene {
    StageScene(StageCanvas& pencil, const QRectF& area, const StageInput& what);

    StageCanvas& canvas;
    const StageInput& input;
    const Theme& theme;
    StageLayout at;
    StageNow now;
    std::vector<const ThreadState*> threads;                ///< the server's, without the processor's own
    const ThreadState* processor = nullptr;                 ///< a thread of the Asynchronous Operation Processor itself
    std::unordered_map<std::uint32_t, std::size_t> columns; ///< of connections that have one
    StageGrid grid;

    const LabState& state() const { return input.state; }
    const ConnectionState* connection(std::uint32_t id) const { return input.state.connections.get(id); }
    double unit() const { return at.unit; }

    /// Centre of a connection's column, of its cell where it has none; 0: the listening socket's.
    std::optional<double> columnOf(std::uint32_t connection) const;
    /// The socket's box or cell in the kernel, and the handler's upstairs.
    std::optional<QRectF> socketOf(std::uint32_t connection) const;
    std::optional<QRectF> handlerOf(std::uint32_t connection) const;

    /// The handler whose hook the thread is in; nothing where its connection is gone.
    std::optional<QRectF> handlerUnder(const ThreadState& thread) const;

    /// Beside who dispatches completions there are threads that perform operations by calls of their own.
    bool hasPool() const { return m_hasPool; }
    bool isOfPool(const ThreadState& thread) const { return m_hasPool && !thread.dispatches; }

    QString nameOf(const ThreadState& thread) const;
    bool isNow(const ThreadState& thread) const { return now.thread == &thread; }
    bool isSelected(Selection::Kind kind, std::uint32_t id) const {
        return input.selection.kind == kind && input.selection.id == id;
    }
    /// Belongs to what is selected: the connection of a selected thread, operation or client, and the other way.
    bool isRelated(std::uint32_t connection) const;

    /// Colour and width of an outline: bright for now, the text's for what is selected.
    QColor outline(bool isNowThing, bool isSelectedThing, const QColor& usual) const;
    double outlineWidth(bool isNowThing, bool isSelectedThing) const;

private:
    bool m_hasPool = false;

    void findNow();
    void findThreads();
    void placeConnections();
    void placeGrid();
    std::vector<const ConnectionState*> focus() const;
    std::optional<QRectF> cellOf(std::uint32_t connection, const QRectF& grid) const;
};

QString text(std::string_view words);

} // namespace lab
