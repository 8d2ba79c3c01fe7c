// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/playhead.h"
#include "gui/theme/theme.h"

#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QWidget>

namespace lab {

/// The lower bar: where in the recording the window is, and how fast events may come.
///
/// Role: controls of the playhead, which it borrows; the pace is the window's to set.
class TimeBar : public QWidget {
    Q_OBJECT

public:
    explicit TimeBar(Playhead& playhead, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void refresh(); ///< shows where the playhead is

    double pace() const;                  ///< events a second; 0: full speed
    void setPace(double eventsPerSecond); ///< no signal
    void changePace(int steps);           ///< as by the slider, with the signal

signals:
    void paceChanged(double eventsPerSecond);

private:
    QToolButton* addButton(const QString& name, const QString& title, const QString& about);
    void connectButtons();
    void showMode();

    Playhead& m_playhead;
    const Theme* m_theme;
    QToolButton* m_toStart;
    QToolButton* m_back;
    QToolButton* m_pause;
    QToolButton* m_forward;
    QToolButton* m_toEnd;
    QSlider* m_scrub;
    QLabel* m_event;
    QLabel* m_paceText;
    QSlider* m_pace;
    double m_exactPace = 0; ///< as set; the slider's steps are coarser
};

} // namespace lab
