// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/threads_view.h"

#include "gui/model/number_text.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

constexpr double threadsMargin = 14;
constexpr double barHeight = 7;

QString percent(std::uint64_t part, std::uint64_t whole) {
    const double share = whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    return part > 0 && share < 1 ? QStringLiteral("< 1 %") : QStringLiteral("%1 %").arg(std::lround(share));
}

} // namespace

ThreadsView::ThreadsView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_scrollBar(new QScrollBar(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("threads"));
    setAccessibleName(tr("Threads"));
    setToolTip(tr("Why each thread waits, who woke it, and what its time goes into"));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    m_scrollBar->setAccessibleName(tr("Scroll the threads"));
    m_scrollBar->setToolTip(tr("Scroll the threads"));
    connect(m_scrollBar, &QScrollBar::valueChanged, this, [this] { refresh(); });
}

double ThreadsView::line() const { return std::ceil(QFontMetricsF(theme().font(theme().typeSize)).height()); }
double ThreadsView::rowHeight() const { return 4 * line() + barHeight + 20; }
double ThreadsView::headHeight() const { return 2 * line() + 12; }

std::size_t ThreadsView::rowsInSight() const {
    return static_cast<std::size_t>(std::max(1.0, std::ceil((height() - headHeight()) / rowHeight())));
}

void ThreadsView::refresh() {
    m_listing = {};
    if (playhead().hasRecording()) {
        m_listing = listThreads(playhead().state(), playhead().follower(),
                                static_cast<std::size_t>(m_scrollBar->value()), rowsInSight());
    }
    const auto whole = static_cast<int>((height() - headHeight()) / rowHeight());
    const QSignalBlocker blocked(m_scrollBar);
    m_scrollBar->setRange(0, std::max(0, static_cast<int>(m_listing.all) - std::max(1, whole)));
    m_scrollBar->setPageStep(std::max(1, whole));
    m_scrollBar->setVisible(m_scrollBar->maximum() > 0);
    QStringList words;
    for (const auto& row : m_listing.rows) {
        words += QStringLiteral("%1 %2").arg(row.name, row.what);
    }
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    update();
}

void ThreadsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme().window);
    m_places.clear();
    paintHead(painter);
    double top = headHeight();
    for (const auto& row : m_listing.rows) {
        paintRow(painter, row, top);
        top += rowHeight();
    }
}

void ThreadsView::paintHead(QPainter& painter) const {
    const QRectF area(threadsMargin, 6, width() - 2 * threadsMargin, headHeight() - 8);
    painter.setFont(theme().font(theme().typeSize, true));
    painter.setPen(theme().text);
    painter.drawText(area, Qt::AlignTop, m_listing.all == 1 ? tr("1 thread") : tr("%1 threads").arg(m_listing.all));
    painter.setFont(theme().font(theme().smallSize));
    painter.setPen(theme().textSoft);
    QStringList remarks;
    if (!m_listing.heldIsToldApart) {
        remarks += tr("running and held are not told apart");
    }
    if (!m_listing.runnableIsKnown) {
        remarks += tr("waiting for a processor was not sampled");
    }
    const auto words =
        remarks.isEmpty() ? tr("share of the time since each began") : remarks.join(QStringLiteral(" · "));
    painter.drawText(area.adjusted(0, line(), 0, 0), Qt::AlignTop,
                     QFontMetricsF(painter.font()).elidedText(words, Qt::ElideRight, area.width()));
}

