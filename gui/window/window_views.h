// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/step_control.h"
#include "gui/challenge/challenge_view.h"
#include "gui/lesson/lesson_panel.h"
#include "gui/view/charts_view.h"
#include "gui/view/collaboration_view.h"
#include "gui/view/events_view.h"
#include "gui/view/guide_view.h"
#include "gui/view/lanes_view.h"
#include "gui/view/metrics_bar.h"
#include "gui/view/patterns_view.h"
#include "gui/view/queue_view.h"
#include "gui/view/services_view.h"
#include "gui/view/source_view.h"
#include "gui/view/stage_view.h"
#include "gui/view/step_candidates_view.h"
#include "gui/view/threads_view.h"

#include <span>
#include <vector>

namespace lab {

/// All views of the window around its one playhead and its one selection. A new view is made, and listed, here.
///
/// Threads: GUI. Owner: the window; the widgets belong to their parent.
class WindowViews {
public:
    WindowViews(LabSession& session, StepControl& control, Playhead& playhead, SharedSelection& selection,
                QWidget* parent);

    std::span<LabView* const> all() const { return m_all; }       ///< each gets frames and themes
    std::span<LabView* const> beside() const { return m_beside; } ///< beside the stage, one at a time, in this order

    StageView* stage;
    LanesView* lanes;
    CollaborationView* collaboration;
    ThreadsView* threads;
    EventsView* events;
    QueueView* queue;
    ChartsView* charts;
    SourceView* source;
    GuideView* guide;
    PatternsView* patterns;
    ServicesView* services;
    LessonPanel* lesson;
    StepCandidatesView* candidates;
    ChallengeView* challenge;
    MetricsBar* metrics;

private:
    std::vector<LabView*> m_beside;
    std::vector<LabView*> m_all;
};

} // namespace lab
