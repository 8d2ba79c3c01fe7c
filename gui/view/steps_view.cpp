// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/steps_view.h"

#include "gui/model/number_text.h"
#include "gui/model/text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr double stepsMargin = 12;
constexpr double discShare = 0.78; ///< radius of a number's disc, in type sizes

} // namespace

StepsView::StepsView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_scrollBar(new QScrollBar(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("steps"));
    setAccessibleName(tr("Steps"));
    setToolTip(tr("The papers' numbered steps of this request. Click a step to go to its event."));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_scrollBar->setAccessibleName(tr("Scroll the steps"));
    m_scrollBar->setToolTip(tr("Scroll the steps"));
    connect(m_scrollBar, &QScrollBar::valueChanged, this, [this] { update(); });
}

void StepsView::refresh() {
    m_listing = {};
    if (playhead().hasRecording() && playhead().position() > 0) {
        m_listing = stepsAt(playhead().follower(), playhead().state(), selection().value());
    }
    QStringList words;
    for (const auto& sequence : m_listing.sequences) {
        words += tr("%1: %2 of %3 steps done")
                     .arg(text(sequence.sequence->title))
                     .arg(sequence.events.size())
                     .arg(sequence.sequence->steps.size());
    }
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    arrange();
    update();
}

StepsView::Mark StepsView::markOf(const RecognisedSequence& sequence, std::size_t step) const {
    if (step >= sequence.events.size()) {
        return step == sequence.events.size() ? Mark::Next : Mark::Later;
    }
    return sequence.events[step] + 1 == playhead().position() ? Mark::Now : Mark::Done;
}

QFont StepsView::fontOf(const Line& line) const {
    return line.kind == Line::Kind::Source
               ? theme().font(theme().smallSize)
               : theme().font(theme().typeSize, line.kind == Line::Kind::Title || line.mark == Mark::Now);
}

QRectF StepsView::wordsOf(const Line& line) const {
    if (line.kind != Line::Kind::Step) {
        return line.area.adjusted(stepsMargin, 0, -stepsMargin, 0);
    }
    const double number = 2 * theme().typeSize * discShare + 8;
    const double event =
        QFontMetricsF(theme().mono(theme().smallSize)).horizontalAdvance(QStringLiteral("888,888")) + 6;
    return line.area.adjusted(stepsMargin + number, 2, -stepsMargin - event, -2);
}

void StepsView::arrange() {
    m_lines.clear();
    double top = 8;
    for (std::size_t place = 0; place < m_listing.sequences.size(); ++place) {
        arrangeSequence(place, top);
        top += 10;
    }
    double now = 0; // below the step that happens, or comes next, in the sequence at hand
    for (const auto& line : m_lines) {
        if (line.sequence == 0 && (line.mark == Mark::Now || line.mark == Mark::Next)) {
            now = line.area.bottom();
        }
    }
    m_scrollBar->setRange(0, std::max(0, static_cast<int>(std::ceil(top)) - height()));
    m_scrollBar->setPageStep(height());
    m_scrollBar->setVisible(m_scrollBar->maximum() > 0);
    m_scrollBar->setValue(static_cast<int>(std::ceil(now)) + 4 - height());
}

void StepsView::arrangeSequence(std::size_t place, double& top) {
    const auto& sequence = m_listing.sequences[place];
    Line line;
    line.sequence = place;
    line.kind = Line::Kind::Title;
    line.words = text(sequence.sequence->title);
    if (sequence.connection != 0) {
        line.words += QStringLiteral(" · #%1").arg(sequence.connection);
    }
    add(line, top);
    line.kind = Line::Kind::Source;
    line.words = text(sequence.sequence->source);
    add(line, top);
    top += 4;
    line.kind = Line::Kind::Step;
    for (line.step = 0; line.step < sequence.sequence->steps.size(); ++line.step) {
        line.words = text(sequence.sequence->steps[line.step]);
        line.mark = markOf(sequence, line.step);
        const bool happened = line.step < sequence.events.size();
        line.event = happened ? sequence.events[line.step] : RecognisedSequence::unseen;
        add(line, top);
    }
}

void StepsView::add(Line line, double& top) {
    line.area = QRectF(0, top, width() - m_scrollBar->sizeHint().width(), 1000);
    const QFontMetricsF metrics(fontOf(line));
    double high = metrics.boundingRect(wordsOf(line), Qt::AlignTop | Qt::TextWordWrap, line.words).height();
    if (line.kind == Line::Kind::Step) {
        high = std::max(high, 2 * theme().typeSize * discShare) + 5;
    }
    line.area.setHeight(high);
    top += high;
    m_lines.push_back(std::move(line));
}

void StepsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme().window);
    if (m_lines.empty()) {
        painter.setFont(theme().font(theme().typeSize));
        painter.setPen(theme().textSoft);
        painter.drawText(QRectF(rect()).adjusted(stepsMargin, stepsMargin, -stepsMargin, -stepsMargin),
                         Qt::AlignTop | Qt::TextWordWrap,
                         m_listing.topic.empty()
                             ? tr("The papers' steps appear when something happens for a connection.")
                             : tr("None of the papers' numbered sequences fits what has happened here so far."));
        return;
    }
    painter.translate(0, -m_scrollBar->value());
    const QRectF sight(0, m_scrollBar->value(), width(), height());
    for (const auto& line : m_lines) {
        if (line.area.intersects(sight)) {
            paintLine(painter, line);
        }
    }
}

