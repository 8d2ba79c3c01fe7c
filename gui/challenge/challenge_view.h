// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/game.h"
#include "gui/challenge/challenge_search.h"
#include "gui/challenge/challenge_steps.h"
#include "gui/challenge/challenge_verdict.h"
#include "gui/view/lab_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>

#include <memory>
#include <optional>

namespace lab {

/// Be the scheduler: a challenge's story, who can go next, and how it came out. The other views show its recording.
///
/// Decides: which challenge is played, and whether its recording is on show. Threads: GUI. Owner: the window.
class ChallengeView : public LabView {
    Q_OBJECT

public:
    ChallengeView(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);

    /// Begins this challenge anew, and shows it.
    void play(const Challenge& challenge);

    const Game& game() const { return *m_game; }
    bool isOnShow() const; ///< the window shows the challenge, and not a run
    bool isSearching() const { return m_search.isRunning(); }

signals:
    void recordingWanted(std::shared_ptr<lab::Recording> recording, bool grows); ///< is to be shown by the window

protected:
    void refresh() override;
    void themeChanged() override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildHead(QBoxLayout& layout);
    void buildButtons(QBoxLayout& layout);
    void connectParts();
    QPushButton* addButton(QBoxLayout& layout, const char* name, const QString& text, const QString& about);
    QLabel* addLabel(QBoxLayout& layout, const char* name, const QString& about);
    void begin(const Challenge& challenge, Variant variant);
    void choose(int thread);
    void undo();
    void startAgain();
    void find();
    void found(const SearchResult& result);
    void changed(); ///< the game is another
    void fillOrder();
    void markOrder();
    void goToStep(int step);
    void showGame(bool grows);
    void animate();

    std::unique_ptr<Game> m_game;
    std::optional<SearchResult> m_result; ///< of the search that led to the game's order, or to none
    bool m_animating = false;             ///< the shortest order is to be played once it is on show
    ChallengeSearch m_search;

    QScrollArea* m_scroll;
    QComboBox* m_picker;
    QCheckBox* m_mended;
    QLabel* m_notice;
    QLabel* m_story;
    QLabel* m_task;
    QPushButton* m_play;
    ChallengeSteps* m_steps;
    QPushButton* m_undo;
    QPushButton* m_again;
    QPushButton* m_find;
    QLabel* m_progress;
    QListWidget* m_order;
    ChallengeVerdict* m_verdict;
};

} // namespace lab
