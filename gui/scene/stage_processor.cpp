// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/work_of.h"
#include "gui/model/number_text.h"
#include "gui/scene/stage_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace lab {

namespace {

/// What it is, where, and for how long.
QString operationTip(const StageScene& scene, const OperationState& operation, const QString& where) {
    const auto since = operation.phase == OperationPhase::InKernel ? operation.initiatedAt : operation.completedAt;
    const auto time = scene.state().time > since ? scene.state().time - since : 0;
    return QStringLiteral("operation %1, %2 - %3 for %4")
        .arg(QString::number(operation.id), tokenWords(operation), where, durationText(static_cast<double>(time)));
}

/// How much of it is done; below 0 where that is not known.
double shareDone(const StageScene& scene, const OperationState& operation) {
    const auto* connection = scene.connection(operation.connection);
    const bool sends = operation.kind == Operation::Transmit || operation.kind == Operation::Write;
    if (!sends || !connection || connection->octetsToSend <= 0) {
        return -1;
    }
    return static_cast<double>(connection->octetsSent) / static_cast<double>(connection->octetsToSend);
}

/// "Asio on epoll" beside the participant's name: it is emulated, and by whom.
QString honesty(const StageScene& scene) {
    const auto processor = processorAt(scene.state(), scene.input.glossary);
    if (processor.find("epoll") == std::string::npos) {
        return text(processor);
    }
    const auto name = text(std::string_view(processor).substr(0, processor.find(' ')));
    return name + QStringLiteral(", emulated: epoll beneath");
}

/// io_uring's two rings at the header's right, each with how much is in it; returns what is left of the header.
QRectF paintRings(StageScene& scene, QRectF header) {
    const auto& state = scene.state();
    if (state.submissionRing.passed == 0 && state.completionRing.passed == 0) {
        return header;
    }
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const bool submits = scene.now.type == EventType::SubmissionQueued;
    const bool enters = (scene.now.type == EventType::CallEntered || scene.now.type == EventType::CallPerformed ||
                         scene.now.type == EventType::CallLeft) &&
                        state.last.kindAs<SystemCall>() == SystemCall::IoUringEnter;
    const auto ring = [&](const QString& name, const RingState& from, bool now) {
        const auto words = name + QLatin1Char(' ') + countText(from.depth);
        const double wide = canvas.width(Type::SmallBold, name + QStringLiteral(" 000"));
        const double radius = header.height() * 0.42;
        const QRectF place(header.right() - wide, header.top(), wide, header.height());
        canvas.text(place, Qt::AlignLeft | Qt::AlignVCenter, words, Type::SmallBold,
                    now ? scene.theme.nowText : scene.theme.text);
        const QPointF centre(place.left() - radius - 5 * unit, header.center().y());
        constexpr double full = 8; // a circle: more is told by the number
        canvas.ring(centre, radius, 1, scene.theme.boxLine);
        canvas.ring(centre, radius, std::min(1.0, static_cast<double>(from.depth) / full),
                    now ? scene.theme.now : scene.theme.of(Work::Read));
        canvas.hit(place.adjusted(-2 * radius - 8 * unit, 0, 0, 0), {},
                   QStringLiteral("%1: %2 now, at most %3; %4 went through it")
                       .arg(name, countText(from.depth), countText(from.highWater), countText(from.passed)));
        header.setRight(centre.x() - radius - 14 * unit);
    };
    ring(QStringLiteral("completion ring"), state.completionRing, enters && scene.now.type != EventType::CallEntered);
    ring(QStringLiteral("submission ring"), state.submissionRing, submits || enters);
    return header;
}

/// How many answers wait for their turn to be sent, at the header's right end, where answers have ever waited. Returns
/// what is left of the header.
QRectF paintTransmitQueue(StageScene& scene, QRectF header, double least) {
    auto& canvas = scene.canvas;
    const auto& queue = scene.state().transmitQueue;
    if (queue.pushed == 0) {
        return header;
    }
    const auto words = QStringLiteral("transmit queue %1  ·  high-water %2")
                           .arg(countText(queue.items.size()), countText(queue.highWater));
    if (canvas.width(Type::Small, words) + least + 20 * scene.unit() > header.width()) {
        return header;
    }
    const auto type = scene.now.type;
    const bool now = (type == EventType::QueuePushed || type == EventType::QueuePopped) &&
                     scene.state().last.kindAs<Queue>() == Queue::Transmit;
    const auto place = canvas.text(header, Qt::AlignRight | Qt::AlignVCenter, words, Type::Small,
                                   now ? scene.theme.nowText : scene.theme.textSoft);
    canvas.hit(place, {}, QStringLiteral("Answers that wait, while as many as may be are being sent"));
    header.setRight(place.left() - 14 * scene.unit());
    return header;
}

void paintProcessorHeader(StageScene& scene) {
    auto& canvas = scene.canvas;
    const auto& box = scene.at.engine;
    const double unit = scene.unit();
    canvas.box(box, scene.theme.panel, scene.theme.boxLine, 1.3 * unit, 8 * unit);
    const auto name = QStringLiteral("Asynchronous Operation Processor");
    const auto whole = name + QStringLiteral("  ·  ") + honesty(scene);
    QRectF header(box.left() + 10 * unit, box.top() + 4 * unit, box.width() - 20 * unit,
                  canvas.height(Type::SmallBold));
    header = paintRings(scene, header);
    if (scene.processor) {
        const auto waits = scene.processor->activity == Activity::InCall;
        const auto words = waits ? QStringLiteral("its thread waits in ") + text(lab::words(scene.processor->call))
                                 : QStringLiteral("its thread runs");
        const double wide = canvas.width(Type::Small, words) + 40 * unit;
        if (wide + canvas.width(Type::SmallBold, whole) < header.width()) {
            const bool now = scene.isNow(*scene.processor);
            const auto place = canvas.text(header, Qt::AlignRight | Qt::AlignVCenter, words, Type::Small,
                                           now ? scene.theme.nowText : scene.theme.textSoft);
            canvas.dot({place.left() - 8 * unit, header.center().y()}, 4 * unit,
                       now ? scene.theme.now : scene.theme.of(waits ? Work::Wait : Work::Read));
            canvas.hit(place, {Selection::Kind::Thread, scene.processor->actor}, words);
            header.setRight(place.left() - 22 * unit);
        }
    }
    header = paintTransmitQueue(scene, header, canvas.width(Type::SmallBold, name));
    for (const auto& words : {whole, name, honesty(scene)}) {
        if (canvas.width(Type::SmallBold, words) <= header.width()) {
            canvas.text(header, Qt::AlignLeft, words, Type::SmallBold, scene.theme.textSoft);
            return;
        }
    }
}

/// One of which nothing is with the processor at the moment.
void paintElsewhere(StageScene& scene, const QRectF& place, const OperationState& operation, const QString& where,
                    const QString& tip) {
    auto& canvas = scene.canvas;
    const bool now = scene.now.operation == operation.id;
    const bool chosen = scene.isSelected(Selection::Kind::Operation, operation.id);
    canvas.pill(place, scene.theme.panel, scene.outline(now, chosen, scene.theme.of(workOf(operation.kind))),
                1.6 * scene.unit(), true);
    canvas.text(place.adjusted(place.height() * 0.42, 0, -place.height() * 0.3, 0), Qt::AlignLeft | Qt::AlignVCenter,
                number(operation.connection) + QLatin1Char(' ') + where, Type::SmallBold, scene.theme.text);
    canvas.hit(place, {Selection::Kind::Operation, operation.id}, operationTip(scene, operation, tip));
}

/// Waits for its turn, or is the pool's. False: it is with the processor.
bool paintIfElsewhere(StageScene& scene, const QRectF& place, const OperationState& operation) {
    if (operation.waitsToTransmit) {
        paintElsewhere(scene, place, operation, QStringLiteral("waits"),
                       QStringLiteral("waits in the transmit queue for its turn"));
    } else if (const auto* thread = scene.state().threads.get(operation.performedBy); operation.isOfPool && thread) {
        const auto name = scene.nameOf(*thread);
        paintElsewhere(scene, place, operation, name,
                       QStringLiteral("performed by %1, with calls of its own").arg(name));
    } else if (operation.isOfPool) {
        paintElsewhere(scene, place, operation, QStringLiteral("waits"),
                       QStringLiteral("waits in the ready queue for a thread of the pool"));
    } else {
        return false;
    }
    return true;
}

/// Operations of one kind, all the processor's or all the pool's.
struct Sort {
    Operation kind = Operation::None;
    bool isOfPool = false;
    auto operator<=>(const Sort&) const = default;
};

/// Operations without a column: "read x 58", "4 by the pool".
void paintRest(StageScene& scene, const std::map<Sort, std::size_t>& rest, const std::vector<bool>& taken) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const auto& at = scene.at;
    const double high = canvas.height(Type::Small) + 8 * unit;
    const double y = at.engine.bottom() - 7 * unit - high;
    std::size_t column = 0;
    for (const auto& [sort, count] : rest) {
        const auto name = text(lab::words(sort.kind));
        const auto words = sort.isOfPool ? QStringLiteral("%1 by the pool").arg(countText(count))
                           : count == 1  ? name
                                         : QStringLiteral("%1 × %2").arg(name, countText(count));
        const double wide = std::max(at.columnWidth, canvas.width(Type::SmallBold, words) + high);
        const auto span = static_cast<std::size_t>(std::ceil((wide - at.columnWidth) / at.pitch)) + 1;
        const auto free = [&](std::size_t from) {
            return std::none_of(taken.begin() + static_cast<std::ptrdiff_t>(from),
                                taken.begin() + static_cast<std::ptrdiff_t>(from + span), [](bool one) { return one; });
        };
        while (column + span <= taken.size() && !free(column)) {
            ++column;
        }
        if (column + span > taken.size()) {
            return;
        }
        const QRectF place(at.columnAt(column) - at.columnWidth / 2, y, wide, high);
        for (double shift = count > 1 ? 3 : 0; shift >= 0; shift -= 3) { // a stack: more than one
            const auto one = place.translated(shift * unit, -shift * unit);
            const auto colour = scene.theme.of(workOf(sort.kind));
            canvas.pill(one, sort.isOfPool ? scene.theme.panel : colour, sort.isOfPool ? colour : scene.theme.panel,
                        (sort.isOfPool ? 1.6 : 1) * unit, sort.isOfPool);
        }
        canvas.text(place.adjusted(high * 0.4, 0, -high * 0.3, 0), Qt::AlignLeft | Qt::AlignVCenter, words,
                    Type::SmallBold, sort.isOfPool ? scene.theme.text : scene.theme.textOn(workOf(sort.kind)));
        column += span;
    }
}

} // namespace