void StepsView::paintLine(QPainter& painter, const Line& line) const {
    const auto words = wordsOf(line);
    const bool happened = line.mark == Mark::Done || line.mark == Mark::Now;
    const bool isStep = line.kind == Line::Kind::Step;
    painter.setFont(fontOf(line));
    painter.setPen(line.kind == Line::Kind::Source                  ? theme().textSoft
                   : isStep && line.mark == Mark::Now               ? theme().nowText
                   : !isStep || happened || line.mark == Mark::Next ? theme().text
                                                                    : theme().textFaint);
    painter.drawText(words, (isStep ? Qt::AlignVCenter : Qt::AlignTop) | Qt::TextWordWrap, line.words);
    if (!isStep) {
        return;
    }
    const double radius = theme().typeSize * discShare;
    paintNumber(painter, QPointF(stepsMargin + radius, line.area.center().y()), line);
    if (happened) {
        const bool seen = line.event != RecognisedSequence::unseen;
        painter.setFont(seen ? theme().mono(theme().smallSize) : theme().font(theme().smallSize));
        painter.setPen(theme().textSoft);
        painter.drawText(line.area.adjusted(0, 0, -stepsMargin, 0), Qt::AlignRight | Qt::AlignVCenter,
                         seen ? countText(line.event) : tr("not seen"));
    }
}

/// A disc with the step's number: filled and ticked when it has happened, bright when it happens now, outlined when
/// it is next.
void StepsView::paintNumber(QPainter& painter, QPointF centre, const Line& line) const {
    const auto& colours = theme();
    const double radius = colours.typeSize * discShare;
    const bool filled = line.mark == Mark::Done || line.mark == Mark::Now;
    const auto ground = line.mark == Mark::Now ? colours.nowText : colours.textSoft;
    QPen pen(line.mark == Mark::Next    ? colours.nowText
             : line.mark == Mark::Later ? colours.boxLine
                                        : ground,
             line.mark == Mark::Next ? 2.0 : 1.2);
    if (line.mark == Mark::Next) {
        pen.setDashPattern({2, 1.5});
    }
    painter.setPen(pen);
    painter.setBrush(filled ? QBrush(ground) : QBrush(Qt::NoBrush));
    painter.drawEllipse(centre, radius, radius);
    painter.setFont(colours.font(colours.smallSize, true));
    painter.setPen(filled ? colours.window : colours.textFaint);
    painter.drawText(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), Qt::AlignCenter,
                     QString::number(line.step + 1));
    if (filled) {
        const double unit = radius * 0.36;
        const QPointF foot(centre.x() + radius * 0.8, centre.y() + radius * 0.95);
        const QPolygonF tick({foot + QPointF(-unit, -unit), foot, foot + QPointF(1.5 * unit, -2.2 * unit)});
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.window, 4.5));
        painter.drawPolyline(tick);
        painter.setPen(QPen(colours.of(Work::File), 2.2));
        painter.drawPolyline(tick);
    }
}

QRectF StepsView::stepPlace(std::size_t place, std::size_t step) const {
    for (const auto& line : m_lines) {
        if (line.kind == Line::Kind::Step && line.sequence == place && line.step == step) {
            return line.area.translated(0, -m_scrollBar->value()).intersected(QRectF(rect()));
        }
    }
    return {};
}

const StepsView::Line* StepsView::lineAt(QPointF place) const {
    const auto found = std::ranges::find_if(m_lines, [&](const Line& line) {
        return line.kind == Line::Kind::Step && line.area.contains(place + QPointF(0, m_scrollBar->value()));
    });
    return found == m_lines.end() ? nullptr : &*found;
}

void StepsView::mousePressEvent(QMouseEvent* event) {
    if (const auto* line = lineAt(event->position()); line && line->event != RecognisedSequence::unseen) {
        playhead().seek(line->event + 1);
    }
}

void StepsView::resizeEvent(QResizeEvent* event) {
    LabView::resizeEvent(event);
    const int wide = m_scrollBar->sizeHint().width();
    m_scrollBar->setGeometry(width() - wide, 0, wide, height());
    arrange();
}

void StepsView::wheelEvent(QWheelEvent* event) {
    m_scrollBar->setValue(m_scrollBar->value() - event->angleDelta().y() / 2);
}

bool StepsView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto* line = lineAt(help->pos())) {
            const bool happened = line->mark == Mark::Done || line->mark == Mark::Now;
            QToolTip::showText(help->globalPos(), line->event != RecognisedSequence::unseen
                                                      ? tr("Go to event %1").arg(countText(line->event))
                                                  : happened ? tr("No event tells of it: the client is outside")
                                                             : tr("Not yet"));
            return true;
        }
    }
    return LabView::event(event);
}

} // namespace lab
