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

bool waitsAtQueue(const ThreadState& thread) { return thread.activity == Activity::InCall; }

QString tokenWords(const OperationState& operation) {
    const auto kind = text(words(operation.kind));
    return operation.connection == 0 ? kind : kind + QLatin1Char(' ') + number(operation.connection);
}

QString operationTip(const StageScene& scene, const OperationState& operation) {
    const auto since = operation.phase == OperationPhase::InKernel ? operation.initiatedAt : operation.completedAt;
    const auto time = scene.state().time > since ? scene.state().time - since : 0;
    constexpr std::array<const char*, 3> places{"in the kernel", "in the completion queue", "with its handler"};
    return QStringLiteral("operation %1, %2 - %3 for %4")
        .arg(QString::number(operation.id), tokenWords(operation),
             QLatin1String(places[static_cast<std::size_t>(operation.phase)]), durationText(static_cast<double>(time)));
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

struct Places {
    std::map<std::uint32_t, QRectF> tokens; ///< by operation
    std::map<std::uint32_t, QRectF> items;  ///< by operation, in the queue
    std::map<std::uint16_t, QPointF> threads;
    double figure = 0; ///< width
};

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

void paintOperation(StageScene& scene, const QRectF& place, const OperationState& operation) {
    const bool now = scene.now.operation == operation.id && operation.id != 0;
    const bool chosen =
        scene.isSelected(Selection::Kind::Operation, operation.id) ||
        (scene.input.selection.kind != Selection::Kind::Operation && scene.isRelated(operation.connection));
    paintToken(scene, place, workOf(operation.kind), tokenWords(operation), shareDone(scene, operation), now, chosen);
    scene.canvas.hit(place, {Selection::Kind::Operation, operation.id}, operationTip(scene, operation));
}

/// One that waits for its turn to be sent: nothing of it is with the kernel at the moment.
void paintWaiting(StageScene& scene, const QRectF& place, const OperationState& operation) {
    auto& canvas = scene.canvas;
    const bool now = scene.now.operation == operation.id;
    const bool chosen = scene.isSelected(Selection::Kind::Operation, operation.id);
    canvas.pill(place, scene.theme.panel, scene.outline(now, chosen, scene.theme.of(workOf(operation.kind))),
                1.6 * scene.unit(), true);
    canvas.text(place.adjusted(place.height() * 0.42, 0, -place.height() * 0.3, 0), Qt::AlignLeft | Qt::AlignVCenter,
                QStringLiteral("%1 waits").arg(number(operation.connection)), Type::SmallBold, scene.theme.text);
    canvas.hit(place, {Selection::Kind::Operation, operation.id},
               operationTip(scene, operation) + QStringLiteral("; waits in the transmit queue for its turn"));
}

/// Operations without a column, by kind: "read x 58".
void paintRest(StageScene& scene, const std::map<Operation, std::size_t>& rest, const std::vector<bool>& taken) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    const auto& at = scene.at;
    const double high = canvas.height(Type::Small) + 8 * unit;
    const double y = at.engine.bottom() - 7 * unit - high;
    std::size_t column = 0;
    for (const auto& [kind, count] : rest) {
        const auto name = text(lab::words(kind));
        const auto words = count == 1 ? name : QStringLiteral("%1 × %2").arg(name, countText(count));
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
            canvas.pill(place.translated(shift * unit, -shift * unit), scene.theme.of(workOf(kind)), scene.theme.panel,
                        unit);
        }
        canvas.text(place.adjusted(high * 0.4, 0, -high * 0.3, 0), Qt::AlignLeft | Qt::AlignVCenter, words,
                    Type::SmallBold, scene.theme.textOn(workOf(kind)));
        column += span;
    }
}

