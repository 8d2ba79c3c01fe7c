// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/selection.h"
#include "gui/scene/stage_input.h"
#include "gui/scene/stage_word.h"
#include "gui/theme/theme.h"

#include <QPainter>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <memory>
#include <optional>
#include <span>

namespace lab {

/// Paints the stage: user space above, kernel below, clients left, files right. State in, picture out.
///
/// Role: view's painter. Threads: any one at a time (GUI thread or an exporter's). Owner: a widget or an exporter.
/// Keeps only caches (texts, the layout of the last picture for hit tests).
class StagePainter {
public:
    StagePainter();
    ~StagePainter();

    /// The whole picture into `area`, in logical pixels.
    void paint(QPainter& painter, const QRectF& area, const StageInput& input, const Theme& theme);

    /// What is at a place of the picture painted last.
    std::optional<Selection> at(QPointF place) const;

    /// A tool tip for it: "connection #12 - sending 5k.bin, 3 of 5 KB"; empty where there is nothing.
    QString toolTipAt(QPointF place) const;

    /// All words of the picture painted last, and where they stand.
    std::span<const StageWord> words() const;

private:
    struct Picture;
    std::unique_ptr<Picture> m_picture;
};

} // namespace lab
