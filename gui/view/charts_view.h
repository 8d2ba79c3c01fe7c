// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/model/chart_series.h"
#include "gui/view/lab_view.h"

#include <QLabel>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

namespace lab {

/// Throughput and latency over the recorded time, with the playhead in both.
class ChartsView : public LabView {
    Q_OBJECT

public:
    ChartsView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// Times of a paced run are no measurements: a sentence says so in place of the curves.
    void setPaced(bool paced);

protected:
    void refresh() override;
    void themeChanged() override;

private:
    /// One chart: its curves share the axes and the playhead.
    struct Panel {
        QChartView* view = nullptr;
        QLineSeries* first = nullptr;
        QLineSeries* second = nullptr; ///< null: one curve only
        QLineSeries* playhead = nullptr;
        QValueAxis* time = nullptr;
        QValueAxis* value = nullptr;
    };
    Panel makePanel(const QString& name, const QString& first, const QString& second);
    void paintPanel(Panel& panel, const QColor& first, const QColor& second);
    void showRange(Panel& panel, double seconds, double top);

    ChartSeries m_series;
    const RecordingFollower* m_shown = nullptr;
    QLabel* m_remark;
    Panel m_throughput;
    Panel m_latency;
    bool m_paced = false;
};

} // namespace lab
