// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_layout.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numeric>

namespace lab {

namespace {

constexpr std::size_t mostColumns = 12;

/// Centres of rows of these heights between `top` and `bottom`, with equal gaps around them.
std::vector<double> rowsBetween(double top, double bottom, const std::vector<double>& heights) {
    const double taken = std::accumulate(heights.begin(), heights.end(), 0.0);
    const double gap = std::max(0.0, (bottom - top - taken) / static_cast<double>(heights.size() + 1));
    std::vector<double> centres;
    double y = top;
    for (const double height : heights) {
        centres.push_back(y + gap + height / 2);
        y += gap + height;
    }
    return centres;
}

void layOutSides(StageLayout& at, StageCanvas& canvas, const QRectF& area, const StageInput& input) {
    const double unit = at.unit;
    const double body = canvas.height(Type::Body);
    const double titleHeight = canvas.height(Type::Title) + 12 * unit;
    const double sentenceHeight = input.narration ? 2 * body + 10 * unit : 6 * unit;
    const bool wide = area.width() >= 38 * body;
    const double clientWidth = wide ? 22 * unit + canvas.width(Type::Small, QStringLiteral("connecting ")) + 14 * unit
                                    : 22 * unit + canvas.width(Type::Bold, QStringLiteral("#000")) + 14 * unit;
    const double fileWidth = wide ? canvas.width(Type::Body, QStringLiteral("index.html")) + 38 * unit : 0;
    const double top = area.top() + titleHeight;
    const double height = area.height() - titleHeight - sentenceHeight;
    at.title = QRectF(area.left() + 14 * unit, area.top(), area.width() - 28 * unit, titleHeight);
    at.clients = QRectF(area.left() + 12 * unit, top, clientWidth, height);
    const double stageLeft = at.clients.right() + 14 * unit;
    const double stageRight = area.right() - (fileWidth > 0 ? fileWidth + 24 * unit : 12 * unit);
    at.stage = QRectF(stageLeft, top, stageRight - stageLeft, height);
    if (fileWidth > 0) {
        at.files = QRectF(stageRight + 12 * unit, top, fileWidth, height);
    }
    at.sentence = QRectF(stageLeft + 2 * unit, at.stage.bottom() + 4 * unit, area.right() - 14 * unit - stageLeft,
                         sentenceHeight - 6 * unit);
    if (!wide) {
        at.sentence.setLeft(area.left() + 14 * unit);
    }
}

void layOutColumns(StageLayout& at, StageCanvas& canvas, const StageInput& input) {
    const double unit = at.unit;
    at.left = at.stage.left() + 16 * unit;
    at.right = at.stage.right() - 16 * unit;
    // A projector's boxes have one line: the hook's name takes the handler's place.
    const double words =
        std::max(canvas.width(Type::Bold, QStringLiteral("Handler #00")),
                 canvas.width(Type::Code, QStringLiteral("handle_accept")) * (canvas.projector() ? 0.86 : 1));
    const double least = words + 13 * unit;
    const double gap = 8 * unit;
    const double room = at.right - at.left;
    const auto fit = static_cast<std::size_t>(std::max(2.0, std::floor((room + gap) / (least + gap))));
    const auto columns = std::min(fit, mostColumns + 1);
    at.columns = columns - 1;
    at.pitch = (room + gap) / static_cast<double>(columns);
    at.columnWidth = std::min(at.pitch - gap, least * 1.35);
    at.listening = at.left + (at.pitch - gap) / 2;
    at.crowd = input.state.connections.size() > at.columns;
}

/// Heights of all rows that a storey must have, for boxes of one or two lines.
struct Rows {
    double box;
    double engine;
    double queue;
    double grid;
};

Rows rowsFor(const StageLayout& at, StageCanvas& canvas, bool twoLines) {
    const double body = canvas.height(Type::Bold);
    const double small = canvas.height(Type::Small);
    const double unit = at.unit;
    Rows rows{};
    rows.box = twoLines ? body + small + 8 * unit : body + 10 * unit;
    const double chip = small + 8 * unit;
    if (at.family == StageFamily::Proactive) {
        rows.engine = small + chip + 15 * unit;
        rows.queue = twoLines ? chip + small + 14 * unit : chip + 12 * unit;
    } else if (at.family == StageFamily::Reactive) {
        rows.engine = chip + 14 * unit;
    }
    rows.grid = at.crowd ? std::max(20 * unit, 0.1 * at.stage.height()) : 0;
    return rows;
}

void layOutKernel(StageLayout& at, const Rows& rows, double label) {
    std::vector<double> heights;
    if (at.family != StageFamily::Proactive) {
        heights.push_back(rows.box);
    }
    if (at.family != StageFamily::Synchronous) {
        heights.push_back(rows.engine);
    }
    heights.push_back(rows.box);
    if (rows.grid > 0) {
        heights.push_back(rows.grid);
    }
    const auto centres = rowsBetween(at.floor + rows.queue / 2, at.stage.bottom() - label, heights);
    std::size_t row = 0;
    at.figures = at.family != StageFamily::Proactive ? centres[row++] : at.threads;
    if (at.family != StageFamily::Synchronous) {
        at.engine = QRectF(at.left - 7 * at.unit, centres[row] - rows.engine / 2, at.right - at.left + 14 * at.unit,
                           rows.engine);
        ++row;
    }
    at.sockets = centres[row++];
    if (rows.grid > 0) {
        at.socketGrid = QRectF(at.left, centres[row] - rows.grid / 2, at.right - at.left, rows.grid);
    }
}

/// Gives up what there is no room for: a box's second line, then a storey's name, then the grid.
Rows chooseRows(StageLayout& at, StageCanvas& canvas, double above, double below, double label) {
    const double least = 5 * at.unit; // between rows
    const double kernelBoxes = at.family == StageFamily::Proactive ? 1 : 2;
    auto rows = rowsFor(at, canvas, true);
    const auto upstairs = [&] { return rows.queue / 2 + 2 * rows.box + rows.grid + 4 * least; };
    const auto downstairs = [&] {
        return rows.queue / 2 + kernelBoxes * rows.box + rows.engine + rows.grid + 4 * least;
    };
    at.twoLines = !canvas.projector() && upstairs() + label <= above && downstairs() + label <= below;
    if (!at.twoLines) {
        rows = rowsFor(at, canvas, false);
    }
    at.processLabel = label > 0 && upstairs() + label <= above;
    at.kernelLabel = label > 0 && downstairs() + label <= below;
    if (upstairs() > above || downstairs() > below) {
        rows.grid = 0;
    }
    return rows;
}

/// Where the floor goes, below the stage's top: at its usual place, or, where a storey is too low for its rows,
/// where both storeys' rows have equal gaps.
double floorFor(const StageLayout& at, const Rows& rows, double usual) {
    const double kernelBoxes = at.family == StageFamily::Proactive ? 1 : 2;
    const double grids = rows.grid > 0 ? 1 : 0;
    const double up = rows.queue / 2 + 2 * rows.box + rows.grid;
    const double down = rows.queue / 2 + kernelBoxes * rows.box + rows.engine + rows.grid;
    const double gapsUp = 3 + grids;
    const double gapsDown = kernelBoxes + grids + (rows.engine > 0 ? 2 : 1);
    const double gap = 2 * at.unit;
    if (at.processLabel || at.kernelLabel ||
        (up + gapsUp * gap <= usual && down + gapsDown * gap <= at.stage.height() - usual)) {
        return usual;
    }
    return up + std::max(0.0, at.stage.height() - up - down) * gapsUp / (gapsUp + gapsDown);
}

void layOutRows(StageLayout& at, StageCanvas& canvas, const StageInput& input) {
    const double label = input.labels ? canvas.height(Type::Section) + 5 * at.unit : 0;
    const double share = at.family == StageFamily::Proactive ? 0.49 : 0.48;
    const double above = share * at.stage.height();
    const auto rows = chooseRows(at, canvas, above, at.stage.height() - above, label);
    const double top = at.processLabel ? label : 0;
    at.boxHeight = rows.box;
    at.floor = at.stage.top() + floorFor(at, rows, above);
    std::vector<double> upstairs;
    if (rows.grid > 0) {
        upstairs.push_back(rows.grid);
    }
    upstairs.push_back(rows.box);
    upstairs.push_back(rows.box);
    const auto centres = rowsBetween(at.stage.top() + top, at.floor - rows.queue / 2, upstairs);
    if (rows.grid > 0) {
        at.handlerGrid = QRectF(at.left, centres[0] - rows.grid / 2, at.right - at.left, rows.grid);
    }
    at.handlers = centres[centres.size() - 2];
    at.threads = centres.back();
    const double queueWidth = std::min(at.right - at.left, std::max(0.62 * at.stage.width(), 420 * at.unit));
    at.queue = QRectF(at.stage.center().x() - queueWidth / 2, at.floor - rows.queue / 2, queueWidth, rows.queue);
    layOutKernel(at, rows, at.kernelLabel ? label : 0);
}

} // namespace

StageFamily stageFamily(const StageInput& input) {
    const auto family = familyAt(input.state, input.glossary);
    return waitsForCompletions(family) ? StageFamily::Proactive
           : family == "reactive"      ? StageFamily::Reactive
                                       : StageFamily::Synchronous;
}

StageLayout layOut(StageCanvas& canvas, const QRectF& area, const StageInput& input) {
    StageLayout at;
    at.family = stageFamily(input);
    at.unit = canvas.scale() * canvas.theme().typeSize / 13;
    if (canvas.projector()) {
        at.unit = canvas.scale() * 1.25; // larger type, not larger gaps
    }
    layOutSides(at, canvas, area, input);
    layOutColumns(at, canvas, input);
    layOutRows(at, canvas, input);
    return at;
}

} // namespace lab
