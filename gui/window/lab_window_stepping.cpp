// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "gui/model/number_text.h"
#include "gui/window/comparison_page.h"
#include "gui/window/lab_window.h"

#include <QFileInfo>

namespace lab {

void LabWindow::connectStepping() {
    connect(&m_control, &StepControl::remarked, this, [this](const QString& text) { m_messages->showRemark(text); });
    connect(m_timeBar, &TimeBar::stepsWanted, this, [this] { m_stepBar->showSteps(m_timeBar->stepsButton()); });
    connect(m_stepBar, &StepBar::otherChoicesWanted, this, &LabWindow::goOnFromHere);
    connect(m_stepBar, &StepBar::candidatesWanted, this, &LabWindow::chooseNext);
    connect(m_views.candidates, &StepCandidatesView::otherChoicesWanted, this, &LabWindow::goOnFromHere);
    connect(&m_session, &LabSession::runsChanged, this, &LabWindow::fillRuns);
}

void LabWindow::startHeld() {
    takeModel();
    RunRequest request;
    request.startHeld = true;
    start(std::move(request));
}

void LabWindow::goOnFromHere() {
    if (!m_session.canGoOnFromHere()) {
        m_messages->showRemark(
            m_session.isReplay() ? tr("This recording is of a file: the order of its turns is not known, so no run can "
                                      "follow it to this event.")
                                 : tr("This run went freely at times, so the order of its turns is not known, and no "
                                      "other run can follow it to this event. Of a run that starts held, it is known."),
            tr("Start held"), [this] { startHeld(); });
        return;
    }
    const auto former = m_session.shownKept().isEmpty() ? m_session.presentName() : m_session.shownKept();
    const auto place = m_playhead.position();
    m_session.goOnFrom(place);
    m_messages->showRemark(
        tr("Run %1 is kept. A new run follows it up to its event %2 and is held there: choose who goes "
           "next.")
            .arg(former, countText(place)));
    m_views.candidates->list().setFocus();
    if (!isNarrow()) {
        showView(m_views.candidates);
    }
}

void LabWindow::saveSchedule(const QString& file) {
    if (!m_session.canGoOnFromHere()) {
        m_messages->showRemark(
            tr("This run went freely at times, so the order of its turns is not known. Of a run that "
               "starts held, it is known."),
            tr("Start held"), [this] { startHeld(); });
        return;
    }
    m_session.saveSchedule(file);
}

void LabWindow::followSchedule(const QString& file) {
    m_session.readSchedule(file, [this, file](const std::shared_ptr<const Schedule>& schedule) {
        if (!schedule->scenario.empty() && schedule->scenario != m_scenario.id) {
            const auto known = QString::fromStdString(scenarioFolder() + "/" + schedule->scenario + ".json");
            if (!QFileInfo::exists(known)) {
                m_messages->showError(tr("%1 is of the scenario %2, which is not among the lab's. Open that scenario "
                                         "first.")
                                          .arg(file, QString::fromStdString(schedule->scenario)));
                return;
            }
            if (!takeScenario(known)) {
                return;
            }
        }
        m_scenario.seed = schedule->seed;
        m_server.model = schedule->model;
        if (schedule->threads > 0) {
            m_server.threads = schedule->threads;
        }
        m_runBar->setServer(m_server);
        RunRequest request;
        request.schedule = schedule;
        start(std::move(request));
    });
}

void LabWindow::chooseNext() {
    if (!m_control.isEngaged()) {
        m_control.hold();
    }
    showView(m_views.candidates);
    m_views.candidates->list().setFocus();
}

void LabWindow::playChallenge(std::string_view id) {
    if (const auto* challenge = findChallenge(id)) {
        showView(m_views.challenge);
        m_views.challenge->play(*challenge);
    }
}

void LabWindow::fillRuns() {
    auto& menu = m_runBar->runs();
    menu.clear();
    const auto& kept = m_session.keptRuns();
    const auto shown = m_session.shownKept();
    m_runBar->setRun(kept.empty() ? QString{} : shown.isEmpty() ? m_session.presentName() : shown);
    const auto add = [&](const QString& text, bool isShown, std::function<void()> show) {
        auto* action = menu.addAction(text);
        action->setCheckable(true);
        action->setChecked(isShown);
        connect(action, &QAction::triggered, this, [show = std::move(show)] { show(); });
    };
    for (const auto& run : kept) {
        const auto model = QString::fromStdString(run.recording->info().model);
        add(tr("Show run &%1: %2, %3 turns").arg(run.name, model).arg(run.schedule->turns.size()), run.name == shown,
            [this, name = run.name] { m_session.showKept(name); });
    }
    if (m_session.presentRecording()) {
        add(tr("Show run &%1: the one that goes on now").arg(m_session.presentName()), shown.isEmpty(),
            [this] { m_session.showPresent(); });
    }
    menu.addSeparator();
    auto* compare = menu.addAction(tr("Compare with the former run…"));
    compare->setEnabled(!kept.empty());
    connect(compare, &QAction::triggered, this, &LabWindow::compareRuns);
}

void LabWindow::compareRuns() {
    const auto& kept = m_session.keptRuns();
    if (kept.empty()) {
        m_messages->showRemark(
            tr("There is no former run to compare with: a run is kept when it is stepped from its start "
               "on, and another one takes its place."),
            tr("Start held"), [this] { startHeld(); });
        return;
    }
    // The one on show beside the present one; the present one beside the one before it.
    auto former = kept.back();
    for (const auto& run : kept) {
        if (run.name == m_session.shownKept()) {
            former = run;
        }
    }
    const auto present = m_session.presentRecording();
    if (!present) {
        return;
    }
    const auto comparison = std::make_shared<RunComparison>(ComparedRun{former.name, former.recording},
                                                            ComparedRun{m_session.presentName(), present});
    m_session.work([comparison] { comparison->compare(); },
                   [this, comparison] { showComparison(*this, *m_theme, comparison); });
}

} // namespace lab
