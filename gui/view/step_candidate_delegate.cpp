// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/step_candidate_delegate.h"

#include "gui/model/candidate_list_model.h"

#include <QListView>
#include <QPainter>

#include <cmath>

namespace lab {

namespace {

constexpr int side = 12;
constexpr int above = 7;

int lineOf(double type) { return static_cast<int>(std::ceil(type * 1.5)); }

} // namespace

QRect CandidateDelegate::sentencePlace(const QRect& row) const {
    const int dot = qRound(m_theme->typeSize * 1.7);
    return row.adjusted(side + dot, above + lineOf(m_theme->typeSize), -side, -above);
}

void CandidateDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option) const {
    const auto& theme = *m_theme;
    const bool current = option.state.testFlag(QStyle::State_Selected);
    const bool focused = current && option.state.testFlag(QStyle::State_HasFocus);
    const bool under = option.state.testFlag(QStyle::State_MouseOver);
    const auto box = QRectF(option.rect).adjusted(4.5, 1.5, -4.5, -1.5);
    if (current || under) {
        auto ground = theme.now;
        ground.setAlpha(current ? 30 : 16);
        painter.setPen(focused ? QPen(theme.now, 2) : QPen(Qt::NoPen));
        painter.setBrush(ground);
        painter.drawRoundedRect(box, 6, 6);
    }
}

void CandidateDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto& theme = *m_theme;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintGround(*painter, option);
    const auto work = static_cast<Work>(index.data(CandidateListModel::WorkRole).toInt());
    const auto ring = work == Work::None ? theme.textSoft : theme.of(work);
    const auto head = option.rect.adjusted(side, above, -side, 0);
    const int line = lineOf(theme.typeSize);
    const double radius = theme.typeSize * 0.42;
    painter->setPen(QPen(ring, 2, Qt::DotLine));
    painter->setBrush(Qt::NoBrush);
    painter->drawEllipse(QPointF(head.left() + radius + 1, head.top() + line / 2.0), radius, radius);

    const int left = qRound(theme.typeSize * 1.7);
    const auto connection = index.data(CandidateListModel::ConnectionRole).toString();
    painter->setFont(theme.mono(theme.typeSize - 1));
    painter->setPen(theme.textSoft);
    const int room = painter->fontMetrics().horizontalAdvance(connection);
    painter->drawText(QRect(head.right() - room, head.top(), room + 1, line), Qt::AlignVCenter | Qt::AlignRight,
                      connection);
    painter->setFont(theme.font(theme.typeSize, true));
    painter->setPen(theme.text);
    const auto name =
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, head.width() - left - room - side);
    painter->drawText(QRect(head.left() + left, head.top(), head.width() - left - room, line), Qt::AlignVCenter, name);
    painter->setFont(theme.font(theme.typeSize));
    painter->setPen(theme.textSoft);
    painter->drawText(sentencePlace(option.rect), Qt::AlignTop | Qt::TextWordWrap,
                      index.data(CandidateListModel::SentenceRole).toString());
    painter->restore();
}

QSize CandidateDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto* list = qobject_cast<const QListView*>(option.widget);
    const int width = list != nullptr ? list->viewport()->width() : 320;
    const auto place = sentencePlace(QRect(0, 0, width, 400));
    const auto text = QFontMetrics(m_theme->font(m_theme->typeSize))
                          .boundingRect(QRect(0, 0, place.width(), 400), Qt::TextWordWrap,
                                        index.data(CandidateListModel::SentenceRole).toString());
    return {width, 2 * above + lineOf(m_theme->typeSize) + text.height()};
}

} // namespace lab
