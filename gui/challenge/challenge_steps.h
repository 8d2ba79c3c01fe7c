// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/game.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QWidget>

#include <vector>

namespace lab {

/// Who can go next in a challenge: a button a thread, with what it would do, or why it cannot.
///
/// Role: controls only. Threads: GUI. Owner: the challenge's view.
class ChallengeSteps : public QWidget {
    Q_OBJECT

public:
    explicit ChallengeSteps(QWidget* parent = nullptr);

    void setChoices(const std::vector<Game::Choice>& choices);
    void setFonts(const QFont& font, const QFont& bold);

    /// By the keyboard; nothing where that thread cannot go.
    void press(int number);
    /// The first that can go, or the one that had the keyboard before; false: nobody can.
    bool takeFocus();

signals:
    void chosen(int thread); ///< from 0

private:
    struct Row {
        QPushButton* button;
        QLabel* about;
    };
    void addRow();

    QGridLayout* m_grid;
    std::vector<Row> m_rows;
    std::size_t m_last = 0; ///< the row that was chosen last
    QFont m_font;
    QFont m_bold;
};

} // namespace lab
