// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/collaboration_painter.h"
#include "gui/view/lab_view.h"
#include "gui/view/steps_view.h"

#include <QComboBox>
#include <QLabel>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>

namespace lab {

/// The diagram itself, with its scroll bar.
class CollaborationDiagram : public LabView {
    Q_OBJECT

public:
    CollaborationDiagram(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    void setScope(Scope scope);
    Scope scope() const { return m_scope; }
    const Collaboration& collaboration() const { return m_what; }
    const CollaborationPainter& painter() const { return m_painter; }

    QSize sizeHint() const override { return {400, 420}; }
    QSize minimumSizeHint() const override { return {220, 160}; }

signals:
    void shown(); ///< another picture

protected:
    void refresh() override;
    void themeChanged() override { m_stale = true; }
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();

    Scope m_scope = Scope::Request;
    Collaboration m_what;
    CollaborationLayout m_layout;
    CollaborationPainter m_painter;
    QScrollBar* m_scrollBar;
    bool m_stale = true; ///< the layout does not fit the size or the theme any more
};

/// The papers' interaction diagram, filled by the events of one request, one connection, one operation or all, and
/// the papers' numbered steps below it.
class CollaborationView : public LabView {
    Q_OBJECT

public:
    CollaborationView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    CollaborationDiagram& diagram() { return *m_diagram; }
    StepsView& steps() { return *m_steps; }

protected:
    void refresh() override;
    void themeChanged() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrangeParts(); ///< where there is no room for both, one at a time
    void showTitle();
    void stayOrFollow();

    QLabel* m_title;
    QComboBox* m_scope;
    QToolButton* m_stay;
    QToolButton* m_onlySteps; ///< where there is no room for both
    CollaborationDiagram* m_diagram;
    StepsView* m_steps;
    QSplitter* m_parts;
};

} // namespace lab
