// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/challenge/challenge_verdict.h"

#include "gui/model/number_text.h"
#include "gui/model/text.h"

#include <QVBoxLayout>

namespace lab {

namespace {

QString titleOf(const Game& game, const std::optional<SearchResult>& search) {
    const auto steps = countText(game.chosen().size());
    const auto states = search ? countText(search->states) : QString{};
    if (search && !search->order) {
        return ChallengeVerdict::tr("%1 states, and the fault shows itself in none").arg(states);
    }
    if (game.isSolved()) {
        return search ? ChallengeVerdict::tr("The shortest order: %1 steps, found after %2 states").arg(steps, states)
                      : ChallengeVerdict::tr("Solved, in %1 steps").arg(steps);
    }
    return game.variant() == Variant::Mended ? ChallengeVerdict::tr("All went well, as it does in every order")
                                             : ChallengeVerdict::tr("All went well this time");
}

QString textOf(const Game& game, const std::optional<SearchResult>& search) {
    return search && !search->order
               ? ChallengeVerdict::tr("Every state that any order of steps can lead to was met. %1")
                     .arg(text(game.challenge().mending))
               : QString::fromStdString(game.explanation());
}

} // namespace

ChallengeVerdict::ChallengeVerdict(QWidget* parent)
    : QFrame(parent)
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_example(new QLabel(this)) {
    setObjectName(QStringLiteral("card"));
    setAccessibleName(tr("How it came out"));
    m_title->setObjectName(QStringLiteral("challengeVerdict"));
    m_title->setAccessibleName(tr("Verdict"));
    m_title->setToolTip(tr("Whether this order shows the fault"));
    m_text->setObjectName(QStringLiteral("challengeExplanation"));
    m_text->setAccessibleName(tr("Explanation"));
    m_text->setToolTip(tr("What happened, and how the pattern avoids it"));
    m_example->setObjectName(QStringLiteral("challengeExample"));
    m_example->setAccessibleName(tr("Example"));
    m_example->setToolTip(tr("Where the real engine does it right"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(6);
    for (auto* label : {m_title, m_text, m_example}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setFocusPolicy(Qt::NoFocus);
        layout->addWidget(label);
    }
}

void ChallengeVerdict::setTheme(const Theme& theme) {
    m_title->setFont(theme.font(theme.typeSize + 1, true));
    m_text->setFont(theme.font(theme.typeSize));
    m_example->setFont(theme.font(theme.smallSize + 1));
    auto palette = m_example->palette();
    palette.setColor(QPalette::WindowText, theme.textSoft);
    m_example->setPalette(palette);
}

void ChallengeVerdict::tell(const Game& game, const std::optional<SearchResult>& search) {
    const auto& challenge = game.challenge();
    m_title->setText(titleOf(game, search));
    m_text->setText(textOf(game, search));
    m_example->setText(tr("In the engine: %1, %2").arg(text(challenge.function), text(challenge.example)));
    for (auto* label : {m_title, m_text, m_example}) {
        label->setAccessibleName(label->text());
        label->setToolTip(tr("How it came out"));
    }
    setVisible(true);
}

} // namespace lab
