// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_views.h"

namespace lab {

namespace {

/// Milliseconds between two refreshes: of what ticks along, of what is read, and of what changes slowly.
constexpr int watching = 30;
constexpr int reading = 95;
constexpr int seldom = 480;

} // namespace

WindowViews::WindowViews(LabSession& session, StepControl& control, Playhead& playhead, SharedSelection& selection,
                         QWidget* parent)
    : stage(new StageView(playhead, selection, parent))
    , lanes(new LanesView(playhead, selection, parent))
    , collaboration(new CollaborationView(playhead, selection, parent))
    , threads(new ThreadsView(playhead, selection, parent))
    , events(new EventsView(playhead, selection, parent))
    , queue(new QueueView(playhead, selection, parent))
    , charts(new ChartsView(playhead, selection, parent))
    , source(new SourceView(playhead, selection, parent))
    , guide(new GuideView(playhead, selection, parent))
    , patterns(new PatternsView(playhead, selection, parent))
    , services(new ServicesView(session, playhead, selection, parent))
    , lesson(new LessonPanel(playhead, selection, parent))
    , candidates(new StepCandidatesView(control, playhead, selection, parent))
    , challenge(new ChallengeView(playhead, selection, parent))
    , metrics(new MetricsBar(playhead, selection, parent))
    , m_beside{collaboration, source, events,     queue,     threads,  charts,
               lesson,        guide,  candidates, challenge, services, patterns}
    , m_all(m_beside) {
    m_all.insert(m_all.end(), {stage, lanes, metrics});
    for (LabView* view : {static_cast<LabView*>(events), static_cast<LabView*>(queue), static_cast<LabView*>(source),
                          static_cast<LabView*>(threads), static_cast<LabView*>(metrics)}) {
        view->setInterval(reading);
    }
    collaboration->setInterval(watching);
    charts->setInterval(seldom);
    services->setInterval(seldom);
}

} // namespace lab
