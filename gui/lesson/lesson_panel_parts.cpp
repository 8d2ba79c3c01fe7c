// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/lesson_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace lab {

LessonPanel::LessonPanel(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_sheets(new QStackedWidget(this))
    , m_list(new LessonList(this))
    , m_sheet(new QWidget(this))
    , m_title(new QLabel(this))
    , m_all(new QToolButton(this))
    , m_progress(new QProgressBar(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_page(new LessonPageArea(this))
    , m_side(new LessonSide(playhead, selection, this))
    , m_status(new QLabel(this))
    , m_return(makeButton("lessonReturn", tr("Back to the lesson"), tr("To this page's place (Ctrl+Home)")))
    , m_back(makeButton("lessonBack", tr("◀  Back"), tr("The page before (Ctrl+Page Up)")))
    , m_next(makeButton("lessonNext", tr("Next  ▶"), tr("The next page (Ctrl+Page Down)")))
    , m_number(new QLabel(this)) {
    setObjectName(QStringLiteral("lesson"));
    setAccessibleName(tr("Lesson"));
    setToolTip(tr("Walk through the papers' steps, one page after another"));
    m_time.start();
    auto* sheet = new QVBoxLayout(m_sheet);
    sheet->setContentsMargins(0, 0, 0, 0);
    sheet->setSpacing(0);
    buildHeader();
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_page);
    m_splitter->addWidget(m_side);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setAccessibleName(tr("Text and view"));
    m_splitter->handle(1)->setAccessibleName(tr("Line between text and view"));
    m_splitter->handle(1)->setToolTip(tr("Drag the line between text and view"));
    sheet->addWidget(m_splitter, 1);
    buildFooter();
    m_sheet->setAccessibleName(tr("Lesson"));
    m_sheets->addWidget(m_list);
    m_sheets->addWidget(m_sheet);
    m_sheets->setAccessibleName(tr("Lesson"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_sheets);
    connect(m_list, &LessonList::lessonChosen, this, &LessonPanel::open);
    connect(m_page, &LessonPageArea::observeWanted, this, &LessonPanel::observe);
    connect(m_all, &QToolButton::clicked, this, &LessonPanel::showList);
    connect(m_back, &QPushButton::clicked, this, &LessonPanel::back);
    connect(m_next, &QPushButton::clicked, this, &LessonPanel::next);
    connect(m_return, &QPushButton::clicked, this, &LessonPanel::returnToPage);
}

QPushButton* LessonPanel::makeButton(const char* name, const QString& text, const QString& about) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(QString::fromLatin1(name));
    button->setAccessibleName(text);
    button->setToolTip(about);
    return button;
}

void LessonPanel::buildHeader() {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 8, 12, 6);
    row->setSpacing(8);
    m_title->setObjectName(QStringLiteral("lessonTitle"));
    m_title->setAccessibleName(tr("Lesson"));
    m_title->setToolTip(tr("The lesson that is open"));
    m_title->setWordWrap(true);
    m_all->setObjectName(QStringLiteral("lessonAll"));
    m_all->setText(tr("All lessons"));
    m_all->setAccessibleName(tr("All lessons"));
    m_all->setToolTip(tr("Leave this lesson and choose another one"));
    row->addWidget(m_title, 1);
    row->addWidget(m_all);
    m_progress->setObjectName(QStringLiteral("lessonProgress"));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress in the lesson"));
    m_progress->setToolTip(tr("How far the lesson has come"));
    auto* sheet = static_cast<QVBoxLayout*>(m_sheet->layout());
    sheet->addLayout(row);
    sheet->addWidget(m_progress);
}

void LessonPanel::buildFooter() {
    m_status->setObjectName(QStringLiteral("lessonStatus"));
    m_status->setAccessibleName(tr("On the way"));
    m_status->setToolTip(tr("What the lab does for this page"));
    m_status->setWordWrap(true);
    m_status->setMargin(0);
    m_status->hide();
    m_return->hide();
    auto* away = new QHBoxLayout;
    away->setContentsMargins(16, 6, 12, 0);
    away->setSpacing(8);
    away->addWidget(m_status, 1);
    away->addWidget(m_return);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 8, 12, 8);
    row->setSpacing(8);
    m_number->setObjectName(QStringLiteral("lessonNumber"));
    m_number->setAccessibleName(tr("Page"));
    m_number->setToolTip(tr("Where in the lesson you are"));
    m_number->setAlignment(Qt::AlignCenter);
    row->addWidget(m_back);
    row->addWidget(m_number, 1);
    row->addWidget(m_next);
    auto* sheet = static_cast<QVBoxLayout*>(m_sheet->layout());
    sheet->addLayout(away);
    sheet->addLayout(row);
}

void LessonPanel::themeChanged() {
    m_title->setFont(theme().font(theme().typeSize, true));
    for (auto* label : {m_status, m_number}) {
        label->setFont(theme().font(theme().typeSize));
    }
    m_progress->setFixedHeight(3);
    m_list->setTheme(theme());
    m_page->setTheme(theme());
    m_side->setTheme(theme());
    fitSide();
}

void LessonPanel::resizeEvent(QResizeEvent* event) {
    LabView::resizeEvent(event);
    fitSide();
}

/// In large type on a small screen the text needs all the room.
void LessonPanel::fitSide() {
    constexpr double leastLines = 32;
    m_side->setVisible(!m_side->shown().isEmpty() && height() > leastLines * theme().typeSize);
}

/// The text gets the room that it needs, and the view the rest, but never less than a third.
void LessonPanel::shareRoom() {
    const auto* content = m_page->widget();
    if (content == nullptr || content->layout() == nullptr || !m_side->isVisibleTo(this)) {
        return;
    }
    const int room = m_splitter->height() - m_splitter->handleWidth();
    const int width = m_page->viewport()->width();
    const int needed =
        content->hasHeightForWidth() ? content->layout()->totalHeightForWidth(width) : content->sizeHint().height();
    const int page = std::clamp(needed, room / 3, room * 2 / 3);
    m_splitter->setSizes({page, room - page});
}

} // namespace lab
