// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/time_bar.h"

#include "gui/model/number_text.h"
#include "gui/window/icons.h"
#include "gui/window/pace_scale.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <algorithm>

namespace lab {

namespace {

/// A live view is always a little behind; from this much recorded time on it is said, in nanoseconds.
constexpr std::uint64_t noticeable = 200'000'000;

void describe(QWidget& widget, const QString& objectName, const QString& title, const QString& about) {
    widget.setObjectName(objectName);
    widget.setAccessibleName(title);
    widget.setToolTip(about);
}

} // namespace

TimeBar::TimeBar(StepControl& control, Playhead& playhead, QWidget* parent)
    : QWidget(parent)
    , m_control(control)
    , m_playhead(playhead)
    , m_theme(&themes().front())
    , m_scrub(new QSlider(Qt::Horizontal, this))
    , m_event(new QLabel(this))
    , m_paceText(new QLabel(this))
    , m_pace(new QSlider(Qt::Horizontal, this)) {
    describe(*this, QStringLiteral("bar"), tr("Time"), tr("Where in the recording the window is"));
    setAttribute(Qt::WA_StyledBackground);
    m_toStart = addButton(QStringLiteral("toStart"), tr("To the start"), tr("To the first event (Home)"));
    m_back = addButton(QStringLiteral("stepBack"), tr("Step back"),
                       tr("One event back (Left, Page up); with Shift 10, with Ctrl 100"));
    m_pause = addButton(QStringLiteral("pause"), tr("Pause"),
                        tr("Pause the views, or let them go on (Space). The server runs on, and is recorded"));
    m_forward = addButton(QStringLiteral("stepForward"), tr("Step forward"),
                          tr("One event on (Right, Page down); with Shift 10, with Ctrl 100. At the end of a held run "
                             "the server takes that step"));
    m_steps = addButton(QStringLiteral("steps"), tr("Step to the next…"), tr("On to the next event of a kind (N)"));
    m_toEnd = addButton(QStringLiteral("toEnd"), tr("To the end"), tr("To the newest event, and live (End)"));
    m_hold = addButton(QStringLiteral("hold"), tr("Hold the server"), {});
    m_hold->setCheckable(true);
    m_hold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    describe(*m_scrub, QStringLiteral("scrub"), tr("Place in the recording"), tr("Drag through everything recorded"));
    describe(*m_event, QStringLiteral("eventNumber"), tr("Event"),
             tr("Event at the playhead, of those recorded so far"));
    describe(*m_pace, QStringLiteral("pace"), tr("Pace"),
             tr("How many events a second the server may produce, from one to full speed (+ and -)"));
    describe(*m_paceText, QStringLiteral("paceText"), tr("Pace"),
             tr("How many events a second the server may produce"));
    m_pace->setRange(0, PaceScale::steps);
    m_pace->setPageStep(5);
    addToLayout();
    connectButtons();
    showServer();
}

void TimeBar::addToLayout() {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 4, 12, 8);
    layout->setSpacing(6);
    for (auto* button : {m_toStart, m_back, m_pause, m_forward, m_steps, m_toEnd}) {
        layout->addWidget(button);
    }
    layout->addSpacing(8);
    layout->addWidget(m_scrub, 1);
    layout->addSpacing(8);
    layout->addWidget(m_event);
    layout->addSpacing(14);
    layout->addWidget(m_hold);
    layout->addSpacing(4);
    layout->addWidget(m_pace);
    layout->addWidget(m_paceText);
}

QToolButton* TimeBar::addButton(const QString& objectName, const QString& title, const QString& about) {
    auto* button = new QToolButton(this);
    describe(*button, objectName, title, about);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRepeat(objectName.startsWith(QStringLiteral("step")) && objectName != QStringLiteral("steps"));
    return button;
}

void TimeBar::connectButtons() {
    connect(m_toStart, &QToolButton::clicked, &m_playhead, &Playhead::toStart);
    connect(m_back, &QToolButton::clicked, &m_playhead, [this] { m_control.forward(-1); });
    connect(m_pause, &QToolButton::clicked, &m_playhead, &Playhead::togglePause);
    connect(m_forward, &QToolButton::clicked, &m_playhead, [this] { m_control.forward(1); });
    connect(m_steps, &QToolButton::clicked, this, &TimeBar::stepsWanted);
    connect(m_hold, &QToolButton::clicked, &m_control, &StepControl::toggleHold);
    connect(&m_control, &StepControl::changed, this, &TimeBar::showServer);
    connect(m_toEnd, &QToolButton::clicked, &m_playhead, &Playhead::toEnd);
    connect(&m_playhead, &Playhead::modeChanged, this, &TimeBar::showMode);
    connect(m_scrub, &QSlider::valueChanged, &m_playhead,
            [this](int value) { m_playhead.seek(static_cast<std::size_t>(value)); });
    connect(m_pace, &QSlider::valueChanged, this, [this](int position) {
        m_exactPace = PaceScale::paceAt(position);
        m_paceText->setText(PaceScale::text(pace()));
        emit paceChanged(pace());
    });
}

