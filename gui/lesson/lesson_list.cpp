// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/lesson_list.h"

#include "engine/cli/lesson_folder.h"

#include <QFrame>

namespace lab {

LessonList::LessonList(QWidget* parent)
    : QScrollArea(parent) {
    setObjectName(QStringLiteral("lessonList"));
    setAccessibleName(tr("Lessons"));
    setToolTip(tr("The lessons there are"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    auto* inside = new QWidget;
    inside->setObjectName(QStringLiteral("guideInside"));
    inside->setAccessibleName(tr("Lessons"));
    inside->setToolTip(tr("The lessons there are"));
    m_layout = new QVBoxLayout(inside);
    m_layout->setContentsMargins(14, 12, 14, 12);
    m_layout->setSpacing(12);
    for (const auto& file : lessonFiles(lessonFolder())) {
        if (const auto lesson = checkLesson(file)) {
            addLesson(QString::fromStdString(file), QString::fromStdString(lesson->title),
                      QString::fromStdString(lesson->about));
        } else {
            addBroken(QString::fromStdString(lesson.error().message));
        }
    }
    m_layout->addStretch(1);
    setWidget(inside);
}

QVBoxLayout* LessonList::addCard(const QString& title, const QString& about) {
    auto* card = new QFrame;
    card->setObjectName(QStringLiteral("card"));
    card->setAccessibleName(title);
    card->setToolTip(about);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(6);
    auto* titleLabel = new QLabel(title);
    auto* text = new QLabel(QString(about).replace(QLatin1Char('\n'), QLatin1Char(' ')));
    for (auto* label : {titleLabel, text}) {
        label->setWordWrap(true);
        label->setAccessibleName(label->text());
        label->setToolTip(about);
        layout->addWidget(label);
    }
    m_titles.push_back(titleLabel);
    m_texts.push_back(text);
    m_layout->addWidget(card);
    return layout;
}

void LessonList::addLesson(const QString& file, const QString& title, const QString& about) {
    auto* layout = addCard(title, about);
    auto* button = new QPushButton(tr("Begin"));
    button->setObjectName(QStringLiteral("begin-%1").arg(m_titles.size()));
    button->setAccessibleName(tr("Begin lesson %1").arg(title));
    button->setToolTip(tr("Begin this lesson"));
    layout->addWidget(button, 0, Qt::AlignLeft);
    connect(button, &QPushButton::clicked, this, [this, file] { emit lessonChosen(file); });
}

void LessonList::addBroken(const QString& message) { addCard(tr("A lesson that cannot be read"), message); }

void LessonList::setTheme(const Theme& theme) {
    for (auto* title : m_titles) {
        title->setFont(theme.font(theme.typeSize + 1, true));
    }
    for (auto* text : m_texts) {
        text->setFont(theme.font(theme.typeSize));
    }
}

} // namespace lab
