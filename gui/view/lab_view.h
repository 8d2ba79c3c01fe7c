// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/playhead.h"
#include "gui/model/shared_selection.h"
#include "gui/theme/theme.h"

#include <QWidget>

namespace lab {

/// What all views have in common: they show the playhead and the selection, at most once a frame, and only when
/// they are visible and something has changed.
///
/// Threads: GUI. Owner: the window, whose playhead and selection it borrows.
class LabView : public QWidget {
    Q_OBJECT

public:
    LabView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

    /// One frame of the window's clock, `now` in milliseconds.
    void frame(qint64 now);

    /// Shortest time between two refreshes, in milliseconds.
    void setInterval(int milliseconds) { m_interval = milliseconds; }

protected:
    virtual void refresh() { update(); } ///< shows what the playhead is at
    virtual void themeChanged() {}

    void showEvent(QShowEvent* event) override;

    void touch() { m_changed = true; } ///< refresh when it is time
    Playhead& playhead() { return m_playhead; }
    const Playhead& playhead() const { return m_playhead; }
    SharedSelection& selection() { return m_selection; }
    const SharedSelection& selection() const { return m_selection; }
    const Theme& theme() const { return *m_theme; }

private:
    Playhead& m_playhead;
    SharedSelection& m_selection;
    const Theme* m_theme;
    int m_interval = 0;
    qint64 m_last = 0;
    bool m_changed = true;
};

} // namespace lab
