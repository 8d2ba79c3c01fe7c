// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QString>
#include <QVBoxLayout>

#include <vector>

namespace lab {

/// The lessons there are, each as a card that begins it.
///
/// Threads: GUI. Owner: the lesson view.
class LessonList : public QScrollArea {
    Q_OBJECT

public:
    explicit LessonList(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

signals:
    void lessonChosen(const QString& file);

private:
    void addLesson(const QString& file, const QString& title, const QString& about);
    void addBroken(const QString& message);
    QVBoxLayout* addCard(const QString& title, const QString& about);

    QVBoxLayout* m_layout;
    std::vector<QLabel*> m_titles;
    std::vector<QLabel*> m_texts;
};

} // namespace lab