void paintProcessor(StageScene& scene, Places& places) {
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const double unit = scene.unit();
    paintProcessorHeader(scene);
    const double high = canvas.height(Type::Small) + 8 * unit;
    const double y = at.engine.bottom() - 7 * unit - high;
    std::map<Operation, std::size_t> rest;
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
            ++rest[operation.kind];
            continue;
        }
        columnTaken[operation.connection] = true;
        if (operation.connection != 0) {
            taken[scene.columns.at(operation.connection)] = true;
        }
        const QRectF place(socket->left(), y, socket->width(), high);
        places.tokens[id] = place;
        const auto& waiting = scene.state().transmitQueue.items;
        if (std::find(waiting.begin(), waiting.end(), id) != waiting.end()) {
            paintWaiting(scene, place, operation);
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
}

/// Name and depth, at the queue's left. Returns what is left of `inner` for the items.
QRectF paintQueueName(StageScene& scene, const QRectF& inner) {
    auto& canvas = scene.canvas;
    const auto& queue = scene.state().completionQueue;
    const auto name = QStringLiteral("completion queue");
    const double first = canvas.height(Type::Bold);
    const double second = canvas.height(Type::Small);
    double wide = canvas.width(Type::Bold, name);
    if (scene.at.twoLines) {
        wide = std::max(wide, canvas.width(Type::Small, QStringLiteral("1,000  ·  high-water 1,000")));
        const double top = inner.center().y() - (first + second) / 2;
        canvas.text(QRectF(inner.left(), top, wide, first), Qt::AlignLeft, name, Type::Bold, scene.theme.text);
        canvas.text(
            QRectF(inner.left(), top + first, wide, second), Qt::AlignLeft,
            QStringLiteral("%1  ·  high-water %2").arg(countText(queue.items.size()), countText(queue.highWater)),
            Type::Small, scene.theme.textSoft);
    } else {
        canvas.text(QRectF(inner.left(), inner.top(), wide, inner.height()), Qt::AlignLeft | Qt::AlignVCenter, name,
                    Type::Bold, scene.theme.text);
    }
    return inner.adjusted(wide + 14 * scene.unit(), 0, 0, 0);
}

/// One item with how long it has waited.
void paintQueueItem(StageScene& scene, Places& places, const QRectF& chip, const OperationState& operation) {
    paintOperation(scene, chip, operation);
    places.items[operation.id] = chip;
    if (scene.at.twoLines) {
        const auto now = scene.state().time;
        const auto waited = now - std::min(now, operation.completedAt);
        const double high = scene.canvas.height(Type::Small);
        scene.canvas.text(QRectF(chip.left(), chip.bottom(), chip.width(), high), Qt::AlignHCenter,
                          durationText(static_cast<double>(waited)), Type::Small, scene.theme.textSoft);
    }
}

void paintQueue(StageScene& scene, Places& places) {
    auto& canvas = scene.canvas;
    const auto& place = scene.at.queue;
    const auto& items = scene.state().completionQueue.items;
    const double unit = scene.unit();
    const bool now = (scene.now.type == EventType::QueuePushed || scene.now.type == EventType::QueuePopped) &&
                     scene.state().last.kindAs<Queue>() == Queue::Completion;
    canvas.box(place, scene.theme.box, scene.outline(now, false, scene.theme.text), (now ? 2.6 : 2.0) * unit,
               std::min(place.height() / 2, 24 * unit));
    auto inner = paintQueueName(scene, place.adjusted(place.height() * 0.36, 0, -place.height() * 0.36, 0));
    const double second = canvas.height(Type::Small);
    const double high = second + 8 * unit;
    const double more = canvas.width(Type::SmallBold, QStringLiteral("+ 10,000"));
    const double top = place.center().y() - (high + (scene.at.twoLines ? second : 0)) / 2;
    auto left = items.size();
    for (const auto id : items) {
        const auto* operation = scene.state().operations.get(id);
        const auto words = operation ? tokenWords(*operation) : QStringLiteral("operation");
        const double wide = canvas.width(Type::SmallBold, words) + high * 0.8;
        if (inner.left() + wide + (left > 1 ? more + 6 * unit : 0) > inner.right()) {
            canvas.text(QRectF(inner.left(), top, inner.width(), high), Qt::AlignLeft | Qt::AlignVCenter,
                        QStringLiteral("+ %1").arg(countText(left)), Type::SmallBold, scene.theme.textSoft);
            break;
        }
        const QRectF chip(inner.left(), top, wide, high);
        if (operation) {
            paintQueueItem(scene, places, chip, *operation);
        }
        inner.setLeft(chip.right() + 7 * unit);
        --left;
    }
}

