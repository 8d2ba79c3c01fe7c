// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/lesson/lesson_run.h"
#include "gui/lesson/lesson_list.h"
#include "gui/lesson/lesson_page.h"
#include "gui/lesson/lesson_side.h"
#include "gui/lesson/session_bench.h"
#include "gui/view/lab_view.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace lab {

/// A lesson and where one is in it: its pages, forward and back; the run driven to where each page is about; questions
/// predicted, observed and answered by the run. Survives that somebody goes away, and brings back.
///
/// Decides: when the window's playhead and selection are the lesson's. Threads: GUI, never blocks for the run.
/// Owner: the window.
class LessonPanel : public LabView {
    Q_OBJECT

public:
    LessonPanel(Playhead& playhead, SharedSelection& selection, QWidget* parent = nullptr);
    ~LessonPanel() override;

    /// Before anything is opened.
    void connectTo(LabSession& session, SessionBench::Starter starter);

    bool isOpen() const { return m_run != nullptr; }
    const LessonRun& run() const { return *m_run; } ///< only while a lesson is open
    bool isThere() const { return m_there; }        ///< the window shows the page's place
    bool isAway() const { return m_away; }          ///< it did, and now shows something else

    /// Once a frame, whether or not it is in sight.
    void poll();

public slots:
    void open(const QString& file); ///< from its first page on
    void openNumber(int number);    ///< the lesson whose file begins with this number
    void showList();
    void next();
    void back();
    void returnToPage(); ///< after somebody went away

signals:
    void wanted();                      ///< a lesson was begun: it wants to be in sight
    void changed();                     ///< another page, or there is none any more
    void driving(const QString& where); ///< the server goes on until there
    void failed(const QString& message);

protected:
    void refresh() override {}
    void themeChanged() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// What became of a question.
    struct Answered {
        QString prediction;
        QString value;
        QString shown;
        QString why;
    };
    using QuestionId = std::pair<std::size_t, std::size_t>; ///< page, question

    void buildHeader();
    void buildFooter();
    QPushButton* makeButton(const char* name, const QString& text, const QString& about);
    void enter(std::size_t page);
    void showPage();
    void showNumber();
    void observe(std::size_t question);
    void settle();
    void arrive();
    void tell(std::size_t question);
    void select(std::size_t place);
    void noticeAbsence();
    void showStatus();
    void fitSide();
    void shareRoom();
    const LessonPage& page() const { return m_run->lesson().pages[m_run->page()]; }

    LabSession* m_session = nullptr;
    std::unique_ptr<SessionBench> m_bench;
    std::unique_ptr<LessonRun> m_run;
    std::map<QuestionId, Answered> m_answers; ///< of the lesson that is open
    std::optional<std::size_t> m_observed;    ///< the question that waits for its observation
    bool m_pending = false;                   ///< the page's place has yet to be shown
    bool m_there = false;
    bool m_away = false;
    QElapsedTimer m_time;

    QStackedWidget* m_sheets;
    LessonList* m_list;
    QWidget* m_sheet;
    QLabel* m_title;
    QToolButton* m_all;
    QProgressBar* m_progress;
    QSplitter* m_splitter;
    LessonPageArea* m_page;
    LessonSide* m_side;
    QLabel* m_status;
    QPushButton* m_return;
    QPushButton* m_back;
    QPushButton* m_next;
    QLabel* m_number;
};

} // namespace lab
