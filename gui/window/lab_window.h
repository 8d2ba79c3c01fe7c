// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/bridge/frame_clock.h"
#include "gui/bridge/lab_session.h"
#include "gui/model/playhead.h"
#include "gui/model/shared_selection.h"
#include "gui/view/charts_view.h"
#include "gui/view/events_view.h"
#include "gui/view/frame_overlay.h"
#include "gui/view/guide_view.h"
#include "gui/view/lanes_view.h"
#include "gui/view/metrics_bar.h"
#include "gui/view/queue_view.h"
#include "gui/view/source_view.h"
#include "gui/view/stage_view.h"
#include "gui/window/message_strip.h"
#include "gui/window/run_bar.h"
#include "gui/window/time_bar.h"
#include "gui/window/window_options.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QSplitter>
#include <QTabWidget>

#include <vector>

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
    StageView& stage() { return *m_stage; }
    LanesView& lanes() { return *m_lanes; }
    RunBar& runBar() { return *m_runBar; }
    TimeBar& timeBar() { return *m_timeBar; }
    const Theme& theme() const { return *m_theme; }
    const WindowOptions& options() const { return m_options; }
    QString message() const { return m_messages->text(); }
    bool writeFrameReport(const QString& file);

public slots:
    void loadScenario(const QString& file); ///< reads it, and runs it
    void chooseModel(const QString& id);    ///< the same traffic under another model
    void restart();
    void openRecording(const QString& file);
    void saveRecording(const QString& file);
    /// What the playhead shows, by the exporter that the file's ending stands for.
    void exportTo(const QString& format, const QString& file);
    void setTheme(const QString& id);
    void nextTheme();
    void setLabels(bool labels);
    void showFrameTimes(bool show);
    void goToView(int number); ///< 1: stage, 2: lanes, then the tabs
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
    void connectViews();
    bool takeScenario(const QString& file);
    void start();
    void frame(double seconds);
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
    FrameClock m_clock;
    QElapsedTimer m_time;
    qint64 m_figuresShown = 0;
    double m_paintTime = 0; ///< ms, smoothed

    Scenario m_scenario;
    ServerOptions m_server;

    RunBar* m_runBar;
    TimeBar* m_timeBar;
    MessageStrip* m_messages;
    StageView* m_stage;
    LanesView* m_lanes;
    EventsView* m_events;
    QueueView* m_queue;
    ChartsView* m_charts;
    SourceView* m_source;
    GuideView* m_guide;
    MetricsBar* m_metrics;
    FrameOverlay* m_overlay;
    QTabWidget* m_tabs;
    QSplitter* m_columns;
    QSplitter* m_rows;
    std::vector<LabView*> m_views;
    bool m_sideWhenWide = true;    ///< as the person left it
    bool m_sideWhenNarrow = false; ///< as the person left it
    bool m_linesByHand = false;    ///< a person dragged a line between two views
    QByteArray m_usualColumns;     ///< sizes with usual type, while it is large
    QByteArray m_usualRows;
    bool m_showFrameTimes = false;
    bool m_fellBack = false;
};

} // namespace lab
