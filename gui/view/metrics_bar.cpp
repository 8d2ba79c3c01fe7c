// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/metrics_bar.h"

#include "gui/model/number_text.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lab {

namespace {

/// Indices of the figures that are always there, the most important one first: what is left out last where there is no
/// room for all.
constexpr std::size_t usualImportance[] = {0, 2, 3, 4, 5, 7, 1, 6};
constexpr double innerGap = 10; ///< pixels between a title and its figure

} // namespace

MetricsBar::MetricsBar(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent) {
    setObjectName(QStringLiteral("metrics"));
    setAccessibleName(tr("Metrics"));
    setToolTip(tr("What the server does and costs, at the playhead"));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize MetricsBar::sizeHint() const {
    if (inOneLine()) {
        return {900, static_cast<int>(std::ceil(theme().typeSize * 1.5 + 12))};
    }
    return {900, static_cast<int>(std::ceil(theme().smallSize * 1.5 + theme().titleSize * 1.7 + 14))};
}

void MetricsBar::setPaced(bool paced, bool stepped) {
    if (paced != m_paced || stepped != m_stepped) {
        m_paced = paced;
        m_stepped = stepped;
        touch();
    }
}

MetricCell MetricsBar::queueCell() const {
    const auto& state = playhead().state();
    const auto* queue = &state.completionQueue;
    QString name = tr("completion queue");
    if (state.readyQueue.pushed > queue->pushed) {
        queue = &state.readyQueue;
        name = tr("ready queue");
    }
    if (state.acceptQueue.pushed > queue->pushed) {
        queue = &state.acceptQueue;
        name = tr("accept queue");
    }
    if (queue->pushed == 0) {
        return {tr("queue"), tr("none"), tr("Nothing has been queued between threads so far")};
    }
    return {tr("queue"), tr("%1 high %2").arg(countText(queue->items.size()), countText(queue->highWater)),
            tr("How much waits in the %1, and the most that ever did").arg(name)};
}

/// The thundering herd, where there is one.
MetricCell MetricsBar::acceptCell() const {
    const auto& totals = playhead().state().totals;
    const auto wakeUps = countText(totals.acceptWakeUps);
    const auto forNothing = countText(totals.acceptsForNothing);
    return {.title = tr("accept"),
            .value = totals.acceptWakeUps == 1 ? tr("1 wake-up, %1 for nothing").arg(forNothing)
                                               : tr("%1 wake-ups, %2 for nothing").arg(wakeUps, forNothing),
            .about = tr("How often an event loop was told that the listening socket is ready, and of these how often "
                        "another one had taken the client already: the thundering herd"),
            .columns = 2,
            .first = totals.acceptsForNothing > 0};
}

std::vector<MetricCell> MetricsBar::figures() const {
    const auto& state = playhead().state();
    const auto values = playhead().follower().series().metrics(state, playhead().follower().view());
    const auto& totals = state.totals;
    const auto paced = m_stepped ? tr("— stepped") : tr("— paced");
    const auto firstByte = values.firstByteP50 ? durationText(*values.firstByteP50) + QStringLiteral(" / ") +
                                                     durationText(values.firstByteP99.value_or(0))
                                               : QStringLiteral("—");
    const auto measuredOnly = tr(". Not shown for a run that was paced or stepped: its times are no measurement");
    std::vector<MetricCell> cells;
    cells.push_back({tr("requests/s"), m_paced ? paced : rateText(values.requestsPerSecond),
                     tr("Responses sent a second, over the recorded second before the playhead") + measuredOnly});
    cells.push_back(
        {tr("first byte p50 / p99"), m_paced ? paced : firstByte,
         tr("From the intended start of a request to its first byte, as the clients saw it") + measuredOnly});
    cells.push_back({tr("connections"), countText(state.connections.size()),
                     tr("Open connections; the most so far: %1").arg(countText(totals.connectionsPeak))});
    cells.push_back({tr("threads"),
                     totals.threadsPeak > totals.threadsAlive
                         ? tr("%1 peak %2").arg(countText(totals.threadsAlive), countText(totals.threadsPeak))
                         : countText(totals.threadsAlive),
                     tr("Server threads alive; started so far: %1").arg(countText(totals.threadsStarted))});
    cells.push_back(queueCell());
    cells.push_back(
        {tr("requests"), countText(totals.requests),
         tr("Responses sent since the start; failures seen by clients: %1").arg(countText(totals.clientFailures))});
    cells.push_back({tr("switches/s"), rateText(values.switchesPerSecond),
                     tr("Context switches of the server's threads a second, voluntary and not")});
    cells.push_back({tr("processor"), tr("%1 %").arg(std::lround(values.processorShare * 100)),
                     tr("Processor time of the server's threads; 100 % is one processor")});
    if (totals.acceptWakeUps + totals.acceptsForNothing > 0) {
        cells.push_back(acceptCell());
    }
    return cells;
}

void MetricsBar::refresh() {
    if (!playhead().hasRecording()) {
        return;
    }
    auto cells = figures();
    if (cells == m_cells) {
        return;
    }
    m_cells = std::move(cells);
    QStringList texts;
    for (const auto& cell : m_cells) {
        texts += cell.title + QStringLiteral(": ") + cell.value;
    }
    setAccessibleDescription(texts.join(QStringLiteral(", ")));
    update();
}

void MetricsBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme().line);
    if (inOneLine()) {
        placeInLine();
        paintLine(painter);
    } else {
        paintColumns(painter);
    }
}

