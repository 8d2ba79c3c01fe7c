// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/side_tabs.h"

#include <QEvent>
#include <QFontMetrics>
#include <QVBoxLayout>

#include <algorithm>

namespace lab {

namespace {

constexpr int tabMargin = 6;

/// A chosen tab is written bold; the room is kept from the beginning, so that no tab moves when one is chosen.
QSize sizeOf(const QToolButton& button) {
    auto bold = button.font();
    bold.setBold(true);
    const int wider = QFontMetrics(bold).horizontalAdvance(button.text()) -
                      QFontMetrics(button.font()).horizontalAdvance(button.text());
    return button.sizeHint() + QSize(std::max(0, wider), 0);
}

} // namespace

SideTabRow::SideTabRow(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("sideTabRow"));
    setAccessibleName(tr("Views beside the stage"));
    auto policy = QSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QToolButton* SideTabRow::add(const QString& title) {
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("sideTab"));
    button->setText(title);
    button->setAccessibleName(title);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    m_buttons.push_back(button);
    return button;
}

int SideTabRow::arrange(int width, bool move) const {
    int left = tabMargin;
    int top = 0;
    int height = 0;
    for (auto* button : m_buttons) {
        button->ensurePolished();
        const auto size = sizeOf(*button);
        if (left > tabMargin && left + size.width() > width - tabMargin) {
            left = tabMargin;
            top += height;
        }
        height = size.height();
        if (move) {
            button->setGeometry(QRect(QPoint(left, top), size));
        }
        left += size.width();
    }
    return top + height;
}

int SideTabRow::heightForWidth(int width) const { return arrange(width, false); }

QSize SideTabRow::sizeHint() const { return {width(), heightForWidth(width())}; }

QSize SideTabRow::minimumSizeHint() const { return {0, heightForWidth(width())}; }

void SideTabRow::resizeEvent(QResizeEvent*) {
    arrange(width(), true);
    updateGeometry();
}

bool SideTabRow::event(QEvent* event) {
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::Polish || event->type() == QEvent::FontChange) {
        arrange(width(), true);
        updateGeometry();
    }
    return done;
}

SideTabs::SideTabs(QWidget* parent)
    : QWidget(parent)
    , m_row(new SideTabRow(this))
    , m_views(new QStackedWidget(this)) {
    m_views->setAccessibleName(tr("Views beside the stage"));
    m_views->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored); // no view makes the window larger
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_row);
    layout->addWidget(m_views, 1);
    m_group.setExclusive(true);
    connect(&m_group, &QButtonGroup::idClicked, this, &SideTabs::setCurrentIndex);
    connect(m_views, &QStackedWidget::currentChanged, this, &SideTabs::currentChanged);
}

int SideTabs::addTab(QWidget* view, const QString& title) {
    const int index = m_views->addWidget(view);
    auto* button = m_row->add(title);
    m_titles.push_back(title);
    m_group.addButton(button, index);
    button->setChecked(index == currentIndex());
    return index;
}

void SideTabs::setTabToolTip(int index, const QString& text) { m_group.button(index)->setToolTip(text); }

void SideTabs::setCurrentIndex(int index) {
    if (auto* button = m_group.button(index)) {
        button->setChecked(true);
        m_views->setCurrentIndex(index);
    }
}

void SideTabs::setTabMark(int index, const QString& mark) {
    auto* button = m_group.button(index);
    const auto& title = m_titles[static_cast<std::size_t>(index)];
    const auto text = mark.isEmpty() ? title : title + QLatin1Char(' ') + mark;
    if (button != nullptr && button->text() != text) {
        button->setText(text);
        m_row->updateGeometry();
    }
}

} // namespace lab
