// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/lab_view.h"

#include <QString>
#include <QWidget>

#include <map>

namespace lab {

/// The view that a page shows beside its text, one of the window's kinds: made when it is first wanted.
///
/// Threads: GUI. Owner: the lesson view, whose playhead and selection it borrows.
class LessonSide : public QWidget {
    Q_OBJECT

public:
    LessonSide(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// A LessonView's id (engine/lesson/lesson.h); an empty one, or "stage", shows nothing.
    void showView(const QString& id);
    QString shown() const { return m_shown; } ///< empty: nothing

    void setTheme(const Theme& theme);
    void frame(qint64 now);

    QSize minimumSizeHint() const override { return {200, 120}; }

private:
    LabView* make(const QString& id);

    Playhead& m_playhead;
    SharedSelection& m_selection;
    const Theme* m_theme;
    std::map<QString, LabView*> m_views;
    QString m_shown;
};

} // namespace lab
