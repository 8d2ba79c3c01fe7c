// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/lesson_page.h"

#include "engine/analysis/pattern_steps.h"
#include "gui/model/text.h"

#include <QScrollBar>

#include <algorithm>

namespace lab {

QString stepCaption(const LessonPage& page) {
    const auto all = stepSequences();
    const auto sequence =
        std::find_if(all.begin(), all.end(), [&](const StepSequence& one) { return one.id == page.step.sequence; });
    if (page.step.number == 0 || sequence == all.end()) {
        return {};
    }
    return QObject::tr("Step %1 of %2: %3")
        .arg(page.step.number)
        .arg(sequence->steps.size())
        .arg(text(sequence->steps[page.step.number - 1]));
}

LessonPageArea::LessonPageArea(QWidget* parent)
    : QScrollArea(parent)
    , m_theme(&themes().front()) {
    setObjectName(QStringLiteral("lessonPage"));
    setAccessibleName(tr("Page of the lesson"));
    setToolTip({});
    setFocusPolicy(Qt::NoFocus); // its choices and buttons have the keyboard, and come into sight with it
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* inside = new QWidget;
    inside->setObjectName(QStringLiteral("guideInside"));
    inside->setAccessibleName(tr("Page of the lesson"));
    inside->setToolTip({});
    m_layout = new QVBoxLayout(inside);
    m_layout->setContentsMargins(16, 12, 16, 12);
    m_layout->setSpacing(10);
    m_title = addLabel(QStringLiteral("pageTitle"));
    m_title->setAccessibleName(tr("Title of the page"));
    m_title->setToolTip(tr("What this page is about"));
    m_step = addLabel(QStringLiteral("pageStep"));
    m_step->setAccessibleName(tr("Step"));
    m_step->setToolTip(tr("The paper's numbered step that the run has come to"));
    m_text = new LessonText(inside);
    m_text->setFocusPolicy(Qt::NoFocus); // so that the arrow keys step
    m_layout->addWidget(m_text);
    m_layout->addStretch(1);
    setWidget(inside);
}

QLabel* LessonPageArea::addLabel(const QString& name) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    m_layout->addWidget(label);
    return label;
}

void LessonPageArea::setPage(const LessonPage& page, const QString& folder,
                             const std::vector<std::vector<LessonChoice>>& choices) {
    for (auto* card : m_cards) {
        card->hide();
        card->deleteLater();
    }
    m_cards.clear();
    m_title->setText(text(page.title));
    m_title->setAccessibleName(m_title->text());
    m_step->setText(stepCaption(page));
    m_step->setAccessibleName(m_step->text());
    m_step->setToolTip(tr("The lab has recognised this step in the events of the run"));
    m_step->setVisible(!m_step->text().isEmpty());
    m_text->setText(text(page.text), folder);
    for (std::size_t question = 0; question < page.questions.size(); ++question) {
        auto* card = new QuestionCard(page.questions[question], choices[question], widget());
        card->setTheme(*m_theme);
        m_layout->insertWidget(m_layout->count() - 1, card);
        connect(card, &QuestionCard::observeWanted, this, [this, question] { emit observeWanted(question); });
        m_cards.push_back(card);
    }
    verticalScrollBar()->setValue(0);
}

void LessonPageArea::setTheme(const Theme& theme) {
    m_theme = &theme;
    m_title->setFont(theme.font(theme.titleSize, true));
    m_step->setFont(theme.font(theme.typeSize, true));
    auto palette = m_step->palette();
    palette.setColor(QPalette::WindowText, theme.nowText);
    m_step->setPalette(palette);
    m_text->setTheme(theme);
    for (auto* card : m_cards) {
        card->setTheme(theme);
    }
}

} // namespace lab
