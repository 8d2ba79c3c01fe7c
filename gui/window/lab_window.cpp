// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/lab_window.h"

#include "gui/window/window_actions.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QScreen>
#include <QScrollBar>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace lab {

namespace {

/// Milliseconds a frame for folding new events: while the views keep up, and while they are behind.
constexpr std::chrono::microseconds usualBudget{5'000};
constexpr std::chrono::microseconds behindBudget{11'000};
constexpr std::size_t farBehind = 20'000;

} // namespace

LabWindow::LabWindow(WindowOptions options)
    : m_options(std::move(options))
    , m_theme(&themes().front())
    , m_views(m_session, m_control, m_playhead, m_selection, this)
    , m_runBar(new RunBar(this))
    , m_timeBar(new TimeBar(m_control, m_playhead, this))
    , m_stepBar(new StepBar(m_control, m_playhead, this))
    , m_messages(new MessageStrip(this))
    , m_overlay(new FrameOverlay(m_views.stage))
    , m_tabs(new SideTabs(this))
    , m_columns(new QSplitter(Qt::Horizontal, this))
    , m_rows(new QSplitter(Qt::Vertical, this)) {
    setWindowTitle(tr("Proactor Lab"));
    setAccessibleName(tr("Proactor Lab"));
    m_chosen.model = m_options.model.isEmpty() ? "proactor-pool" : m_options.model.toStdString();
    buildTabs();
    buildLayout();
    for (auto* bar : findChildren<QScrollBar*>()) {
        bar->setAccessibleName(tr("Scroll"));
        bar->setToolTip(tr("Scroll"));
    }
    connectSession();
    connectViews();
    connectStepping();
    connectLessons();
    addWindowActions(*this);
    restoreSettings();
    m_time.start();
    connect(&m_clock, &FrameClock::frame, this, &LabWindow::frame);
    m_clock.start();
}

LabWindow::~LabWindow() { m_clock.stop(); }

void LabWindow::buildTabs() {
    m_tabs->setObjectName(QStringLiteral("tabs"));
    m_tabs->setAccessibleName(tr("Views beside the stage"));
    int number = 3;
    for (auto* view : m_views.beside()) {
        const int index = m_tabs->addTab(view, view->accessibleName());
        const auto key = number <= 9 ? tr(" (%1)").arg(number) : number == 10 ? tr(" (0)") : QString{};
        m_tabs->setTabToolTip(index, view->toolTip() + key);
        ++number;
    }
}

void LabWindow::buildLayout() {
    m_rows->setChildrenCollapsible(false);
    m_rows->addWidget(m_views.stage);
    m_rows->addWidget(m_views.lanes);
    m_rows->setStretchFactor(0, 64);
    m_rows->setStretchFactor(1, 36);
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_rows);
    m_columns->addWidget(m_tabs);
    m_columns->setStretchFactor(0, 70);
    m_columns->setStretchFactor(1, 30);
    m_tabs->setMinimumWidth(260);
    for (auto* splitter : {m_rows, m_columns}) {
        splitter->setAccessibleName(tr("Views"));
        splitter->setToolTip(tr("Drag the line between two views"));
        splitter->handle(1)->setAccessibleName(tr("Line between two views"));
        splitter->handle(1)->setToolTip(tr("Drag the line between two views"));
    }
    auto* centre = new QWidget(this);
    centre->setAccessibleName(tr("Proactor Lab"));
    centre->setToolTip({});
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_runBar);
    layout->addWidget(m_timeBar);
    layout->addWidget(m_stepBar);
    layout->addWidget(m_messages);
    layout->addWidget(m_columns, 1);
    layout->addWidget(m_views.metrics);
    setCentralWidget(centre);
    m_columns->setSizes({880, 400});
    m_rows->setSizes({400, 220});
    const auto room = screen()->availableSize();
    resize(std::min(1440, room.width()), std::min(900, room.height() - 32));
    if (room.width() <= 1440) {
        setWindowState(Qt::WindowMaximized); // a small screen or a projector: all of it
    }
}

