// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/view/lab_view.h"

#include <QString>

#include <vector>

namespace lab {

/// One figure of the metrics bar.
struct MetricCell {
    QString title;
    QString value;
    QString about; ///< the tool tip

    friend bool operator==(const MetricCell&, const MetricCell&) = default;
};

/// The figures below everything: what the server does and costs, at the playhead.
class MetricsBar : public LabView {
    Q_OBJECT

public:
    MetricsBar(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// Times of a paced run are no measurements: they are not shown.
    void setPaced(bool paced);

    const std::vector<MetricCell>& cells() const { return m_cells; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {300, sizeHint().height()}; }

protected:
    void refresh() override;
    void themeChanged() override { updateGeometry(); }
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::vector<MetricCell> figures() const;
    MetricCell queueCell() const;

    bool m_paced = false;
    std::vector<MetricCell> m_cells;
};

} // namespace lab