QRectF completionDispatcherBox(const StageScene& scene) {
    const auto& at = scene.at;
    const double words = std::max(scene.canvas.width(Type::Bold, QStringLiteral("Completion Dispatcher")),
                                  scene.canvas.width(Type::Small, QStringLiteral("10,000 operations outstanding"))) +
                         20 * scene.unit();
    return {at.left, at.threads - at.boxHeight / 2, std::min(words, 0.4 * (at.right - at.left)), at.boxHeight};
}

void paintCompletionDispatcher(StageScene& scene, const QRectF& place) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    canvas.box(place, scene.theme.box, scene.theme.boxLine, 1.2 * unit, 6 * unit);
    const QRectF inner = place.adjusted(10 * unit, 0, -6 * unit, 0);
    const auto name = canvas.width(Type::Bold, QStringLiteral("Completion Dispatcher")) <= inner.width()
                          ? QStringLiteral("Completion Dispatcher")
                          : QStringLiteral("Dispatcher");
    const auto outstanding = scene.state().operations.size();
    const auto words = outstanding == 1 ? QStringLiteral("1 operation outstanding")
                                        : QStringLiteral("%1 operations outstanding").arg(countText(outstanding));
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

/// The threads, with whoever acts now among the first `shown`: at the end of those, where it was not there anyway.
std::vector<const ThreadState*> dispatchersInOrder(const StageScene& scene, std::size_t shown) {
    std::vector<const ThreadState*> threads(scene.threads.begin(), scene.threads.end());
    const auto isNow = [&](const auto* thread) { return scene.isNow(*thread); };
    const auto found = std::find_if(threads.begin(), threads.end(), isNow);
    const auto last = threads.begin() + static_cast<std::ptrdiff_t>(shown) - 1;
    if (found != threads.end() && found > last) {
        std::iter_swap(found, last);
    }
    return threads;
}

void paintDispatcherThreads(StageScene& scene, Places& places, double left) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    QString longest = QStringLiteral("dispatcher");
    for (const auto* thread : scene.threads) {
        const auto name = scene.nameOf(*thread);
        longest = name.size() > longest.size() ? name : longest;
    }
    const double gap = 14 * unit;
    places.figure = std::min(figureWidth(scene, longest, QStringLiteral("handle_accept #00")), at.right - left);
    auto room = static_cast<std::size_t>(std::floor((at.right - left + gap) / (places.figure + gap)));
    const bool all = scene.threads.size() <= room;
    const double more = all ? 0 : 90 * unit;
    room = all ? room
               : static_cast<std::size_t>(
                     std::max(1.0, std::floor((at.right - left - more + gap) / (places.figure + gap))));
    const auto shown = std::min(room, scene.threads.size());
    const double pitch = all && shown > 0 ? (at.right - left) / static_cast<double>(shown) : places.figure + gap;
    const auto threads = dispatchersInOrder(scene, shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& thread = *threads[i];
        const double x = all ? left + (static_cast<double>(i) + 0.5) * pitch
                             : left + places.figure / 2 + static_cast<double>(i) * pitch;
        places.threads[thread.actor] = {x, at.threads};
        if (waitsAtQueue(thread)) {
            const double end = std::clamp(x, at.queue.left() + 30 * unit, at.queue.right() - 30 * unit);
            scene.canvas.curve({x, at.threads + at.boxHeight / 2}, {end, at.queue.top()},
                               scene.isNow(thread) ? scene.theme.now : scene.theme.of(Work::Wait), 1.8 * unit);
        }
        paintFigure(scene, {x, at.threads}, places.figure, thread);
    }
    if (!all) {
        const double x = left + static_cast<double>(shown) * pitch;
        paintThreadDots(scene, QRectF(x, at.threads - at.boxHeight / 2, at.right - x, at.boxHeight),
                        {threads.begin() + static_cast<std::ptrdiff_t>(shown), threads.end()},
                        QStringLiteral("+ %1").arg(threads.size() - shown));
    }
}

