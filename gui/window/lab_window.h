// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/wanted_server.h"
#include "gui/bridge/frame_clock.h"
#include "gui/bridge/lab_session.h"
#include "gui/bridge/step_control.h"
#include "gui/model/playhead.h"
#include "gui/model/shared_selection.h"
#include "gui/view/frame_overlay.h"
#include "gui/window/message_strip.h"
#include "gui/window/run_bar.h"
#include "gui/window/side_tabs.h"
#include "gui/window/step_bar.h"
#include "gui/window/time_bar.h"
#include "gui/window/window_options.h"
#include "gui/window/window_views.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QSplitter>

#include <functional>

namespace lab {

/// The window: puts views and controls together around one run, one playhead and one selection.
///
/// Role: layout and wiring only. Threads: GUI. Owner: main().
class LabWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit LabWindow(WindowOptions options);
    ~LabWindow() override;

    /// Starts the first run; the window is shown by the caller.
    void begin();

    LabSession& session() { return m_session; }
    Playhead& playhead() { return m_playhead; }
    SharedSelection& selection() { return m_selection; }
    FrameStatistics& frameStatistics() { return m_clock.statistics(); }
    StepControl& stepControl() { return m_control; }
    WindowViews& views() { return m_views; }
    StageView& stage() { return *m_views.stage; }
    LanesView& lanes() { return *m_views.lanes; }
    RunBar& runBar() { return *m_runBar; }
    TimeBar& timeBar() { return *m_timeBar; }
    StepBar& stepBar() { return *m_stepBar; }
    const Theme& theme() const { return *m_theme; }
    const WindowOptions& options() const { return m_options; }
    QString message() const { return m_messages->text(); }
    bool writeFrameReport(const QString& file);

public slots:
    void loadScenario(const QString& file); ///< reads it, and runs it
    void chooseModel(const QString& id);    ///< the same traffic under another model
    void changeServer(const QString& id);   ///< the run on show goes on under another model, as the options say
    void restart();
    void startHeld();                         ///< one thread at a time, held before the first event
    void goOnFromHere();                      ///< with other choices: a new run that follows this one to here
    void followSchedule(const QString& file); ///< starts its model and scenario over
    void saveSchedule(const QString& file);
    void compareRuns();                      ///< the run on show with the one before it
    void playChallenge(std::string_view id); ///< one of challenges(), from its beginning
    void chooseNext();                       ///< holds, and shows who could go next
    void showAtWork(const QString& scenario, const QString& model);
    void openLesson(int number); ///< the lesson whose file begins with this number
    void openRecording(const QString& file);
    void saveRecording(const QString& file);
    /// What the playhead shows, by the exporter that the file's ending stands for.
    void exportTo(const QString& format, const QString& file);
    void setTheme(const QString& id);
    void nextTheme();
    void setLabels(bool labels);
    void showFrameTimes(bool show);
    void goToView(int number);          ///< 1: stage, 2: lanes, then the tabs
    void showView(const QWidget* view); ///< one of those beside the stage
    void copyAddress();
    void openBrowser();
    void askForScenario();
    void toggleFullScreen();
    void toggleSide(); ///< the views beside the stage: away, or back

protected:
    bool event(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildLayout();
    void buildTabs();
    void connectSession();
    void connectBars();
    void connectViews();
    static QString firstScenario(); ///< what runs when nothing was asked for
    bool takeScenario(const QString& file);
    void takeModel();                    ///< the one in the run bar, for the next run
    void start(RunRequest request = {}); ///< scenario, server and pace as chosen
    void connectStepping();
    void connectLessons();
    QString startLessonRun(const LessonSetup& setup);
    void fillRuns();
    void frame(double seconds);
    void takeConfiguration(const WantedServer& wanted, const std::function<void(const Result<void>&)>& then);
    /// `then`, where there is one, gets what came of it; where nothing does, the run bar says again what it said.
    void changeServerTo(const WantedServer& wanted, bool withServices, std::function<void(const Result<void>&)> then);
    void lookAtModel();
    void showFigures();
    void showRecording(bool grows);
    bool isLarge() const { return m_theme->typeSize > 18; } ///< a projector's type
    bool isNarrow() const;                                  ///< no room for views beside the stage
    void showSide(bool shown);
    void arrange();      ///< by type and size: which views there is room for, and how much each gets
    void arrangeLater(); ///< when the layout knows its new size
    void enterTheme(const Theme& theme);
    void restoreSettings();
    void saveSettings();

    const WindowOptions m_options;
    const Theme* m_theme;
    LabSession m_session;
    Playhead m_playhead;
    SharedSelection m_selection;
    StepControl m_control{m_session, m_playhead, m_selection};
    WindowViews m_views;
    FrameClock m_clock;
    QElapsedTimer m_time;
    qint64 m_figuresShown = 0;
    double m_paintTime = 0; ///< ms, smoothed

    Scenario m_scenario;
    QString m_presentModel;  ///< of the server on show, as last told
    QString m_followedModel; ///< to which the scenario has changed it; empty: it has not
    ServerOptions m_chosen;  ///< by the person: what a scenario does not say
    ServerOptions m_server;  ///< the same, and what the scenario says; as far as it makes sense, it is what runs next
    QString m_optionsTold;   ///< what gave way last

    RunBar* m_runBar;
    TimeBar* m_timeBar;
    StepBar* m_stepBar;
    MessageStrip* m_messages;
    FrameOverlay* m_overlay;
    SideTabs* m_tabs;
    QSplitter* m_columns;
    QSplitter* m_rows;
    bool m_sideWhenWide = true;    ///< as the person left it
    bool m_sideWhenNarrow = false; ///< as the person left it
    int m_arrangedHeight = 0;      ///< of stage and lanes together, when they were given their room
    bool m_linesByHand = false;    ///< a person dragged a line between two views
    QByteArray m_usualColumns;     ///< sizes with usual type, while it is large
    QByteArray m_usualRows;
    bool m_showFrameTimes = false;
    bool m_fellBack = false;
};

} // namespace lab
