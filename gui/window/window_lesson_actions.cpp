// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/window_lesson_actions.h"

#include "engine/cli/lesson_folder.h"
#include "gui/window/lab_window.h"
#include "gui/window/translated.h"
#include "gui/window/window_step_actions.h"

#include <QAction>
#include <QMenu>

namespace lab {

void addLessonActions(LabWindow& window, QMenu& menu) {
    auto* lesson = window.views().lesson;
    for (const auto& file : lessonFiles(lessonFolder())) {
        if (const auto read = readLesson(file)) {
            const auto title = QString::fromStdString(read->title);
            addWindowAction(window, &menu, title, {}, [lesson, file] {
                lesson->open(QString::fromStdString(file));
            })->setToolTip(QString::fromStdString(read->about));
        }
    }
    menu.addSeparator();
    auto* next = addWindowAction(window, &menu, tr("&Next page"), {QKeySequence(tr("Ctrl+PgDown"))},
                                 [lesson] { lesson->next(); });
    auto* back = addWindowAction(window, &menu, tr("Page &before"), {QKeySequence(tr("Ctrl+PgUp"))},
                                 [lesson] { lesson->back(); });
    auto* home = addWindowAction(window, &menu, tr("Back to the &lesson"), {QKeySequence(tr("Ctrl+Home"))},
                                 [lesson] { lesson->returnToPage(); });
    const auto enable = [lesson, next, back, home] {
        for (auto* action : {next, back, home}) {
            action->setEnabled(lesson->isOpen());
        }
    };
    QObject::connect(lesson, &LessonPanel::changed, next, enable);
    enable();
}

} // namespace lab