void LabWindow::connectSession() {
    connect(&m_session, &LabSession::recordingChanged, this, &LabWindow::showRecording);
    connect(&m_session, &LabSession::phaseChanged, this, [this] {
        m_runBar->setUrl(m_session.url());
        m_runBar->setStatus(m_session.phaseText());
        if (m_session.isOpening()) {
            m_messages->showProgress(tr("Reading the recording… %1 %").arg(m_session.openedPercent()), true);
        } else {
            m_messages->endProgress();
        }
        if (m_session.phase() == LabSession::Phase::Idle) {
            m_playhead.setGrows(false);
        }
    });
    connect(&m_session, &LabSession::failed, this, [this](const QString& message) {
        m_messages->showError(message);
        if (!m_session.recording() && m_session.phase() == LabSession::Phase::Idle && !m_fellBack) {
            m_fellBack = true;
            start(); // no empty window: what was asked for cannot be shown, so the first scenario runs
        }
    });
    connect(&m_session, &LabSession::openedMore, this, [this] {
        m_messages->showProgress(tr("Reading the recording… %1 %").arg(m_session.openedPercent()), true);
    });
    connect(&m_session, &LabSession::remarked, m_messages,
            [this](const QString& text) { m_messages->showRemark(text); });
    connect(&m_session, &LabSession::saved, this,
            [this](const QString& file) { m_messages->showRemark(tr("Written: %1").arg(file)); });
    connect(m_messages, &MessageStrip::cancelled, &m_session, &LabSession::cancelOpening);
    connectBars();
}

void LabWindow::connectBars() {
    connect(m_runBar, &RunBar::modelChosen, this, &LabWindow::chooseModel);
    connect(m_runBar, &RunBar::scenarioChosen, this, &LabWindow::loadScenario);
    connect(m_runBar, &RunBar::fileWanted, this, &LabWindow::askForScenario);
    connect(m_runBar, &RunBar::restartWanted, this, &LabWindow::restart);
    connect(m_runBar, &RunBar::copyWanted, this, &LabWindow::copyAddress);
    connect(m_runBar, &RunBar::browserWanted, this, &LabWindow::openBrowser);
    connect(m_runBar, &RunBar::sideWanted, this, &LabWindow::showSide);
    connect(&m_runBar->options(), &OptionsPopup::chosen, this,
            [this](const ServerSetting& setting, std::int64_t value) {
                setting.put(m_server, value);
                setting.put(m_chosen, value);
            });
    connect(&m_runBar->options(), &OptionsPopup::told, this, [this](const QString& sentences) {
        m_optionsTold = sentences;
        m_messages->showRemark(sentences);
    });
    for (auto* splitter : {m_columns, m_rows}) {
        connect(splitter, &QSplitter::splitterMoved, this, [this] { m_linesByHand = true; });
    }
    connect(m_timeBar, &TimeBar::paceChanged, this, [this](double pace) {
        m_control.setPace(pace);
        m_playhead.setPace(pace);
    });
}

void LabWindow::connectViews() {
    connect(m_views.stage, &StageView::flowsChanged, m_views.lanes, &LanesView::setFlows);
    connect(m_views.guide, &GuideView::watchWanted, this, [this] {
        if (m_scenario.id != "first-light" || m_session.isReplay()) {
            loadScenario(firstScenario());
            return;
        }
        m_timeBar->setPace(12);
        m_playhead.setPace(12);
        m_control.setPace(12);
        m_control.isEngaged() ? m_control.goOn() : m_playhead.toEnd();
    });
    connect(m_views.guide, &GuideView::stepWanted, this, [this] {
        m_session.stepper() != nullptr ? m_control.hold() : m_playhead.pause();
        m_views.stage->setFocus();
    });
    connect(m_views.challenge, &ChallengeView::recordingWanted, &m_session, &LabSession::showRecording);
    connect(m_views.guide, &GuideView::compareWanted, this, &LabWindow::chooseModel);
    connect(m_views.patterns, &PatternsView::sourceWanted, this, [this](const QString& file, const QString& name) {
        if (m_views.source->showDeclaration(file, name)) {
            showView(m_views.source);
        }
    });
    connect(m_views.patterns, &PatternsView::runWanted, this, &LabWindow::showAtWork);
    connect(m_views.services, &ServicesView::servicesChanged, this, [this](const std::vector<ServiceSpec>& services) {
        m_server.services = services;
        if (!m_scenario.server.services) { // else they stand on the scenario's, and go with them
            m_chosen.services = services;
        }
    });
    connect(m_views.services, &ServicesView::serverWanted, this, &LabWindow::takeConfiguration);
}

void LabWindow::begin() {
    const auto first = firstScenario();
    const auto& given = m_options.scenario;
    m_views.stage->setFocus();
    if (!given.isEmpty() && !given.endsWith(QStringLiteral(".json"))) {
        takeScenario(first); // what a restart runs; until then the recording is on show
        m_session.open(given);
    } else {
        loadScenario(given.isEmpty() ? first : given);
    }
    if (m_options.quitAfter > 0) {
        QTimer::singleShot(static_cast<int>(m_options.quitAfter * 1000), this, [this] {
            if (!m_options.screenshot.isEmpty()) {
                grab().save(m_options.screenshot);
            }
            close();
        });
    }
}

