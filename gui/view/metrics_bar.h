// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/lab_view.h"

#include <QPainter>
#include <QRectF>
#include <QString>

#include <vector>

namespace lab {

/// One figure of the metrics bar.
struct MetricCell {
    QString title;
    QString value;
    QString about;      ///< the tool tip
    int columns = 1;    ///< of the width, where all have equal ones
    bool first = false; ///< more important than most, at present

    friend bool operator==(const MetricCell&, const MetricCell&) = default;
};

/// The figures below everything: what the server does and costs, at the playhead.
class MetricsBar : public LabView {
    Q_OBJECT

public:
    MetricsBar(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// Times of a paced run are no measurements: they are not shown.
    void setPaced(bool paced, bool stepped = false);

    const std::vector<MetricCell>& cells() const { return m_cells; }
    /// Where a cell of cells() stands in the picture painted last; empty where it was left out.
    const std::vector<QRectF>& places() const { return m_places; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {300, sizeHint().height()}; }

protected:
    void refresh() override;
    void themeChanged() override {
        m_widths.clear();
        updateGeometry();
    }
    void resizeEvent(QResizeEvent*) override { m_widths.clear(); }
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::vector<MetricCell> figures() const;
    MetricCell queueCell() const;
    MetricCell acceptCell() const;
    std::vector<std::size_t> byImportance() const;           ///< places in cells(), the most important one first
    bool inOneLine() const { return theme().typeSize > 18; } ///< large type: the room is for the stage
    void paintColumns(QPainter& painter);
    void paintLine(QPainter& painter);
    void placeInLine();

    bool m_paced = false;
    bool m_stepped = false;
    std::vector<MetricCell> m_cells;
    std::vector<QRectF> m_places;
    std::vector<double> m_widths; ///< pixels that each took at most: so that a line of them stands still
};

} // namespace lab
