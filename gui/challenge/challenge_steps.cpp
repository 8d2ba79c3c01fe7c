// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/challenge/challenge_steps.h"

#include "gui/model/text.h"

namespace lab {

ChallengeSteps::ChallengeSteps(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this)) {
    setObjectName(QStringLiteral("challengeSteps"));
    setAccessibleName(tr("Who goes next"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
}

void ChallengeSteps::addRow() {
    const int thread = static_cast<int>(m_rows.size());
    Row row{new QPushButton(this), new QLabel(this)};
    row.button->setObjectName(QStringLiteral("challengeStep%1").arg(thread + 1));
    row.button->setFont(m_bold);
    row.about->setObjectName(QStringLiteral("challengeAbout%1").arg(thread + 1));
    row.about->setFont(m_font);
    row.about->setWordWrap(true);
    m_grid->addWidget(row.button, thread, 0);
    m_grid->addWidget(row.about, thread, 1);
    connect(row.button, &QPushButton::clicked, this, [this, thread] {
        m_last = static_cast<std::size_t>(thread);
        emit chosen(thread);
    });
    m_rows.push_back(row);
}

void ChallengeSteps::setChoices(const std::vector<Game::Choice>& choices) {
    while (m_rows.size() < choices.size()) {
        addRow();
    }
    for (std::size_t index = 0; index < m_rows.size(); ++index) {
        const auto& row = m_rows[index];
        const bool exists = index < choices.size();
        row.button->setVisible(exists);
        row.about->setVisible(exists);
        if (!exists) {
            continue;
        }
        const auto& choice = choices[index];
        const auto name = text(choice.thread);
        const auto about = QString::fromStdString(choice.step.about);
        row.button->setText(QStringLiteral("%1  %2").arg(index + 1).arg(name));
        row.button->setAccessibleName(choice.step.possible ? tr("%1 goes next").arg(name) : name);
        row.button->setAccessibleDescription(about);
        row.button->setToolTip(choice.step.possible ? tr("%1 goes next: it %2 (%3)").arg(name, about).arg(index + 1)
                                                    : tr("%1 cannot go now: it %2").arg(name, about));
        row.button->setEnabled(choice.step.possible);
        row.about->setText(about);
        row.about->setEnabled(choice.step.possible);
        row.about->setAccessibleName(about);
        row.about->setToolTip(row.button->toolTip());
    }
}

void ChallengeSteps::setFonts(const QFont& font, const QFont& bold) {
    m_font = font;
    m_bold = bold;
    for (const auto& row : m_rows) {
        row.button->setFont(bold);
        row.about->setFont(font);
    }
}

void ChallengeSteps::press(int number) {
    if (number >= 1 && number <= static_cast<int>(m_rows.size()) && isVisible()) {
        m_rows[static_cast<std::size_t>(number) - 1].button->click();
    }
}

bool ChallengeSteps::takeFocus() {
    if (m_last < m_rows.size() && m_rows[m_last].button->isEnabled()) {
        m_rows[m_last].button->setFocus();
        return true;
    }
    for (const auto& row : m_rows) {
        if (row.button->isEnabled() && row.button->isVisibleTo(this)) {
            row.button->setFocus();
            return true;
        }
    }
    return false;
}

} // namespace lab
