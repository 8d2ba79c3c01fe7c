// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/view/guide_view.h"

#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QPixmap>
#include <QScrollArea>

namespace lab {

GuideView::GuideView(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : LabView(playhead, selection, parent) {
    setObjectName(QStringLiteral("guide"));
    setAccessibleName(tr("Guide"));
    setToolTip(tr("Three places to begin"));
    auto* inside = new QWidget;
    inside->setObjectName(QStringLiteral("guideInside"));
    inside->setAccessibleName(tr("Guide"));
    inside->setToolTip(tr("Three places to begin"));
    m_layout = new QVBoxLayout(inside);
    m_layout->setContentsMargins(14, 12, 14, 12);
    m_layout->setSpacing(12);

    auto* watch =
        addCard(tr("Watch"), tr("A few clients ask for pages, slowly enough for the eye. Watch what waits in the "
                                "kernel: a thread, or an operation?"));
    connect(addButton(*watch, QStringLiteral("guideWatch"), tr("Watch it live"),
                      tr("The scenario First light, at twelve events a second")),
            &QPushButton::clicked, this, &GuideView::watchWanted);

    auto* step = addCard(tr("Step"),
                         tr("Lessons take you through the papers’ steps, one page after another. Or hold the server "
                            "yourself: the right arrow steps, the left one goes back. Time stands still meanwhile."));
    auto* ways = new QHBoxLayout;
    ways->setSpacing(8);
    step->addLayout(ways);
    addLesson(*ways, 1, tr("Begin with lesson 1"));
    connect(addButton(*ways, QStringLiteral("guideStep"), tr("Hold and step"),
                      tr("Hold the server at this event; then use the arrow keys (H)")),
            &QPushButton::clicked, this, &GuideView::stepWanted);
    ways->addStretch(1);

    auto* compare =
        addCard(tr("Compare"), tr("The same traffic, served in the shape of each family. Where did the waiting "
                                  "go?"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    compare->addLayout(row);
    for (const char* model : {"thread-pool", "reactor", "proactor-pool"}) {
        const auto id = QString::fromLatin1(model);
        connect(addButton(*row, QStringLiteral("guide-") + id, id, tr("The same traffic under %1").arg(id)),
                &QPushButton::clicked, this, [this, id] { emit compareWanted(id); });
    }
    row->addStretch(1);
    addLesson(*compare, 8, tr("Lesson 8: four servers"));
    addLegend();
    m_layout->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Guide"));
    scroll->setToolTip(tr("Three places to begin"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
}

QVBoxLayout* GuideView::addCard(const QString& title, const QString& about) {
    auto* card = new QFrame;
    card->setObjectName(QStringLiteral("card"));
    card->setAccessibleName(title);
    card->setToolTip(about);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(6);
    auto* titleLabel = new QLabel(title);
    titleLabel->setAccessibleName(title);
    titleLabel->setToolTip(about);
    auto* text = new QLabel(about);
    text->setWordWrap(true);
    text->setAccessibleName(about);
    text->setToolTip(about);
    layout->addWidget(titleLabel);
    layout->addWidget(text);
    m_layout->addWidget(card);
    m_titles.push_back(titleLabel);
    m_texts.push_back(text);
    m_cards.push_back(card);
    return layout;
}

QPushButton* GuideView::addButton(QBoxLayout& layout, const QString& name, const QString& text, const QString& about) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(about);
    layout.addWidget(button, 0, Qt::AlignLeft);
    return button;
}

void GuideView::addLesson(QBoxLayout& layout, int number, const QString& text) {
    auto* button =
        addButton(layout, QStringLiteral("guideLesson%1").arg(number), text, tr("Begin lesson %1").arg(number));
    connect(button, &QPushButton::clicked, this, [this, number] { emit lessonWanted(number); });
}

void GuideView::addLegend() {
    auto* layout = addCard(tr("What the colours say"),
                           tr("Colour is the kind of work, the number is the connection, and the one bright outline is "
                              "what happens now."));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    int place = 0;
    for (const auto work : {Work::Accept, Work::Read, Work::Parse, Work::File, Work::Write, Work::Wait}) {
        const auto text = words(work);
        const auto name = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        auto* swatch = new QLabel;
        swatch->setAccessibleName(tr("Colour of %1").arg(name));
        swatch->setToolTip(tr("The colour of this kind of work: %1").arg(name));
        auto* label = new QLabel(name);
        label->setAccessibleName(name);
        label->setToolTip(swatch->toolTip());
        grid->addWidget(swatch, place / 3, place % 3 * 2);
        grid->addWidget(label, place / 3, place % 3 * 2 + 1);
        m_swatches.emplace_back(swatch, work);
        m_texts.push_back(label);
        ++place;
    }
    grid->setColumnStretch(6, 1);
    layout->addLayout(grid);
}

void GuideView::themeChanged() {
    for (auto* title : m_titles) {
        title->setFont(theme().font(theme().typeSize + 2, true));
    }
    for (auto* text : m_texts) {
        text->setFont(theme().font(theme().typeSize));
    }
    const int side = static_cast<int>(theme().typeSize);
    for (const auto& [label, work] : m_swatches) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme().of(work));
        painter.drawEllipse(0, 0, side, side);
        label->setPixmap(pixmap);
    }
}

} // namespace lab
