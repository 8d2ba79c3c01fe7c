// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/scene/stage_painter.h"
#include "gui/view/lab_view.h"

namespace lab {

/// The stage: the server in two storeys, at the playhead.
///
/// Decides: when single movements give way to flows (more events a second than eyes can follow).
class StageView : public LabView {
    Q_OBJECT

public:
    /// More events a second than this are shown as flows.
    static constexpr double eyesCanFollow = 60;

    StageView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    void setLabels(bool labels);
    bool labels() const { return m_labels; }

    bool showsFlows() const { return m_flows; }
    QSize sizeHint() const override { return {900, 520}; }
    QSize minimumSizeHint() const override { return {420, 260}; }

signals:
    void flowsChanged(bool flows);
    void menuWanted(const QPoint& place); ///< for the selected one; on the screen

protected:
    void refresh() override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void decideFlows();
    std::string sentence() const;

    StagePainter m_painter;
    bool m_flows = false;
    bool m_labels = true;
};

} // namespace lab
