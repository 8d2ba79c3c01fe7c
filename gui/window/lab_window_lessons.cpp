// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "gui/window/lab_window.h"

namespace lab {

void LabWindow::connectLessons() {
    auto* lesson = m_views.lesson;
    lesson->connectTo(m_session, [this](const LessonSetup& setup) { return startLessonRun(setup); });
    connect(&m_clock, &FrameClock::frame, lesson, &LessonPanel::poll);
    connect(lesson, &LessonPanel::wanted, this, [this, lesson] { showView(lesson); });
    connect(lesson, &LessonPanel::driving, &m_control, &StepControl::announce);
    connect(lesson, &LessonPanel::failed, m_messages, &MessageStrip::showError);
    connect(m_views.guide, &GuideView::lessonWanted, this, &LabWindow::openLesson);
}

void LabWindow::openLesson(int number) { m_views.lesson->openNumber(number); }

/// The scenario and model of a lesson's page, one thread at a time and held before the first turn.
QString LabWindow::startLessonRun(const LessonSetup& setup) {
    const auto file = scenarioFolder() + "/" + setup.scenario + ".json";
    if (!takeScenario(QString::fromStdString(file))) {
        return tr("its scenario, %1, cannot be read").arg(QString::fromStdString(setup.scenario));
    }
    m_server = {}; // a lesson's run is as its page says, whatever was chosen otherwise
    setup.apply(m_scenario, m_server);
    m_scenario.seed = setup.seed.value_or(m_scenario.seed);
    m_runBar->setServer(m_server);
    RunRequest request;
    request.startHeld = true;
    start(std::move(request));
    return {};
}

} // namespace lab
