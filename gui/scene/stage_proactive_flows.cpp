// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/stage_parts.h"

namespace lab {

namespace {

constexpr double streamOffset = 20; ///< units from the queue's end to a stream's middle
constexpr double wordsAside = 31;   ///< units from the queue's end to the words

/// Comes up from the processor beside the queue and goes into the queue's end.
Flow intoQueue(const StageScene& scene, bool atLeft, double rate, const QString& what, Work work) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double end = atLeft ? at.queue.left() : at.queue.right();
    const double sign = atLeft ? -1 : 1;
    const double words = end + sign * wordsAside * unit;
    const double top = at.floor + 2 * unit;
    Flow flow{{end + sign * streamOffset * unit, at.engine.top()},
              {end, at.queue.center().y() + at.queue.height() * 0.22},
              rate,
              what,
              work};
    flow.bend = Flow::Bend::Arrives;
    flow.leftOf = atLeft;
    flow.words = atLeft ? QRectF(at.left, top, words - at.left, at.engine.top() - top - 2 * unit)
                        : QRectF(words, top, at.right - words, at.engine.top() - top - 2 * unit);
    return flow;
}

/// Leaves the queue's end, over the floor, for those who dispatch.
Flow outOfQueue(const StageScene& scene, bool atLeft) {
    const auto& at = scene.at;
    const double unit = scene.unit();
    const double end = atLeft ? at.queue.left() : at.queue.right();
    const double sign = atLeft ? -1 : 1;
    const double bottom = at.threads + at.boxHeight / 2;
    const double words = end + sign * wordsAside * unit;
    Flow flow{{end, at.queue.center().y() - at.queue.height() * 0.22},
              {end + sign * streamOffset * unit, bottom},
              scene.input.rates.completions,
              QStringLiteral("taken"),
              Work::Wait};
    flow.bend = Flow::Bend::Leaves;
    flow.leftOf = atLeft;
    const double high = at.floor - bottom - 4 * unit;
    flow.words = atLeft ? QRectF(at.left, bottom + 2 * unit, words - at.left, high)
                        : QRectF(words, bottom + 2 * unit, at.right - words, high);
    return flow;
}

} // namespace

std::vector<Flow> proactiveFlows(const StageScene& scene, std::optional<double> hooksAt) {
    const auto& at = scene.at;
    const auto& rates = scene.input.rates;
    const double x = hooksAt.value_or(at.left + 0.6 * (at.right - at.left));
    const double half = at.boxHeight / 2;
    Flow hooks{{x, at.threads - half}, {x, at.handlers + half}, rates.hooks, QStringLiteral("hooks"), Work::Accept};
    if (at.crowd && scene.columns.empty() && at.handlerGrid.isValid()) {
        hooks.to.setY(at.handlerGrid.bottom() + 2 * scene.unit());
    }
    return {hooks, outOfQueue(scene, scene.hasPool()),
            intoQueue(scene, true, rates.reads, QStringLiteral("reads"), Work::Read),
            intoQueue(scene, false, rates.writes, QStringLiteral("writes"), Work::Write)};
}

} // namespace lab
