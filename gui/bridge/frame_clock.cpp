// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/frame_clock.h"

#include <algorithm>

namespace lab {

FrameClock::FrameClock(QObject* parent)
    : QObject(parent) {
    m_timer.setTimerType(Qt::PreciseTimer);
    constexpr int betweenFrames = 15; // ms; one that comes a little late is still one of sixty in a second
    m_timer.setInterval(betweenFrames);
    connect(&m_timer, &QTimer::timeout, this, &FrameClock::tick);
}

void FrameClock::start() {
    m_sinceLast.start();
    m_timer.start();
}

void FrameClock::tick() {
    const auto milliseconds = static_cast<double>(m_sinceLast.nsecsElapsed()) / 1e6;
    m_sinceLast.restart();
    m_statistics.addInterval(milliseconds);
    // After a long pause (a suspended machine) nothing leaps.
    emit frame(std::min(milliseconds / 1e3, 0.25));
}

} // namespace lab
