// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/stage_scene.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// A thread that is shown as a figure.
struct LoopStand {
    const ThreadState* thread = nullptr;
    double x = 0;
};

/// Where threads, handle sets and the queue between threads stand: follows from who runs an event loop or dispatches
/// completions, and from which queue was used. A value.
///
/// One handle set (Reactor, Half-Sync/Half-Async, Leader/Followers): the dispatcher, those who wait at it, then the
/// queue and those who take from it. Several (Cherokee's designs): who hands over, the queue, then each loop above a
/// handle set of its own.
struct StageCast {
    std::vector<LoopStand> stands;
    std::vector<const ThreadState*> others; ///< that have no figure
    double width = 0;                       ///< of a figure
    QRectF dispatcher;                      ///< empty where each loop has its own
    QRectF queue;                           ///< empty where there is none
    QRectF queueBack;                       ///< connections on their way back into a loop; empty where there are none
    const QueueState* queued = nullptr;     ///< what stands in the queue
    QString queueName;
    std::vector<QRectF> bars; ///< of the handle sets: one for all, or one a loop in the order of `owners`
    std::vector<std::uint16_t> owners;

    bool several() const { return !owners.empty(); }
    /// The handle set of `actor`'s loop.
    std::optional<QRectF> barOf(std::uint16_t actor) const;
    const LoopStand* standOf(const ThreadState* thread) const;
};

/// A demultiplexer with its handle set, and what is ready in the order of dispatching: of `owner`'s loop, or of all.
void paintHandleSet(StageScene& scene, const QRectF& bar, std::optional<std::uint16_t> owner);
void paintHandleTies(StageScene& scene, const StageCast& cast); ///< from each socket to the handle sets it is in

StageCast placeReactive(const StageScene& scene);
/// Who dispatches completions, beside `dispatcher`; then the queue to a pool, and the pool. No handle sets.
StageCast placeDispatchersAndPool(const StageScene& scene, const QRectF& dispatcher);

/// A queue between threads: its name, its depth, and what waits in it, oldest first.
void paintHandOver(StageScene& scene, const QRectF& place, const QueueState& queue, const QString& name, bool now);
double handOverWidth(const StageScene& scene, const QString& name);

} // namespace lab