double TimeBar::pace() const { return m_exactPace; }

void TimeBar::setPace(double eventsPerSecond) {
    const QSignalBlocker blocker(m_pace);
    m_exactPace = eventsPerSecond;
    m_pace->setValue(PaceScale::positionOf(eventsPerSecond));
    m_paceText->setText(PaceScale::text(pace()));
}

void TimeBar::changePace(int steps) { m_pace->setValue(m_pace->value() + steps); }

void TimeBar::showMode() {
    const bool paused = m_playhead.isPaused();
    m_pause->setIcon(iconOf(paused ? Symbol::Play : Symbol::Pause, *m_theme));
    m_pause->setAccessibleName(paused ? tr("Let the views go on") : tr("Pause the views"));
    m_toEnd->setEnabled(m_playhead.mode() != Playhead::Mode::Live);
}

void TimeBar::showServer() {
    const bool none = m_control.server() == StepControl::Server::None;
    const bool engaged = m_control.isEngaged();
    m_hold->setEnabled(!none);
    m_hold->setChecked(engaged);
    if (m_theme->typeSize <= 18) {
        m_hold->setText(QLatin1Char(' ') + (engaged ? tr("Held") : tr("Hold")));
    }
    m_hold->setAccessibleName(engaged ? tr("Let the server go on") : tr("Hold the server"));
    m_hold->setToolTip(none ? tr("No server runs here that could be held")
                       : engaged
                           ? tr("The server is held. Let it go on, at the pace (H)")
                           : tr("Hold the server itself: every thread stops before its next event, and time stands "
                                "still for it and its clients (H)"));
}

void TimeBar::refresh() {
    const QSignalBlocker blocker(m_scrub);
    const auto recorded = m_playhead.recorded();
    m_scrub->setRange(static_cast<int>(m_playhead.first()), static_cast<int>(recorded));
    m_scrub->setPageStep(static_cast<int>(std::max<std::size_t>(1, recorded / 20)));
    if (!m_scrub->isSliderDown()) {
        m_scrub->setValue(static_cast<int>(m_playhead.position()));
    }
    const bool large = m_theme->typeSize > 18;
    const bool live = m_playhead.mode() == Playhead::Mode::Live;
    const bool behind = live ? m_playhead.behindTime() > noticeable : m_playhead.grows() && m_playhead.behind() > 0;
    const auto place = countText(m_playhead.position());
    const auto lag = behind ? tr("%1 behind").arg(countText(m_playhead.behind())) : QString();
    if (large && behind) { // no room for three numbers, and the third one follows from the other two
        m_event->setText(place + QStringLiteral(" · ") + lag);
    } else {
        m_event->setText((large ? QStringLiteral("%1 / %2") : tr("event %1 / %2")).arg(place, countText(recorded)) +
                         (behind ? QStringLiteral("  ·  ") + lag : QString()));
    }
    // The slider beside it stands still while digits come and go.
    m_event->setMinimumWidth(std::max(m_event->minimumWidth(), m_event->sizeHint().width()));
}

void TimeBar::setTheme(const Theme& theme) {
    m_theme = &theme;
    m_toStart->setIcon(iconOf(Symbol::ToStart, theme));
    m_back->setIcon(iconOf(Symbol::StepBack, theme));
    m_forward->setIcon(iconOf(Symbol::StepForward, theme));
    m_toEnd->setIcon(iconOf(Symbol::ToEnd, theme));
    const int side = qRound(theme.typeSize * 1.25);
    m_steps->setIcon(iconOf(Symbol::Steps, theme));
    // Checked, it is not dark like others, but has the colour of what happens now.
    m_hold->setIcon(QIcon(iconOf(Symbol::Hold, theme).pixmap(QSize(side, side))));
    m_hold->setText({});
    m_hold->setToolButtonStyle(theme.typeSize > 18 ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    for (auto* button : {m_toStart, m_back, m_pause, m_forward, m_toEnd, m_hold}) {
        button->setIconSize({side, side});
    }
    m_steps->setIconSize({side * 2 / 3, side});
    m_event->setFont(theme.mono(theme.typeSize));
    m_event->setMinimumWidth(0);
    m_paceText->setFont(theme.font(theme.typeSize));
    m_paceText->setMinimumWidth(QFontMetrics(m_paceText->font()).horizontalAdvance(PaceScale::text(99'999)) + 4);
    m_pace->setFixedWidth(qRound(theme.typeSize * (theme.typeSize > 18 ? 4 : 9)));
    showMode();
    showServer();
}

} // namespace lab
