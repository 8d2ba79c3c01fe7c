// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson.h"
#include "gui/lesson/lesson_text.h"
#include "gui/lesson/question_card.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <vector>

namespace lab {

/// A page of a lesson: its title, the numbered step that it is about, its text, its questions.
///
/// Threads: GUI. Owner: the lesson view, which knows what is right.
class LessonPageArea : public QScrollArea {
    Q_OBJECT

public:
    explicit LessonPageArea(QWidget* parent = nullptr);

    /// `choices`: of each of the page's questions.
    void setPage(const LessonPage& page, const QString& folder, const std::vector<std::vector<LessonChoice>>& choices);
    void setTheme(const Theme& theme);

    QuestionCard& card(std::size_t question) { return *m_cards[question]; }
    std::size_t cards() const { return m_cards.size(); }

signals:
    void observeWanted(std::size_t question);

private:
    QLabel* addLabel(const QString& name);

    const Theme* m_theme;
    QVBoxLayout* m_layout;
    QLabel* m_title;
    QLabel* m_step;
    LessonText* m_text;
    std::vector<QuestionCard*> m_cards;
};

/// "Step 3 of 7: the dispatcher notifies the Protocol Handler"; empty where the page is about none.
QString stepCaption(const LessonPage& page);

} // namespace lab
