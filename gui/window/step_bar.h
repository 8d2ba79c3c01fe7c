// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/step_control.h"
#include "gui/theme/theme.h"
#include "gui/window/until_popup.h"

#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QWidget>

namespace lab {

/// The bar that is there while the server is held: says so, and how it can go on.
///
/// Role: controls only, of the step control, which it borrows. Decides: which of them there is room for; all are in
/// the menu of steps, too.
class StepBar : public QWidget {
    Q_OBJECT

public:
    StepBar(StepControl& control, Playhead& playhead, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

    QMenu& steps() { return *m_steps; } ///< every kind of step; also below the step button of the time bar
    void showSteps(QWidget& below);     ///< opens it
    void showUntil(QWidget& below);     ///< the popup that asks until when
    UntilPopup& until() { return *m_untilPopup; }

    QString status() const { return m_status->toolTip(); }
    QSize minimumSizeHint() const override;

signals:
    void otherChoicesWanted(); ///< from the place of the playhead on
    void candidatesWanted();   ///< the view of who could go next

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QToolButton* addButton(const char* objectName, const QString& title, const QString& about);
    void addButtons();
    void connectButtons();
    void fillSteps();
    void addUntil();
    void addToLayout();
    void refresh();
    void showStatus();
    void arrange();

    StepControl& m_control;
    const Theme* m_theme;
    QMenu* m_steps;
    QMenu* m_untilMenu;
    UntilPopup* m_untilPopup;
    QLabel* m_title;
    QLabel* m_status;
    QToolButton* m_step;
    QToolButton* m_next;
    QToolButton* m_thread;
    QToolButton* m_request;
    QToolButton* m_until;
    QToolButton* m_candidates;
    QToolButton* m_others;
    QToolButton* m_goOn;
};

} // namespace lab
