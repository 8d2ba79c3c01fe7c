// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scene/collaboration_painter.h"

#include "gui/model/number_text.h"
#include "gui/theme/contrast.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

/// Hues far from each other for numbers near each other.
QColor hueOf(std::uint32_t number, const Theme& theme) {
    return QColor::fromHsl(static_cast<int>(number * 137 % 360), 120, theme.isDark ? 165 : 95);
}

constexpr double barWidth = 8;
constexpr double slotWidth = 5;
constexpr std::size_t mostSlots = 3; ///< bars beside each other at one lifeline
constexpr double nowShare = 0.11;    ///< of the bright colour in the ground of what happens now

} // namespace

QColor colourOfActor(std::uint16_t actor, const Theme& theme) { return hueOf(actor * 3U + 1, theme); }
QColor colourOfConnection(std::uint32_t connection, const Theme& theme) { return hueOf(connection, theme); }

void CollaborationPainter::paint(QPainter& painter, const CollaborationLayout& layout,
                                 const Collaboration& collaboration, const Theme& theme, double scroll) {
    m_painter = &painter;
    m_theme = &theme;
    m_layout = &layout;
    m_what = &collaboration;
    m_scroll = scroll;
    m_places.clear();
    m_words.clear();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(layout.area, theme.window);
    paintLifelines();
    painter.save();
    painter.setClipRect(layout.rows);
    const auto count = collaboration.messages.size();
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(scroll / layout.rowHeight)));
    const auto last =
        static_cast<std::size_t>(std::max(0.0, std::ceil((scroll + layout.rows.height()) / layout.rowHeight)));
    for (const auto& bar : collaboration.bars) {
        paintBar(bar);
    }
    for (auto row = first; row < std::min(last, count); ++row) {
        paintRow(row);
    }
    painter.restore();
    paintNames();
}

CollaborationPainter::When CollaborationPainter::whenOf(std::size_t row) const {
    if (row >= m_what->happened()) {
        return When::Next;
    }
    return m_what->now == row ? When::Now : When::Happened;
}

QColor CollaborationPainter::lineColour(const CollaborationMessage& message, When when) const {
    switch (when) {
    case When::Now: return m_theme->now;
    case When::Next: return m_theme->textFaint;
    default: return message.work == Work::None ? m_theme->textSoft : m_theme->of(message.work);
    }
}

void CollaborationPainter::text(const QRectF& box, Qt::Alignment alignment, const QString& words, const QFont& font,
                                const QColor& colour) {
    const QFontMetricsF metrics(font);
    const bool cut = metrics.horizontalAdvance(words) > box.width() + 0.5;
    const auto shown = cut ? metrics.elidedText(words, Qt::ElideMiddle, box.width()) : words;
    m_painter->setFont(font);
    m_painter->setPen(colour);
    m_painter->drawText(box, static_cast<int>(alignment) | Qt::TextSingleLine, shown);
    const double width = std::min(box.width(), metrics.horizontalAdvance(shown));
    const double left = alignment & Qt::AlignRight     ? box.right() - width
                        : alignment & Qt::AlignHCenter ? box.center().x() - width / 2
                                                       : box.left();
    m_words.push_back({QRectF(left, box.top(), width, box.height()), words, cut});
}

void CollaborationPainter::paintLifelines() {
    m_painter->setPen(QPen(m_theme->boxLine, 1.2, Qt::DotLine));
    for (const auto& lifeline : m_layout->lifelines) {
        m_painter->drawLine(QPointF(lifeline.x, lifeline.box.bottom()), QPointF(lifeline.x, m_layout->rows.bottom()));
    }
}

void CollaborationPainter::paintNames() {
    const auto* now = m_what->now ? &m_what->messages[*m_what->now] : nullptr;
    for (const auto& lifeline : m_layout->lifelines) {
        const bool speaks = now && (now->from == lifeline.participant || now->to == lifeline.participant);
        m_painter->setPen(QPen(speaks ? m_theme->now : m_theme->boxLine, speaks ? 2.4 : 1.2));
        m_painter->setBrush(m_theme->box);
        m_painter->drawRoundedRect(lifeline.box, 6, 6);
        double top = lifeline.box.top() + 4;
        for (const auto& line : lifeline.lines) {
            text(QRectF(lifeline.box.left(), top, lifeline.box.width(), m_layout->line),
                 Qt::AlignHCenter | Qt::AlignVCenter, line, m_theme->font(m_theme->smallSize, true), m_theme->text);
            top += m_layout->line;
        }
    }
}

