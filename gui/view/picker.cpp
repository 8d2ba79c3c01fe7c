// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/picker.h"

#include <QPainterPath>
#include <QStyleOptionComboBox>
#include <QStylePainter>

#include <algorithm>

namespace lab {

int Picker::roomFor(int wide) const {
    QStyleOptionComboBox option;
    initStyleOption(&option);
    option.rect = QRect(0, 0, wide, height());
    const auto field = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    return field.width() - 4;
}

int Picker::widthOf(const QString& text) const {
    constexpr int any = 1000;                                              // the frame is the same for every width
    return fontMetrics().horizontalAdvance(text) + 2 + any - roomFor(any); // 2: for what the advance rounds away
}

int Picker::widthOfWidest() const {
    int widest = 0;
    for (int item = 0; item < count(); ++item) {
        widest = std::max(widest, widthOf(itemText(item)));
    }
    return widest;
}

QString Picker::shownText() const {
    return fontMetrics().elidedText(currentText(), Qt::ElideRight, std::max(0, roomFor(width())));
}

void Picker::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    option.currentText = shownText();
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
    // The style sheet has no arrow; without one the picker looks like a field for text.
    const double side = fontMetrics().height() * 0.17;
    const QPointF middle(width() - fontMetrics().height() * 0.55, height() / 2.0);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::ButtonText), side * 0.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF(
        {middle + QPointF(-side, -side / 2), middle + QPointF(0, side / 2), middle + QPointF(side, -side / 2)}));
}

} // namespace lab