std::vector<std::size_t> MetricsBar::byImportance() const {
    std::vector<std::size_t> order(std::begin(usualImportance), std::end(usualImportance));
    for (auto index = order.size(); index < m_cells.size(); ++index) {
        order.insert(m_cells[index].first ? order.begin() + 1 : order.end(), index);
    }
    return order;
}

void MetricsBar::placeInLine() {
    const QFontMetricsF title(theme().font(theme().smallSize));
    const QFontMetricsF value(theme().font(theme().typeSize, true));
    const double apart = theme().typeSize * 1.4;
    m_widths.resize(m_cells.size(), 0);
    m_places.assign(m_cells.size(), {});
    double room = width() - 32;
    std::size_t shown = 0;
    for (const auto index : byImportance()) {
        if (index >= m_cells.size()) {
            continue;
        }
        const auto& cell = m_cells[index];
        m_widths[index] = std::max(m_widths[index], std::ceil(title.horizontalAdvance(cell.title) + innerGap +
                                                              value.horizontalAdvance(cell.value)));
        const double wanted = m_widths[index] + (shown > 0 ? apart : 0);
        if (wanted > room) {
            break;
        }
        room -= wanted;
        ++shown;
        m_places[index] = QRectF(0, 0, m_widths[index], height());
    }
    const double more = shown > 1 ? std::min(room / static_cast<double>(shown - 1), 2 * apart) : 0;
    double left = 16;
    for (auto& place : m_places) {
        if (!place.isEmpty()) {
            place.moveLeft(left);
            left += place.width() + apart + more;
        }
    }
}

void MetricsBar::paintLine(QPainter& painter) {
    for (std::size_t index = 0; index < m_cells.size(); ++index) {
        auto place = m_places[index];
        if (place.isEmpty()) {
            continue;
        }
        painter.setFont(theme().font(theme().smallSize));
        painter.setPen(theme().textSoft);
        painter.drawText(place, Qt::AlignVCenter, m_cells[index].title);
        place.setLeft(place.left() + QFontMetricsF(painter.font()).horizontalAdvance(m_cells[index].title) + innerGap);
        painter.setFont(theme().font(theme().typeSize, true));
        painter.setPen(theme().text);
        painter.drawText(place.adjusted(0, 0, 8, 0), Qt::AlignVCenter, m_cells[index].value);
    }
}

void MetricsBar::paintColumns(QPainter& painter) {
    m_places.clear();
    int columns = 0;
    for (const auto& cell : m_cells) {
        columns += cell.columns;
    }
    const double columnWidth = (width() - 16.0) / std::max(columns, 1);
    double left = 16;
    const double titleHeight = theme().smallSize * 1.5;
    for (const auto& cell : m_cells) {
        const double cellWidth = columnWidth * cell.columns;
        m_places.emplace_back(left, 0, cellWidth, height());
        painter.setFont(theme().font(theme().smallSize));
        painter.setPen(theme().textSoft);
        const QFontMetricsF titleMetrics(painter.font());
        painter.drawText(QRectF(left, 8, cellWidth - 8, titleHeight), Qt::AlignVCenter,
                         titleMetrics.elidedText(cell.title, Qt::ElideRight, cellWidth - 8));
        double size = theme().typeSize + 2;
        while (size > theme().smallSize &&
               QFontMetricsF(theme().font(size, true)).horizontalAdvance(cell.value) > cellWidth - 8) {
            size -= 1;
        }
        painter.setFont(theme().font(size, true));
        painter.setPen(theme().text);
        painter.drawText(QRectF(left, 8 + titleHeight, cellWidth - 8, height() - titleHeight - 14), Qt::AlignVCenter,
                         cell.value);
        left += cellWidth;
    }
}

bool MetricsBar::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !m_cells.empty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto place = std::ranges::find_if(m_places, [&](const QRectF& one) { return one.contains(help->pos()); });
        const auto index = static_cast<std::size_t>(place - m_places.begin());
        QToolTip::showText(help->globalPos(), index < m_cells.size() ? m_cells[index].about : toolTip(), this);
        return true;
    }
    return LabView::event(event);
}

} // namespace lab
