// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/queue_view.h"

#include "gui/model/number_text.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace lab {

namespace {

constexpr std::size_t mostItems = 60;
constexpr double queueMargin = 14;

QString title(Queue queue) {
    const auto text = words(queue);
    auto title = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    title[0] = title[0].toUpper();
    return title;
}

} // namespace

QueueView::QueueView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent) {
    setObjectName(QStringLiteral("queue"));
    setAccessibleName(tr("Queues"));
    setToolTip(tr("What waits between threads at this event. Click an item to select it."));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void QueueView::refresh() {
    m_listings.clear();
    if (playhead().hasRecording()) {
        m_listings = listQueues(playhead().state(), playhead().follower(), mostItems);
    }
    QStringList texts;
    for (const auto& listing : m_listings) {
        texts += tr("%1: %2 waiting").arg(title(listing.queue)).arg(listing.depth);
    }
    setAccessibleDescription(texts.join(QStringLiteral(", ")));
    update();
}

void QueueView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme().window);
    m_places.clear();
    if (m_listings.empty()) {
        paintEmpty(painter);
        return;
    }
    double top = queueMargin;
    for (const auto& listing : m_listings) {
        top = paintListing(painter, listing, top) + 2 * queueMargin;
    }
}

void QueueView::paintEmpty(QPainter& painter) const {
    painter.setFont(theme().font(theme().typeSize));
    painter.setPen(theme().textSoft);
    painter.drawText(
        QRectF(rect()).adjusted(queueMargin, queueMargin, -queueMargin, -queueMargin), Qt::AlignTop | Qt::TextWordWrap,
        tr("Nothing has been queued between threads so far. The proactive models queue completed operations, "
           "and some others connections or requests; where there is no such queue, what waits, waits in "
           "the kernel."));
}

double QueueView::paintListing(QPainter& painter, const QueueListing& listing, double top) {
    const double line = theme().typeSize * 1.7;
    const double width = this->width() - 2 * queueMargin;
    painter.setFont(theme().font(theme().typeSize, true));
    painter.setPen(theme().text);
    painter.drawText(QRectF(queueMargin, top, width, line), Qt::AlignVCenter, title(listing.queue));
    painter.setFont(theme().font(theme().smallSize));
    painter.setPen(theme().textSoft);
    painter.drawText(QRectF(queueMargin, top + line, width, line), Qt::AlignVCenter,
                     tr("%1 waiting · high-water %2 · %3 taken so far")
                         .arg(countText(listing.depth), countText(listing.highWater), countText(listing.popped)));
    top += 2.3 * line;
    const double rowHeight = theme().typeSize * (isNarrow() ? 4.2 : 2.8) + 14;
    for (const auto& item : listing.items) {
        if (top + rowHeight > height() - line) {
            break;
        }
        const QRectF row(queueMargin, top, width, rowHeight);
        paintItem(painter, item, row, listing);
        m_places.push_back({row, item.selection});
        top += rowHeight;
    }
    const auto shown = static_cast<std::size_t>(
        std::ranges::count_if(m_places, [&](const Place& place) { return place.area.bottom() <= top + 1; }));
    if (listing.depth > shown && m_listings.size() == 1) {
        painter.setFont(theme().font(theme().smallSize));
        painter.setPen(theme().textSoft);
        painter.drawText(QRectF(queueMargin, top, width, line), Qt::AlignVCenter,
                         tr("and %1 more").arg(countText(listing.depth - shown)));
        top += line;
    }
    return top;
}

/// Who put it there, and who takes it: as recorded, or else who could.
QStringList QueueView::historyOf(const QueueItem& item, const QueueListing& listing) const {
    const auto from = item.pushedBy.isEmpty() ? tr("pushed long ago") : tr("pushed by %1").arg(item.pushedBy);
    if (!item.takenBy.isEmpty()) {
        return {from, tr("%1 takes it in %2").arg(item.takenBy, durationText(static_cast<double>(item.takenIn)))};
    }
    if (listing.waiting.empty()) {
        return {from, tr("no thread is free for it")};
    }
    const auto first = listing.waiting.front();
    return {from, listing.waiting.size() == 1
                      ? tr("%1 waits for it").arg(first)
                      : tr("%1 and %2 more wait for it").arg(first).arg(listing.waiting.size() - 1)};
}

/// Whether who pushed and who takes an item stand in lines of their own, for want of room.
bool QueueView::isNarrow() const {
    const QFontMetricsF metrics(theme().font(theme().smallSize));
    return metrics.horizontalAdvance(QStringLiteral("pushed by dispatcher-8 · dispatcher-8 takes it in 88.8 µs")) >
           width() - 2 * queueMargin - 2 * theme().typeSize;
}

void QueueView::paintItem(QPainter& painter, const QueueItem& item, const QRectF& row,
                          const QueueListing& listing) const {
    const bool selected = item.selection == selection().value();
    const double line = theme().typeSize * 1.4;
    const double chip = theme().typeSize * 0.9;
    painter.setPen(selected ? QPen(theme().now, 2) : QPen(Qt::NoPen));
    painter.setBrush(theme().of(item.work));
    painter.drawEllipse(QPointF(row.left() + chip / 2, row.top() + line / 2), chip / 2, chip / 2);
    const double left = row.left() + 1.8 * chip;
    const double waitWidth = theme().typeSize * 5;
    const QFont font = theme().font(theme().typeSize, selected);
    painter.setFont(font);
    painter.setPen(theme().text);
    const double room = row.right() - waitWidth - left;
    painter.drawText(QRectF(left, row.top(), room, line), Qt::AlignVCenter,
                     QFontMetricsF(font).elidedText(item.what, Qt::ElideRight, room));
    painter.drawText(QRectF(row.right() - waitWidth, row.top(), waitWidth, line), Qt::AlignVCenter | Qt::AlignRight,
                     durationText(static_cast<double>(item.waited)));
    painter.setFont(theme().font(theme().smallSize));
    painter.setPen(theme().textSoft);
    const auto history = historyOf(item, listing);
    const auto lines = isNarrow() ? history : QStringList{history.join(QStringLiteral(" · "))};
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QRectF place(left, row.top() + static_cast<double>(i + 1) * line, row.right() - left, line);
        painter.drawText(place, Qt::AlignVCenter,
                         QFontMetricsF(painter.font()).elidedText(lines[i], Qt::ElideRight, place.width()));
    }
    paintWait(painter, item, QRectF(left, row.bottom() - 8, row.right() - left, 4), listing);
}

/// The wait as a bar, next to the longest one.
void QueueView::paintWait(QPainter& painter, const QueueItem& item, const QRectF& bar,
                          const QueueListing& listing) const {
    std::uint64_t longest = 1;
    for (const auto& other : listing.items) {
        longest = std::max(longest, other.waited);
    }
    const double share = static_cast<double>(item.waited) / static_cast<double>(longest);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().line);
    painter.drawRoundedRect(bar, 2, 2);
    painter.setBrush(theme().of(item.work));
    painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(4.0, share * bar.width()), bar.height())), 2, 2);
}

void QueueView::mousePressEvent(QMouseEvent* event) {
    for (const auto& place : m_places) {
        if (place.area.contains(event->position())) {
            selection().set(place.selection);
            return;
        }
    }
}

} // namespace lab
