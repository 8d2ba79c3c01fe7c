// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/stage_scene.h"

#include <QPointF>
#include <QRectF>
#include <QString>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace lab {

// What the stage's picture is made of. Each paints one part of the scene, later ones over earlier ones.

void paintGround(StageScene& scene); ///< title, both storeys, the floor, their names
/// The word for crossing the floor, at its left end or its right one, where none of `lines` (x) crosses it.
void paintCrossing(StageScene& scene, std::span<const double> lines);
void paintSentence(StageScene& scene); ///< what happens now, in words, below
void paintClients(StageScene& scene);
void paintFiles(StageScene& scene);

void paintSockets(StageScene& scene); ///< kernel: listening socket and connections, as boxes, cells or counts
void paintHandlers(StageScene& scene, const QString& title, const QString& acceptor); ///< the same upstairs

/// The Asynchronous Operation Processor with what it performs, and what others do in its stead; where the tokens are,
/// by operation.
std::map<std::uint32_t, QRectF> paintProcessor(StageScene& scene);
QString tokenWords(const OperationState& operation); ///< "read #12"
void paintOperation(StageScene& scene, const QRectF& place, const OperationState& operation);

void paintSynchronous(StageScene& scene);
void paintReactive(StageScene& scene);
void paintProactive(StageScene& scene);

/// One flow of many movements: from, to, how many a second, of what.
struct Flow {
    QPointF from;
    QPointF to;
    double rate = 0;
    QString what; ///< "reads"
    Work work = Work::None;
    double top = 0;      ///< y: the words stand between here
    double bottom = 0;   ///< and here; both 0: anywhere on its way
    QRectF words{};      ///< where they stand instead, in one line or two
    bool leftOf = false; ///< there at the right end, since the stream is right of them
    enum class Bend { None, Arrives, Leaves } bend = Bend::None; ///< sideways: at its end, or at its beginning
};
/// Of its words in one line.
double widthOfWords(const StageScene& scene, const Flow& flow);
void paintFlows(StageScene& scene, const std::vector<Flow>& flows);
/// What stands close together leaves no room for streams: they go round the completion queue, into its ends.
/// `hooksAt`: x where hooks pass, of the dispatcher where others stand beside it.
std::vector<Flow> proactiveFlows(const StageScene& scene, std::optional<double> hooksAt);

/// What a thread does now, in two or three words: "read #12", "handle_read #12", "waits in epoll_wait".
QString doing(const StageScene& scene, const ThreadState& thread);
/// A thread's figure around `centre`.
void paintFigure(StageScene& scene, QPointF centre, double width, const ThreadState& thread);
/// What a thread that hangs in the kernel leaves upstairs.
void paintEmptyFigure(StageScene& scene, QPointF centre, double width, const ThreadState& thread);
/// Many threads as dots in the colour of their work, in the order of their numbers, with a count.
void paintThreadDots(StageScene& scene, const QRectF& place, const std::vector<const ThreadState*>& threads,
                     const QString& words);
double figureWidth(const StageScene& scene, const QString& longestName, const QString& longestDoing);

/// A token of `kind` for `connection`: "read #12". With a share from 0 to 1 a ring shows how much is done.
void paintToken(StageScene& scene, const QRectF& place, Work work, const QString& words, double share, bool isNow,
                bool isSelected);

QString number(std::uint32_t connection); ///< "#12"
QString stateWords(const StageScene& scene, const ConnectionState& connection);
Work stateWork(const ConnectionState& connection);
QString connectionTip(const StageScene& scene, const ConnectionState& connection);

} // namespace lab
