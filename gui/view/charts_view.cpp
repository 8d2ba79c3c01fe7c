// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/charts_view.h"

#include <QList>
#include <QPen>
#include <QVBoxLayout>
#include <QtCharts/QChart>
#include <QtCharts/QLegend>

#include <algorithm>

namespace lab {

ChartsView::ChartsView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_remark(new QLabel(this)) {
    setObjectName(QStringLiteral("charts"));
    setAccessibleName(tr("Charts"));
    setToolTip(tr("Throughput and latency over the recorded time"));
    m_remark->setWordWrap(true);
    m_remark->setMargin(14);
    m_remark->setAccessibleName(tr("About the charts"));
    m_remark->setToolTip(tr("Why there is no curve"));
    m_throughput = makePanel(tr("Throughput"), tr("requests a second"), {});
    m_latency = makePanel(tr("First byte"), tr("p50, ms"), tr("p99, ms"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_remark);
    layout->addWidget(m_throughput.view, 1);
    layout->addWidget(m_latency.view, 1);
    layout->addStretch(0);
}

ChartsView::Panel ChartsView::makePanel(const QString& name, const QString& first, const QString& second) {
    Panel panel;
    auto* chart = new QChart;
    panel.time = new QValueAxis;
    panel.time->setTitleText(tr("seconds"));
    panel.time->setLabelFormat(QStringLiteral("%g"));
    panel.value = new QValueAxis;
    panel.value->setLabelFormat(QStringLiteral("%g"));
    panel.value->setTickCount(4);
    chart->addAxis(panel.time, Qt::AlignBottom);
    chart->addAxis(panel.value, Qt::AlignLeft);
    const auto addCurve = [&](const QString& title) {
        auto* curve = new QLineSeries;
        curve->setName(title);
        chart->addSeries(curve);
        curve->attachAxis(panel.time);
        curve->attachAxis(panel.value);
        return curve;
    };
    panel.first = addCurve(first);
    panel.second = second.isEmpty() ? nullptr : addCurve(second);
    panel.playhead = addCurve(tr("playhead"));
    chart->legend()->setAlignment(Qt::AlignTop);
    chart->setMargins({4, 0, 8, 0});
    chart->setBackgroundRoundness(0);
    panel.view = new QChartView(chart, this);
    panel.view->setRenderHint(QPainter::Antialiasing);
    panel.view->setFrameShape(QFrame::NoFrame);
    panel.view->setAccessibleName(name);
    panel.view->setToolTip(tr("%1 over the recorded time; the vertical line is the playhead").arg(name));
    return panel;
}

void ChartsView::setPaced(bool paced) {
    m_paced = paced;
    touch();
}

void ChartsView::themeChanged() {
    paintPanel(m_throughput, theme().of(Work::Read), theme().of(Work::Read));
    paintPanel(m_latency, theme().of(Work::Read), theme().of(Work::Write));
    m_remark->setFont(theme().font(theme().typeSize));
}

void ChartsView::paintPanel(Panel& panel, const QColor& first, const QColor& second) {
    auto* chart = panel.view->chart();
    chart->setBackgroundBrush(theme().window);
    panel.view->setBackgroundBrush(theme().window);
    chart->legend()->setLabelColor(theme().text);
    chart->legend()->setFont(theme().font(theme().smallSize));
    for (auto* axis : {panel.time, panel.value}) {
        axis->setLabelsColor(theme().textSoft);
        axis->setLabelsFont(theme().font(theme().smallSize));
        axis->setTitleBrush(theme().textSoft);
        axis->setTitleFont(theme().font(theme().smallSize));
        axis->setGridLineColor(theme().line);
        axis->setLinePenColor(theme().line);
    }
    panel.first->setPen(QPen(first, 2));
    if (panel.second != nullptr) {
        panel.second->setPen(QPen(second, 2, Qt::DashLine));
    }
    panel.playhead->setPen(QPen(theme().now, 1.5));
}

void ChartsView::showRange(Panel& panel, double seconds, double top) {
    panel.time->setRange(0, std::max(seconds, 0.1));
    panel.value->setRange(0, std::max(top * 1.1, 0.001));
    panel.value->applyNiceNumbers();
    panel.time->applyNiceNumbers();
    const double at = static_cast<double>(playhead().state().time) / 1e9;
    panel.playhead->replace(QList<QPointF>{{at, 0}, {at, panel.value->max()}});
}

void ChartsView::refresh() {
    if (!playhead().hasRecording()) {
        return;
    }
    if (m_shown != &playhead().follower()) {
        m_shown = &playhead().follower();
        m_series.clear();
    }
    m_series.follow(m_shown->series());
    const auto& points = m_series.points();
    const bool empty = m_paced || points.empty();
    m_remark->setVisible(empty);
    m_throughput.view->setVisible(!empty);
    m_latency.view->setVisible(!empty);
    if (empty) {
        m_remark->setText(m_paced ? tr("This run is paced or stepped, so its times are no measurement. For curves, set "
                                       "the pace to full speed and start again.")
                                  : tr("The curves begin after some tenths of a second of traffic."));
        return;
    }
    QList<QPointF> requests;
    QList<QPointF> p50;
    QList<QPointF> p99;
    double most = 0;
    double slowest = 0;
    for (const auto& point : points) {
        requests.append({point.seconds, point.requestsPerSecond});
        most = std::max(most, point.requestsPerSecond);
        if (point.hasLatency) {
            p50.append({point.seconds, point.p50 / 1e6});
            p99.append({point.seconds, point.p99 / 1e6});
            slowest = std::max(slowest, point.p99 / 1e6);
        }
    }
    m_throughput.first->replace(requests);
    m_latency.first->replace(p50);
    m_latency.second->replace(p99);
    const double seconds = static_cast<double>(m_shown->newest().time) / 1e9;
    showRange(m_throughput, seconds, most);
    showRange(m_latency, seconds, slowest);
}

} // namespace lab