void LabWindow::showRecording(bool grows) {
    m_selection.clear();
    m_playhead.show(m_session.recording(), grows);
    m_views.lanes->zoomByItself();
    const auto info = m_session.recording()->info();
    const auto present = m_session.presentModel(); // it may have been changed since the run began
    m_presentModel = present.isEmpty() ? QString::fromStdString(info.model) : present;
    m_followedModel.clear();
    m_runBar->setModel(m_presentModel);
    setWindowTitle(tr("%1 · Proactor Lab").arg(m_presentModel));
    showFigures();
}

void LabWindow::frame(double seconds) {
    const bool behind = m_playhead.recorded() - m_playhead.end() > farBehind;
    m_playhead.frame(seconds, behind ? behindBudget : usualBudget);
    const auto now = m_time.elapsed();
    // What costs more than a third of a frame is painted every second frame.
    const int interval = m_paintTime > 6 ? 30 : 0;
    m_views.stage->setInterval(interval);
    m_views.lanes->setInterval(interval);
    // Where single steps cannot be followed, nobody reads single messages either.
    m_views.collaboration->setInterval(m_views.stage->showsFlows() ? 500 : 0);
    m_control.frame();
    m_views.candidates->ask();
    for (auto* view : m_views.all()) {
        view->frame(now);
    }
    m_timeBar->refresh();
    if (now - m_figuresShown >= 200) {
        m_figuresShown = now;
        showFigures();
    }
}

void LabWindow::showFigures() {
    const bool paced = m_session.wasPaced();
    const bool idle = m_session.phase() == LabSession::Phase::Idle;
    m_runBar->setRunKind(m_views.challenge->isOnShow()    ? RunKind::Challenge
                         : m_session.isReplay()           ? RunKind::Replay
                         : !m_session.recording() || idle ? RunKind::None
                         : m_session.wasStepped()         ? RunKind::Stepped
                         : paced                          ? RunKind::Paced
                                                          : RunKind::Measured);
    m_runBar->setLost(m_session.counts().lost);
    m_views.metrics->setPaced(paced || m_session.wasStepped(), m_session.wasStepped());
    m_views.charts->setPaced(paced || m_session.wasStepped());
    m_session.look();
    lookAtModel();
    if (isLarge() && m_rows->height() != m_arrangedHeight) {
        arrange(); // a bar or a message has come or gone
    }
    if (m_showFrameTimes) {
        m_overlay->show(m_clock.statistics());
    }
}

bool LabWindow::event(QEvent* event) {
    if (event->type() != QEvent::UpdateRequest) {
        return QMainWindow::event(event);
    }
    // All that changed in a frame is painted here, in one go.
    QElapsedTimer timer;
    timer.start();
    const bool done = QMainWindow::event(event);
    const double milliseconds = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    m_clock.statistics().addPaint(milliseconds);
    m_paintTime += 0.1 * (milliseconds - m_paintTime);
    return done;
}

void LabWindow::nextTheme() {
    const auto all = themes();
    const auto here = std::ranges::find(all, m_theme->id, &Theme::id) - all.begin();
    setTheme(all[static_cast<std::size_t>(here + 1) % all.size()].id);
}

void LabWindow::setLabels(bool labels) { m_views.stage->setLabels(labels); }

void LabWindow::showFrameTimes(bool show) {
    m_showFrameTimes = show;
    m_overlay->setVisible(show);
}

void LabWindow::copyAddress() {
    if (!m_session.url().isEmpty()) {
        QApplication::clipboard()->setText(m_session.url());
        m_messages->showRemark(tr("Copied: %1").arg(m_session.url()));
    }
}

void LabWindow::openBrowser() {
    if (!m_session.url().isEmpty() && !QDesktopServices::openUrl(QUrl(m_session.url()))) {
        m_messages->showError(tr("No browser could be opened. The server is at %1").arg(m_session.url()));
    }
}

void LabWindow::toggleFullScreen() { setWindowState(windowState() ^ Qt::WindowFullScreen); }

void LabWindow::closeEvent(QCloseEvent* event) {
    if (!m_options.frameReport.isEmpty()) {
        writeFrameReport(m_options.frameReport);
    }
    saveSettings();
    event->accept();
}

} // namespace lab