void ThreadsView::paintRow(QPainter& painter, const ThreadRow& row, double top) {
    const double right = width() - threadsMargin - (m_scrollBar->isVisible() ? m_scrollBar->width() : 0);
    const QRectF area(0, top, width(), rowHeight());
    const bool selected = selection().value() == Selection{Selection::Kind::Thread, row.actor};
    painter.fillRect(QRectF(threadsMargin, top, right - threadsMargin, 1), theme().line);
    if (selected) {
        painter.fillRect(QRectF(0, top, 3, rowHeight()), theme().now);
    }
    const auto body = theme().font(theme().typeSize);
    const auto draw = [&](int number, const QString& words, const QFont& font, const QColor& colour, int alignment) {
        const double below = number > 1 ? barHeight + 6 : 0; // the bar is after the second line
        const QRectF place(threadsMargin, top + 6 + number * line() + below, right - threadsMargin, line());
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(place, alignment | Qt::AlignVCenter,
                         QFontMetricsF(font).elidedText(words, Qt::ElideRight, place.width()));
        return place;
    };
    draw(0, row.name, theme().font(theme().typeSize, true), theme().text, Qt::AlignLeft);
    draw(0, tr("%1 %2").arg(row.waits ? tr("waits") : tr("runs"), durationText(static_cast<double>(row.since))), body,
         theme().textSoft, Qt::AlignRight);
    draw(1, row.what, body, theme().text, Qt::AlignLeft);
    paintTime(painter, row.time, QRectF(threadsMargin, top + 9 + 2 * line(), right - threadsMargin, barHeight));
    draw(2, timeWords(row.time), theme().font(theme().smallSize), theme().textSoft, Qt::AlignLeft);
    Place place{area, {}, row.actor, {}};
    if (row.waker) {
        auto font = body;
        font.setUnderline(true);
        auto words = tr("woken by %1, event %2").arg(row.wokenBy, countText(row.waker->event));
        if (QFontMetricsF(font).horizontalAdvance(words) > right - threadsMargin) {
            words = tr("woken by %1, event %2")
                        .arg(row.wokenBy.section(QLatin1Char(':'), 0, 0), countText(row.waker->event));
        }
        place.waker = draw(3, words, font, theme().nowText, Qt::AlignLeft);
        place.event = row.waker->event;
    } else {
        draw(3, row.woken && !row.begun ? tr("no event tells who woke it") : tr("not woken yet"), body,
             theme().textFaint, Qt::AlignLeft);
    }
    m_places.push_back(place);
}

/// The whole bar is the thread's whole life: waiting, runnable, running.
void ThreadsView::paintTime(QPainter& painter, const ThreadTime& time, const QRectF& bar) const {
    const std::array<std::pair<std::uint64_t, Work>, 3> parts{
        {{time.waiting, Work::Wait}, {time.runnable, Work::Write}, {time.running, Work::Read}}};
    double left = bar.left();
    for (const auto& [part, work] : parts) {
        const double wide =
            time.whole() == 0 ? 0 : bar.width() * static_cast<double>(part) / static_cast<double>(time.whole());
        painter.fillRect(QRectF(left, bar.top(), wide, bar.height()), theme().of(work));
        left += wide;
    }
}

QString ThreadsView::timeWords(const ThreadTime& time) const {
    QStringList words{tr("waiting %1").arg(percent(time.waiting, time.whole()))};
    if (m_listing.runnableIsKnown) {
        words += tr("runnable %1").arg(percent(time.runnable, time.whole()));
    }
    words += (m_listing.heldIsToldApart ? tr("running %1") : tr("running or held %1"))
                 .arg(percent(time.running, time.whole()));
    return words.join(QStringLiteral(" · "));
}

QRectF ThreadsView::wakerPlace(std::uint16_t actor) const {
    const auto found = std::ranges::find(m_places, actor, &Place::actor);
    return found == m_places.end() ? QRectF() : found->waker;
}

void ThreadsView::mousePressEvent(QMouseEvent* event) {
    for (const auto& place : m_places) {
        if (place.event && place.waker.contains(event->position())) {
            playhead().seek(*place.event + 1);
            return;
        }
        if (place.row.contains(event->position())) {
            selection().set({Selection::Kind::Thread, place.actor});
            return;
        }
    }
}

void ThreadsView::mouseMoveEvent(QMouseEvent* event) {
    const bool link = std::ranges::any_of(
        m_places, [&](const Place& place) { return place.event && place.waker.contains(event->position()); });
    setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ThreadsView::resizeEvent(QResizeEvent* event) {
    LabView::resizeEvent(event);
    const int wide = m_scrollBar->sizeHint().width();
    m_scrollBar->setGeometry(width() - wide, static_cast<int>(headHeight()), wide,
                             height() - static_cast<int>(headHeight()));
    touch();
}

void ThreadsView::wheelEvent(QWheelEvent* event) {
    m_scrollBar->setValue(m_scrollBar->value() - (event->angleDelta().y() > 0 ? 1 : -1));
}

} // namespace lab
