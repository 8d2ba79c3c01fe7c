// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson.h"
#include "gui/theme/theme.h"

#include <QButtonGroup>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QString>
#include <QVBoxLayout>

#include <optional>
#include <vector>

namespace lab {

/// A question of a lesson: predict, then observe, then see how it came out.
///
/// Decides: nothing of what is right; that is told to it. Threads: GUI. Owner: the lesson view.
class QuestionCard : public QFrame {
    Q_OBJECT

public:
    QuestionCard(const LessonQuestion& question, std::vector<LessonChoice> choices, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);

    /// The value that was predicted; empty: nothing yet.
    QString prediction() const;
    void setPrediction(const QString& value);

    /// What the run has shown. No other prediction can be made from then on.
    void showAnswer(const QString& value, const QString& text, const QString& why);
    /// The answer cannot be told, and why.
    void showTrouble(const QString& why);
    void setWaiting(bool waiting); ///< while the run is on its way
    bool isAnswered() const { return m_answered; }

signals:
    void observeWanted();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; ///< a click on a choice's words

private:
    void addChoices(const std::vector<LessonChoice>& choices);
    void addNumber(const QString& unit);
    void refresh();

    QVBoxLayout* m_layout;
    QLabel* m_ask;
    std::vector<LessonChoice> m_choices;
    std::vector<QAbstractButton*> m_buttons; ///< by choice
    std::vector<QLabel*> m_labels;           ///< by choice
    QButtonGroup m_group;
    QLineEdit* m_number = nullptr;
    QLabel* m_unit = nullptr;
    QPushButton* m_observe;
    QLabel* m_verdict;
    QLabel* m_why;
    bool m_answered = false;
    bool m_waiting = false;
    const bool m_hasObservation;
};

} // namespace lab
