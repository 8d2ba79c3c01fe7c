// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/lesson/lesson_side.h"

#include "gui/view/collaboration_view.h"
#include "gui/view/events_view.h"
#include "gui/view/queue_view.h"
#include "gui/view/source_view.h"
#include "gui/view/steps_view.h"
#include "gui/view/threads_view.h"

#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace lab {

namespace {

constexpr int reading = 95; // ms between two refreshes of what is read, not watched

template <typename View>
LabView* makeView(Playhead& playhead, SharedSelection& selection, QWidget* parent) {
    return new View(playhead, selection, parent);
}

struct Kind {
    const char* id;
    LabView* (*make)(Playhead&, SharedSelection&, QWidget*);
};

/// By the ids of lessonViews().
constexpr std::array kinds{
    Kind{"collaboration", makeView<CollaborationDiagram>},
    Kind{"steps", makeView<StepsView>},
    Kind{"source", makeView<SourceView>},
    Kind{"queue", makeView<QueueView>},
    Kind{"threads", makeView<ThreadsView>},
    Kind{"events", makeView<EventsView>},
};

} // namespace

LessonSide::LessonSide(Playhead& playhead, SharedSelection& selection, QWidget* parent)
    : QWidget(parent)
    , m_playhead(playhead)
    , m_selection(selection)
    , m_theme(&themes().front()) {
    setObjectName(QStringLiteral("lessonSide"));
    setAccessibleName(tr("What the page shows"));
    setToolTip({});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    hide();
}

LabView* LessonSide::make(const QString& id) {
    const auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return id == QLatin1String(one.id); });
    if (kind == kinds.end()) {
        return nullptr;
    }
    auto* view = kind->make(m_playhead, m_selection, this);
    view->setInterval(reading);
    view->setTheme(*m_theme);
    layout()->addWidget(view);
    return m_views[id] = view;
}

void LessonSide::showView(const QString& id) {
    const auto made = m_views.find(id);
    auto* wanted = made != m_views.end() ? made->second : make(id);
    for (const auto& [other, view] : m_views) {
        view->setVisible(view == wanted);
    }
    m_shown = wanted != nullptr ? id : QString{};
    setVisible(wanted != nullptr);
}

void LessonSide::setTheme(const Theme& theme) {
    m_theme = &theme;
    for (const auto& [id, view] : m_views) {
        view->setTheme(theme);
    }
}

void LessonSide::frame(qint64 now) {
    if (const auto shown = m_views.find(m_shown); shown != m_views.end()) {
        shown->second->frame(now);
    }
}

} // namespace lab
