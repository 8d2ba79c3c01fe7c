// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/stage_canvas.h"
#include "gui/scene/stage_input.h"

#include <QRectF>

#include <cstddef>

namespace lab {

/// How a family's server is drawn.
enum class StageFamily { Synchronous, Reactive, Proactive };

/// The family of what is on the stage: as the recording says; an adaptive server waits for completions too.
StageFamily stageFamily(const StageInput& input);

/// Where everything of the stage's picture goes: follows from the area, the type's size and the family alone, and
/// from whether there are more connections than columns. A value.
struct StageLayout {
    StageFamily family = StageFamily::Synchronous;
    QRectF title, clients, stage, files, sentence; ///< files: empty where there is no room
    double floor = 0;                              ///< y
    double unit = 1;                               ///< pixels, grows with the type
    bool twoLines = true;                          ///< room for a second line in boxes
    bool processLabel = true;                      ///< room for the storeys' names
    bool kernelLabel = true;
    bool crowd = false; ///< more connections than columns: a grid for all, columns for some

    double left = 0, right = 0; ///< x: what stands on the stage is between them
    std::size_t columns = 1;    ///< for connections, beside the listening socket's
    double columnWidth = 0;     ///< of a box
    double pitch = 0;
    double listening = 0; ///< x: centre of the listening socket's column

    double boxHeight = 0;           ///< of sockets, handlers and figures
    double handlers = 0;            ///< y: centre of the handlers' row
    double threads = 0;             ///< y: centre of the threads' row
    double figures = 0;             ///< y: centre of the row of threads that hang in the kernel
    double sockets = 0;             ///< y: centre of the sockets' row
    QRectF handlerGrid, socketGrid; ///< crowd only
    QRectF engine;                  ///< the demultiplexer's bar, or the Asynchronous Operation Processor
    QRectF queue;                   ///< the completion queue, across the floor

    /// x: centre of a connection's column.
    double columnAt(std::size_t column) const { return listening + static_cast<double>(column + 1) * pitch; }
};

StageLayout layOut(StageCanvas& canvas, const QRectF& area, const StageInput& input);

} // namespace lab