/// From threads to the hooks that they are in: bright for the one entered now.
void paintHookCurves(StageScene& scene, const Places& places) {
    auto& canvas = scene.canvas;
    const double unit = scene.unit();
    for (const auto* thread : scene.threads) {
        const auto place = places.threads.find(thread->actor);
        const auto handler = scene.handlerUnder(*thread);
        if (place == places.threads.end() || !handler) {
            continue;
        }
        const QPointF from = place->second - QPointF(0, scene.at.boxHeight / 2);
        const QPointF to(handler->center().x(), handler->bottom());
        if (scene.now.type == EventType::HookEntered && scene.isNow(*thread)) {
            canvas.arrow(from, to, scene.theme.now, 2.4 * unit);
        } else {
            canvas.curve(from, to, scene.theme.of(thread->work == Work::None ? Work::Wait : thread->work), 1.8 * unit);
        }
    }
}

/// A bright arrow for what the last event says.
void paintNowArrow(StageScene& scene, const Places& places) {
    using enum EventType;
    auto& canvas = scene.canvas;
    const auto& at = scene.at;
    const auto& now = scene.now;
    const double width = 2.4 * scene.unit();
    const double half = at.boxHeight / 2;
    const auto token = places.tokens.find(now.operation);
    const auto item = places.items.find(now.operation);
    const auto thread = now.thread ? places.threads.find(now.thread->actor) : places.threads.end();
    const bool isOfTransmitQueue =
        (now.type == QueuePushed || now.type == QueuePopped) && scene.state().last.kindAs<Queue>() == Queue::Transmit;
    if (now.type == OperationInitiated && token != places.tokens.end()) {
        const auto from = thread != places.threads.end() ? thread->second + QPointF(0, half)
                                                         : QPointF(token->second.center().x(), at.floor);
        canvas.arrow(from, {token->second.center().x(), token->second.top()}, scene.theme.now, width);
    } else if (isOfTransmitQueue) {
        return; // between operations that all are below
    } else if (now.type == OperationCompleted || now.type == QueuePushed) {
        const auto socket = scene.columnOf(now.connection);
        const double to = item != places.items.end() ? item->second.center().x() : at.queue.right() - 40 * scene.unit();
        const double y = item != places.items.end() && !at.twoLines ? item->second.bottom() : at.queue.bottom();
        canvas.arrow({socket.value_or(to), at.engine.top()}, {to, y}, scene.theme.now, width);
    } else if (now.type == QueuePopped && thread != places.threads.end()) {
        const double edge = 40 * scene.unit();
        const double x = std::clamp(thread->second.x(), at.queue.left() + edge, at.queue.right() - edge);
        canvas.arrow({x, at.queue.top()}, thread->second + QPointF(0, half), scene.theme.now, width);
    }
}

} // namespace

void paintProactive(StageScene& scene) {
    Places places;
    const auto dispatcher = completionDispatcherBox(scene);
    paintProcessor(scene, places);
    paintSockets(scene);
    paintHandlers(scene, QStringLiteral("Handler"), QStringLiteral("Acceptor"));
    if (scene.input.labels) {
        paintCompletionDispatcher(scene, dispatcher);
    }
    paintQueue(scene, places);
    paintDispatcherThreads(scene, places, scene.input.labels ? dispatcher.right() + 24 * scene.unit() : scene.at.left);
    if (scene.input.flows) {
        paintFlows(scene, proactiveFlows(scene));
    } else {
        paintHookCurves(scene, places);
        paintNowArrow(scene, places);
    }
}

} // namespace lab
