// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/step_bar.h"

#include "engine/stepping/step_kind.h"
#include "gui/model/text.h"
#include "gui/window/icons.h"

#include <QHBoxLayout>
#include <QWidgetAction>

namespace lab {

namespace {

/// "Next &completion": a letter that no title before it has, so that one key after N is enough.
QString withLetter(const QString& title, QString& taken) {
    for (int place = 0; place < title.size(); ++place) {
        const auto letter = title[place].toLower();
        const bool begins = place > 0 && title[place - 1] == QLatin1Char(' ');
        if (letter.isLetter() && (begins || place > 5) && !taken.contains(letter)) {
            taken += letter;
            return title.left(place) + QLatin1Char('&') + title.mid(place);
        }
    }
    return title;
}

} // namespace

StepBar::StepBar(StepControl& control, Playhead& playhead, QWidget* parent)
    : QWidget(parent)
    , m_control(control)
    , m_theme(&themes().front())
    , m_steps(new QMenu(this))
    , m_untilMenu(new QMenu(this))
    , m_untilPopup(new UntilPopup(playhead))
    , m_title(new QLabel(tr("Server held"), this))
    , m_status(new QLabel(this)) {
    setObjectName(QStringLiteral("stepBar"));
    setAccessibleName(tr("Stepping the server"));
    setToolTip(tr("The server is held: every thread waits until it is let go on"));
    setAttribute(Qt::WA_StyledBackground);
    m_title->setObjectName(QStringLiteral("stepTitle"));
    m_title->setAccessibleName(tr("What the server does"));
    m_title->setToolTip(toolTip());
    m_status->setObjectName(QStringLiteral("stepStatus"));
    m_status->setAccessibleName(tr("What the server waits for"));
    addButtons();
    addUntil();
    fillSteps();
    addToLayout();
    connectButtons();
    refresh();
}

void StepBar::connectButtons() {
    connect(m_step, &QToolButton::clicked, &m_control, [this] { m_control.forward(1); });
    connect(m_thread, &QToolButton::clicked, &m_control, &StepControl::stepThread);
    connect(m_request, &QToolButton::clicked, &m_control, &StepControl::stepRequest);
    connect(m_candidates, &QToolButton::clicked, this, &StepBar::candidatesWanted);
    connect(m_others, &QToolButton::clicked, this, &StepBar::otherChoicesWanted);
    connect(m_goOn, &QToolButton::clicked, &m_control, &StepControl::goOn);
    connect(&m_control, &StepControl::changed, this, &StepBar::refresh);
}

void StepBar::addButtons() {
    m_step = addButton("step", tr("Step"), tr("One event (Right, Page down)"));
    m_next = addButton("next", tr("Next…"), tr("On to the next event of a kind (N)"));
    m_thread =
        addButton("stepThread", tr("This thread"),
                  tr("The next event of the selected thread, or of the one that went last; all others wait (G)"));
    m_request =
        addButton("stepRequest", tr("This request"),
                  tr("The next event of the selected connection, or of the one here, in whatever thread (Shift+G)"));
    m_until = addButton("untilButton", tr("Until…"), tr("Go on until something comes about (U)"));
    m_candidates = addButton("chooseNext", tr("Choose"), tr("See who could go next, and choose (C)"));
    m_others =
        addButton("otherChoices", tr("Other choices"),
                  tr("Start again, follow the same order up to this event, and choose differently from there on (F)"));
    m_goOn = addButton("goOn", tr("Go on"), tr("Let the server run on, at the pace (H)"));
    m_next->setPopupMode(QToolButton::InstantPopup);
    m_next->setMenu(m_steps);
    m_until->setPopupMode(QToolButton::InstantPopup);
    m_until->setMenu(m_untilMenu);
    m_step->setAutoRepeat(true);
}

QToolButton* StepBar::addButton(const char* objectName, const QString& title, const QString& about) {
    auto* button = new QToolButton(this);
    button->setObjectName(QString::fromLatin1(objectName));
    button->setText(title);
    button->setAccessibleName(title);
    button->setToolTip(about);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void StepBar::addToLayout() {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 4, 12, 4);
    layout->setSpacing(6);
    layout->setSizeConstraint(QLayout::SetNoConstraint); // what there is no room for is hidden, see arrange()
    layout->addWidget(m_title);
    layout->addSpacing(6);
    layout->addWidget(m_status, 1);
    for (auto* button : {m_step, m_next, m_thread, m_request, m_until, m_candidates, m_others, m_goOn}) {
        layout->addWidget(button);
    }
    m_status->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void StepBar::addUntil() {
    auto* holder = new QWidgetAction(m_untilMenu);
    holder->setDefaultWidget(m_untilPopup);
    m_untilMenu->addAction(holder);
    m_untilMenu->setAccessibleName(tr("Run until"));
    connect(m_untilMenu, &QMenu::aboutToShow, m_untilPopup, &UntilPopup::prepare);
    connect(m_untilPopup, &UntilPopup::chosen, this, [this](const Condition& condition) {
        m_untilMenu->close();
        m_control.step(condition);
    });
}

void StepBar::fillSteps() {
    m_steps->setAccessibleName(tr("Steps"));
    m_steps->setToolTipsVisible(true);
    QString taken = QStringLiteral("tru"); // of the entries below the kinds
    for (const auto& kind : stepKinds()) {
        const auto id = text(kind.id);
        auto* action = m_steps->addAction(withLetter(text(kind.title), taken));
        action->setObjectName(QStringLiteral("step-") + id);
        action->setToolTip(text(kind.about));
        connect(action, &QAction::triggered, &m_control, [this, id] { m_control.stepKind(id); });
    }
    m_steps->addSeparator();
    connect(m_steps->addAction(tr("Next event of this &thread")), &QAction::triggered, &m_control,
            &StepControl::stepThread);
    connect(m_steps->addAction(tr("Next event of this &request")), &QAction::triggered, &m_control,
            &StepControl::stepRequest);
    connect(m_steps->addAction(tr("Run &until…")), &QAction::triggered, this, [this] { showUntil(*m_next); });
}

void StepBar::showSteps(QWidget& below) {
    const auto& place = isVisible() && m_next->isVisible() ? static_cast<QWidget&>(*m_next) : below;
    m_steps->popup(place.mapToGlobal(QPoint(0, place.height())));
}

void StepBar::showUntil(QWidget& below) {
    const auto* shown = m_until->isVisible() ? m_until : m_next->isVisible() ? m_next : nullptr;
    const auto& place = shown != nullptr ? static_cast<const QWidget&>(*shown) : below;
    m_untilMenu->popup(place.mapToGlobal(QPoint(0, place.height())));
}

void StepBar::refresh() {
    const bool stepping = m_control.server() == StepControl::Server::Stepping;
    setVisible(m_control.isEngaged());
    m_title->setText(!stepping ? tr("Server held") : m_control.isStuck() ? tr("Server waits") : tr("Server steps"));
    showStatus();
}

void StepBar::showStatus() {
    const auto& words = m_control.status();
    const auto shown = QFontMetrics(m_status->font()).elidedText(words, Qt::ElideRight, m_status->width());
    m_status->setText(shown);
    m_status->setToolTip(words.isEmpty() ? toolTip() : words);
    m_status->setAccessibleDescription(words);
}

QSize StepBar::minimumSizeHint() const { return {320, layout()->minimumSize().height()}; }

void StepBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
    showStatus();
}

/// Where room is short, what is also in the menu of steps or has a key goes, the least used first.
void StepBar::arrange() {
    const int forStatus = qRound(m_theme->typeSize * 14);
    const auto needed = [this] {
        int sum = layout()->contentsMargins().left() + layout()->contentsMargins().right() + 12;
        for (auto* widget :
             {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_step), static_cast<QWidget*>(m_next),
              static_cast<QWidget*>(m_thread), static_cast<QWidget*>(m_request), static_cast<QWidget*>(m_until),
              static_cast<QWidget*>(m_candidates), static_cast<QWidget*>(m_others), static_cast<QWidget*>(m_goOn)}) {
            sum += widget->isHidden() ? 0 : widget->sizeHint().width() + layout()->spacing();
        }
        return sum;
    };
    for (auto* button : {m_thread, m_request, m_others, m_until, m_candidates}) {
        button->show();
    }
    for (auto* button : {m_others, m_request, m_thread, m_until, m_candidates}) {
        if (needed() + forStatus > width()) {
            button->hide();
        }
    }
}

void StepBar::setTheme(const Theme& theme) {
    m_theme = &theme;
    m_title->setFont(theme.font(theme.typeSize, true));
    m_status->setFont(theme.font(theme.typeSize));
    m_title->setMinimumWidth(QFontMetrics(m_title->font()).horizontalAdvance(tr("Server waits")) + 4);
    auto ground = theme.now;
    ground.setAlpha(theme.isDark ? 50 : 30);
    setStyleSheet(QStringLiteral("#stepBar { background: %1; border-left: 4px solid %2; border-bottom: 1px solid %3; }"
                                 "#stepBar QLabel { background: transparent; }")
                      .arg(ground.name(QColor::HexArgb), theme.now.name(), theme.line.name()));
    arrange();
    showStatus();
}

} // namespace lab