/// A participant at work: solid; a thread that waits in a call, or a result in the queue: an outline.
void CollaborationPainter::paintBar(const CollaborationBar& bar) {
    const double half = m_layout->line + 2;
    const double top = m_layout->topOf(bar.begin, m_scroll) + half;
    const double bottom =
        bar.end ? m_layout->topOf(*bar.end, m_scroll) + half : m_layout->topOf(m_what->happened(), m_scroll) - 2;
    if (bar.slot >= mostSlots || bottom < m_layout->rows.top() || top > m_layout->rows.bottom() || bottom <= top) {
        return;
    }
    const double x = m_layout->xOf(bar.participant) + static_cast<double>(bar.slot) * slotWidth;
    const auto colour = bar.work == Work::None ? m_theme->textSoft : m_theme->of(bar.work);
    const bool solid = bar.kind == CollaborationBar::Kind::Hook || bar.kind == CollaborationBar::Kind::Operation;
    m_painter->setPen(QPen(solid ? m_theme->window : colour, 1.4));
    m_painter->setBrush(solid ? colour : m_theme->box);
    m_painter->drawRoundedRect(QRectF(x - barWidth / 2, top, barWidth, bottom - top), 2, 2);
}

void CollaborationPainter::paintRow(std::size_t row) {
    const auto& message = m_what->messages[row];
    const auto when = whenOf(row);
    const double top = m_layout->topOf(row, m_scroll);
    const QRectF band(m_layout->area.left(), top, m_layout->area.width(), m_layout->rowHeight);
    if (when == When::Now) {
        m_painter->fillRect(band, mixed(m_theme->now, m_theme->window, nowShare));
        m_painter->fillRect(QRectF(band.left(), band.top(), 3, band.height()), m_theme->now);
    }
    m_places.push_back({band.intersected(m_layout->rows), row});
    paintNumbers(message, top, when);
    paintArrow(message, top + m_layout->line + 2, when);
    paintLabel(message, top, when);
    paintThread(message, top + m_layout->line + 5, when);
}

QColor CollaborationPainter::groundOf(When when) const {
    auto ground = when == When::Now ? mixed(m_theme->now, m_theme->window, nowShare) : m_theme->window;
    ground.setAlpha(205);
    return ground;
}

void CollaborationPainter::paintNumbers(const CollaborationMessage& message, double top, When when) {
    const QRectF first(m_layout->area.left() + 6, top, m_layout->gutter - 12, m_layout->line);
    const auto colour = when == When::Now ? m_theme->nowText : when == When::Next ? m_theme->textFaint : m_theme->text;
    text(first, Qt::AlignRight | Qt::AlignVCenter, countText(message.event),
         m_theme->mono(m_theme->smallSize, when == When::Now), colour);
    const auto since = static_cast<double>(message.time - std::min(message.time, m_what->messages.front().time));
    text(first.translated(0, m_layout->line + 3), Qt::AlignRight | Qt::AlignVCenter,
         when == When::Next ? QStringLiteral("next") : QStringLiteral("+") + durationText(since),
         m_theme->font(m_theme->smallSize), when == When::Now ? m_theme->nowText : m_theme->textFaint);
}

void CollaborationPainter::paintArrow(const CollaborationMessage& message, double y, When when) {
    const auto colour = lineColour(message, when);
    const double width = when == When::Now ? 2.6 : 1.5;
    const bool dashed = message.isReply || when == When::Next;
    const double from = m_layout->xOf(message.from);
    const double to = m_layout->xOf(message.to);
    if (message.from == message.to) {
        paintSelfArrow(from, y, colour, width, dashed);
        return;
    }
    const double direction = to > from ? 1 : -1;
    QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap);
    if (dashed) {
        pen.setDashPattern({4, 3});
    }
    m_painter->setPen(pen);
    const double size = 6 + 1.6 * width;
    m_painter->drawLine(QPointF(from, y), QPointF(to - direction * size * 0.8, y));
    head(QPointF(to, y), direction, colour, size);
}

/// What a participant does for itself: out to the right and back.
void CollaborationPainter::paintSelfArrow(double x, double y, const QColor& colour, double width, bool dashed) {
    const bool room = x + 26 < m_layout->area.right();
    const double out = room ? 18 : -18;
    QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    if (dashed) {
        pen.setDashPattern({4, 3});
    }
    m_painter->setPen(pen);
    m_painter->setBrush(Qt::NoBrush);
    const std::array<QPointF, 4> way{QPointF(x, y - 3), QPointF(x + out, y - 3), QPointF(x + out, y + 5),
                                     QPointF(x + (room ? 5 : -5), y + 5)};
    m_painter->drawPolyline(way.data(), static_cast<int>(way.size()));
    head(QPointF(x, y + 5), room ? -1 : 1, colour, 6 + width);
}