QString tokenWords(const OperationState& operation) {
    const auto kind = text(words(operation.kind));
    return operation.connection == 0 ? kind : kind + QLatin1Char(' ') + number(operation.connection);
}

void paintOperation(StageScene& scene, const QRectF& place, const OperationState& operation) {
    constexpr std::array<const char*, 3> places{"in the kernel", "in the completion queue", "with its handler"};
    const bool now = scene.now.operation == operation.id && operation.id != 0;
    const bool chosen =
        scene.isSelected(Selection::Kind::Operation, operation.id) ||
        (scene.input.selection.kind != Selection::Kind::Operation && scene.isRelated(operation.connection));
    paintToken(scene, place, workOf(operation.kind), tokenWords(operation), shareDone(scene, operation), now, chosen);
    scene.canvas.hit(place, {Selection::Kind::Operation, operation.id},
                     operationTip(scene, operation, QLatin1String(places[static_cast<std::size_t>(operation.phase)])));
}

std::map<std::uint32_t, QRectF> paintProcessor(StageScene& scene) {
    std::map<std::uint32_t, QRectF> tokens;
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double unit = scene.unit();
    paintProcessorHeader(scene);
    const double high = canvas.height(Type::Small) + 8 * unit;
    const double y = at.engine.bottom() - 7 * unit - high;
    std::map<Sort, std::size_t> rest;
    std::vector<bool> taken(at.columns, false);
    std::map<std::uint32_t, bool> columnTaken;
    for (const auto& [id, operation] : scene.state().operations) {
        if (operation.phase != OperationPhase::InKernel) {
            continue;
        }
        const auto socket = operation.connection == 0 || scene.columns.contains(operation.connection)
                                ? scene.socketOf(operation.connection)
                                : std::nullopt;
        if (!socket || columnTaken[operation.connection] || operation.kind == Operation::Timer) {
            ++rest[{operation.kind, operation.isOfPool}];
            continue;
        }
        columnTaken[operation.connection] = true;
        if (operation.connection != 0) {
            taken[scene.columns.at(operation.connection)] = true;
        }
        const QRectF place(socket->left(), y, socket->width(), high);
        tokens[id] = place;
        if (paintIfElsewhere(scene, place, operation)) {
            continue;
        }
        const auto x = socket->center().x();
        canvas.line({x, place.bottom()}, {x, socket->top()}, scene.theme.of(workOf(operation.kind)), 1.6 * unit);
        paintOperation(scene, place, operation);
    }
    for (const auto& [id, column] : scene.columns) {
        taken[column] = true;
    }
    paintRest(scene, rest, taken);
    return tokens;
}

} // namespace lab
