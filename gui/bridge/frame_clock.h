// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/frame_statistics.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace lab {

/// The window's heart: one signal a frame, whatever the number of events.
///
/// Decides: when a frame begins. Threads: GUI. Owner: the window.
class FrameClock : public QObject {
    Q_OBJECT

public:
    explicit FrameClock(QObject* parent = nullptr);

    void start();
    void stop() { m_timer.stop(); }

    FrameStatistics& statistics() { return m_statistics; }

signals:
    /// `seconds` since the last frame.
    void frame(double seconds);

private:
    void tick();

    QTimer m_timer;
    QElapsedTimer m_sinceLast;
    FrameStatistics m_statistics;
};

} // namespace lab
