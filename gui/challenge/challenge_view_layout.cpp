// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/challenge/challenge_view.h"
#include "gui/model/text.h"
#include "gui/view/picker.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace lab {

ChallengeView::ChallengeView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent)
    , m_scroll(new QScrollArea(this))
    , m_picker(new Picker)
    , m_mended(new QCheckBox(tr("Mended")))
    , m_steps(new ChallengeSteps)
    , m_order(new QListWidget)
    , m_verdict(new ChallengeVerdict) {
    setObjectName(QStringLiteral("challenge"));
    setAccessibleName(tr("Challenge"));
    setToolTip(tr("Be the scheduler of a small model with a planted fault"));
    auto* inside = new QWidget;
    inside->setObjectName(QStringLiteral("guideInside"));
    inside->setAccessibleName(tr("Challenge"));
    inside->setToolTip(toolTip());
    auto* layout = new QVBoxLayout(inside);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(8);
    buildHead(*layout);
    m_play = addButton(*layout, "challengePlay", tr("Play"), tr("Show this challenge in all views, and play it"));
    layout->addWidget(m_steps);
    buildButtons(*layout);
    m_progress = addLabel(*layout, "challengeProgress", tr("How far the search has come"));
    layout->addWidget(m_verdict);
    m_order->setObjectName(QStringLiteral("challengeOrder"));
    m_order->setAccessibleName(tr("The order so far"));
    m_order->setToolTip(tr("The steps so far; click one, and every view goes there"));
    m_order->setWordWrap(true);
    m_order->setFrameShape(QFrame::NoFrame);
    m_order->setFocusPolicy(Qt::TabFocus);
    m_order->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_order->setMinimumHeight(90);
    layout->addWidget(m_order, 1);
    layout->addItem(new QSpacerItem(0, 0, QSizePolicy::Minimum, QSizePolicy::Expanding)); // without a list: room below
    m_scroll->setWidget(inside);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setAccessibleName(tr("Challenge"));
    m_scroll->setToolTip(toolTip());
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_scroll);
    connectParts();
    begin(challenges().front(), Variant::Planted);
}

void ChallengeView::buildHead(QBoxLayout& layout) {
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    m_picker->setObjectName(QStringLiteral("challengePicker"));
    m_picker->setAccessibleName(tr("Challenge"));
    m_picker->setToolTip(tr("Which challenge"));
    m_picker->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_picker->setMinimumContentsLength(12);
    for (const auto& challenge : challenges()) {
        m_picker->addItem(text(challenge.title));
    }
    m_mended->setObjectName(QStringLiteral("challengeMended"));
    m_mended->setAccessibleName(tr("The model with its fault mended"));
    m_mended->setToolTip(tr("Play the model with its fault mended: no order breaks it"));
    row->addWidget(m_picker, 1);
    row->addWidget(m_mended);
    layout.addLayout(row);
    m_notice = addLabel(layout, "challengeNotice", tr("What is played here is not the server that the lab runs"));
    m_story = addLabel(layout, "challengeStory", tr("What the little server does"));
    m_task = addLabel(layout, "challengeTask", tr("What is to be found"));
}

void ChallengeView::buildButtons(QBoxLayout& layout) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_undo = addButton(*row, "challengeUndo", tr("Undo"), tr("Take the last step back (Backspace)"));
    m_again = addButton(*row, "challengeAgain", tr("Start again"), tr("Take all steps back"));
    m_find = addButton(*row, "challengeFind", tr("Find it for me"), tr("Search all orders, and play the shortest one"));
    row->addStretch(1);
    layout.addLayout(row);
}

QPushButton* ChallengeView::addButton(QBoxLayout& layout, const char* name, const QString& words,
                                      const QString& about) {
    auto* button = new QPushButton(words);
    button->setObjectName(QString::fromLatin1(name));
    button->setAccessibleName(words);
    button->setToolTip(about);
    layout.addWidget(button, 0, Qt::AlignLeft);
    return button;
}

QLabel* ChallengeView::addLabel(QBoxLayout& layout, const char* name, const QString& about) {
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setAccessibleName(about);
    label->setToolTip(about);
    label->setWordWrap(true);
    layout.addWidget(label);
    return label;
}

void ChallengeView::connectParts() {
    connect(m_picker, &QComboBox::activated, this,
            [this](int index) { play(challenges()[static_cast<std::size_t>(index)]); });
    connect(m_mended, &QCheckBox::clicked, this, [this](bool mended) {
        begin(m_game->challenge(), mended ? Variant::Mended : Variant::Planted);
        showGame(true);
    });
    connect(m_play, &QPushButton::clicked, this, [this] {
        showGame(true);
        m_steps->takeFocus();
    });
    connect(m_steps, &ChallengeSteps::chosen, this, &ChallengeView::choose);
    connect(m_undo, &QPushButton::clicked, this, &ChallengeView::undo);
    connect(m_again, &QPushButton::clicked, this, &ChallengeView::startAgain);
    connect(m_find, &QPushButton::clicked, this, &ChallengeView::find);
    connect(m_order, &QListWidget::itemClicked, this, [this] { goToStep(m_order->currentRow()); });
    connect(&m_search, &ChallengeSearch::found, this, &ChallengeView::found);
    connect(&m_search, &ChallengeSearch::progressed, this, [this](const SearchProgress& progress) {
        m_progress->setText(tr("Searching: %1 states so far, %2 steps deep…").arg(progress.states).arg(progress.steps));
    });
}

void ChallengeView::themeChanged() {
    const auto usual = theme().font(theme().typeSize);
    const auto bold = theme().font(theme().typeSize, true);
    m_notice->setFont(theme().font(theme().smallSize + 1, true));
    auto palette = m_notice->palette();
    palette.setColor(QPalette::WindowText, theme().nowText);
    m_notice->setPalette(palette);
    m_story->setFont(usual);
    m_task->setFont(bold);
    m_progress->setFont(usual);
    m_order->setFont(usual);
    m_steps->setFonts(usual, bold);
    m_verdict->setTheme(theme());
}

} // namespace lab
