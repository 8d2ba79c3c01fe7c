// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/frame_statistics.h"
#include "gui/theme/theme.h"

#include <QLabel>

namespace lab {

/// Frame intervals and paint times of the last 240 frames, in a corner above the stage.
class FrameOverlay : public QLabel {
    Q_OBJECT

public:
    explicit FrameOverlay(QWidget* parent);

    void setTheme(const Theme& theme);
    void show(const FrameStatistics& statistics);
};

} // namespace lab
