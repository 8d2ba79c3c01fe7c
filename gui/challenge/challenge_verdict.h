// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/game.h"
#include "engine/challenge/schedule_search.h"
#include "gui/theme/theme.h"

#include <QFrame>
#include <QLabel>

#include <optional>

namespace lab {

/// How a challenge came out: solved, or lucky, or proved to hold; and how the pattern avoids the fault.
///
/// Threads: GUI. Owner: the challenge's view.
class ChallengeVerdict : public QFrame {
    Q_OBJECT

public:
    explicit ChallengeVerdict(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// `search`: the one that found the order, or that there is none.
    void tell(const Game& game, const std::optional<SearchResult>& search);

private:
    QLabel* m_title;
    QLabel* m_text;
    QLabel* m_example;
};

} // namespace lab
