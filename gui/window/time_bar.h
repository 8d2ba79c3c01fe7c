// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/step_control.h"
#include "gui/model/playhead.h"
#include "gui/theme/theme.h"

#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QWidget>

namespace lab {

/// The lower bar: where in the recording the window is, and how fast events may come.
///
/// Role: controls of playhead and stepping, which it borrows: to the left what moves the views alone, to the right
/// what the server itself is told. The pace is the window's to set.
class TimeBar : public QWidget {
    Q_OBJECT

public:
    TimeBar(StepControl& control, Playhead& playhead, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void refresh(); ///< shows where the playhead is

    double pace() const;                  ///< events a second; 0: full speed
    void setPace(double eventsPerSecond); ///< no signal
    void changePace(int steps);           ///< as by the slider, with the signal

    QToolButton& stepsButton() { return *m_steps; }

signals:
    void paceChanged(double eventsPerSecond);
    void stepsWanted(); ///< the menu of steps

private:
    QToolButton* addButton(const QString& name, const QString& title, const QString& about);
    void connectButtons();
    void addToLayout();
    void showMode();
    void showServer();

    StepControl& m_control;
    Playhead& m_playhead;
    const Theme* m_theme;
    QToolButton* m_toStart;
    QToolButton* m_back;
    QToolButton* m_pause;
    QToolButton* m_forward;
    QToolButton* m_steps;
    QToolButton* m_toEnd;
    QToolButton* m_hold;
    QSlider* m_scrub;
    QLabel* m_event;
    QLabel* m_paceText;
    QSlider* m_pace;
    double m_exactPace = 0; ///< as set; the slider's steps are coarser
};

} // namespace lab