void CollaborationPainter::head(QPointF tip, double direction, const QColor& colour, double size) {
    const std::array<QPointF, 3> corners{tip, tip + QPointF(-direction * size, size * 0.5),
                                         tip + QPointF(-direction * size, -size * 0.5)};
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(colour);
    m_painter->drawPolygon(corners.data(), static_cast<int>(corners.size()));
}

/// The message's words above its arrow; with its connection's number where several are shown.
void CollaborationPainter::paintLabel(const CollaborationMessage& message, double top, When when) {
    const auto font = m_theme->font(m_theme->smallSize, when == When::Now);
    const QFontMetricsF metrics(font);
    const bool numbered = m_what->scope == Scope::Everything && message.connection != 0;
    const auto number = QStringLiteral("#%1").arg(message.connection);
    const double chip =
        numbered ? QFontMetricsF(m_theme->font(m_theme->smallSize, true)).horizontalAdvance(number) + 12 : 0;
    const double room = m_layout->area.right() - 6 - m_layout->left();
    const double width = std::min(room, metrics.horizontalAdvance(message.text) + chip + 3);
    const double middle = (m_layout->xOf(message.from) + m_layout->xOf(message.to)) / 2;
    double left = std::clamp(middle - width / 2, m_layout->left(),
                             std::max(m_layout->left(), m_layout->area.right() - 6 - width));
    auto ground = groundOf(when); // lifelines behind do not disturb
    m_painter->fillRect(QRectF(left - 2, top + 1, width + 3, m_layout->line), ground);
    if (numbered) {
        const auto colour = colourOfConnection(message.connection, *m_theme);
        const QRectF pill(left, top + 1, chip - 4, m_layout->line);
        m_painter->setPen(QPen(colour, 1.4));
        m_painter->setBrush(when == When::Next ? m_theme->window : colour);
        m_painter->drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
        const QColor onColour = contrast(QColor(Qt::white), colour) >= 4.5 ? QColor(Qt::white) : QColor(Qt::black);
        text(pill, Qt::AlignCenter, number, m_theme->font(m_theme->smallSize, true),
             when == When::Next ? m_theme->text : onColour);
        left += chip;
    }
    text(QRectF(left, top, width - chip, m_layout->line), Qt::AlignLeft | Qt::AlignVCenter, message.text, font,
         when == When::Now    ? m_theme->nowText
         : when == When::Next ? m_theme->textFaint
                              : m_theme->text);
}

/// Which thread carried it: its colour and name, below the arrow.
void CollaborationPainter::paintThread(const CollaborationMessage& message, double top, When when) {
    const auto font = m_theme->font(m_theme->smallSize);
    const double width = QFontMetricsF(font).horizontalAdvance(message.thread) + 14;
    const double middle = (m_layout->xOf(message.from) + m_layout->xOf(message.to)) / 2;
    const double self = message.from == message.to ? 24 + width / 2 : 0;
    const bool right = middle + self + width / 2 < m_layout->area.right();
    const double left = std::clamp(middle + (right ? self : -self) - width / 2, m_layout->left(),
                                   std::max(m_layout->left(), m_layout->area.right() - 6 - width));
    auto ground = groundOf(when);
    m_painter->fillRect(QRectF(left - 1, top + 2, width + 2, m_layout->line - 2), ground);
    const auto colour = colourOfActor(message.actor, *m_theme);
    m_painter->setPen(QPen(colour, 1.4));
    m_painter->setBrush(when == When::Next ? m_theme->window : colour);
    m_painter->drawEllipse(QPointF(left + 5, top + m_layout->line / 2), 3.6, 3.6);
    text(QRectF(left + 13, top, width - 12, m_layout->line), Qt::AlignLeft | Qt::AlignVCenter, message.thread, font,
         when == When::Next ? m_theme->textFaint : m_theme->textSoft);
}

std::optional<std::size_t> CollaborationPainter::rowAt(QPointF place) const {
    const auto found = std::ranges::find_if(m_places, [place](const Place& one) { return one.area.contains(place); });
    return found == m_places.end() ? std::nullopt : std::optional(found->row);
}

} // namespace lab
