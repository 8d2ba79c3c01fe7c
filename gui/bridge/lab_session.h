// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/service_configurator.h"
#include "engine/run/lab_run.h"
#include "engine/run/trouble_watch.h"
#include "engine/stepping/stepper.h"
#include "engine/trace/recording.h"
#include "gui/bridge/kept_runs.h"
#include "gui/bridge/run_request.h"
#include "gui/bridge/worker_thread.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace lab {

/// Owns the one run (or the one opened recording) that the window shows, and the last few runs before it.
///
/// Role: bridge between engine and window. Decides: when a run is started, switched, stopped; which port it gets.
/// Threads: GUI; what takes time happens on worker threads of its own, and signals tell how it went.
/// Owner: the window.
class LabSession : public QObject {
    Q_OBJECT

public:
    enum class Phase { Idle, Starting, Switching, Stopping, Running, Replay };
    Q_ENUM(Phase)

    using Request = RunRequest;

    explicit LabSession(QObject* parent = nullptr);
    ~LabSession() override;

    /// Ends the present run (draining its connections) and starts another one. A request made meanwhile waits for
    /// its turn; only the last one of those counts.
    void start(Request request);
    void stop();

    /// Reads a recording on a worker thread; the present run goes on until it is there.
    void open(const QString& file);
    void cancelOpening();
    bool isOpening() const { return m_opening; }
    int openedPercent() const { return m_openedPercent; }

    /// Shows a recording that is no run's and of no file, in the place of the present run, which ends.
    void showRecording(std::shared_ptr<Recording> recording, bool grows);

    /// Writes the recording as it is now to a file, on a worker thread.
    void save(const QString& file);
    /// Writes the schedule of the run on show as it is now, on a worker thread. Only where canGoOnFromHere().
    void saveSchedule(const QString& file);
    /// Reads a schedule on a worker thread; `then` gets it in the window's, failed() tells what went wrong.
    void readSchedule(const QString& file, std::function<void(std::shared_ptr<const Schedule>)> then);
    /// Writes something else to `file`, on a worker thread.
    void write(const QString& file, std::function<Result<void>()> job);
    /// Does `job` on a worker thread, then `then` in the window's.
    void work(std::function<void()> job, std::function<void()> then);

    void setPace(double eventsPerSecond);

    /// Lets the present run go on at the pace; in turns, where its schedule is complete, so that it stays so.
    void goOn(double eventsPerSecond);
    /// As Stepper::step() of the run on show; on a worker thread, where the condition needs what was before.
    void step(const Condition& condition, const StepScope& scope, double eventsPerSecond);
    /// Tells what is linked into the server of the run on show; null where that is a recording, or no run at all.
    const ServiceConfigurator* configurator() const;
    /// Links and unlinks services of that server, on a worker thread; `then` gets what came of it, in the window's.
    void configureServices(std::function<Result<void>(ServiceConfigurator&)> change,
                           std::function<void(const Result<void>&)> then);
    /// Steers the run on show; null where that is a recording, or no run at all.
    Stepper* stepper() const;
    /// From the start on its turns were written down, so that another run can follow them.
    bool canGoOnFromHere() const;
    /// A run that follows the one on show for its first `events` events, is held there, and takes its place.
    void goOnFrom(std::size_t events);
    /// Somebody held or stepped the present run: its times are no measurement.
    bool wasStepped() const;

    /// The run on show is the present one, and its server is there.
    bool isLive() const;
    /// As Server::cancelOperation() and Server::killWorker() of the run on show, on a worker thread; remarked() or
    /// failed() tells what came of it.
    void cancelOperation(std::uint32_t connection, std::uint32_t operation);
    void killWorker(int process);
    /// Model of that server as it is now: the scenario may change it. Empty: it is not live, or is being changed.
    QString presentModel() const;
    /// As Server::whyNotServing() of that server. Empty: a model runs, or the server is not live.
    QString whyNotServing() const;
    /// The server of the run on show goes on under `options`, with its own root and address, as Server::change(); on a
    /// worker thread. `then` gets what came of it, in the window's, unless the run has gone meanwhile: then
    /// changeMissed() tells so, since what came of it says nothing about the run that may be on show by now.
    /// `withServices`: its services are to be those of `options`, too; otherwise they stay as they are linked.
    void changeServer(ServerOptions options, bool withServices, std::function<void(const Result<void>&)> then);

    const std::vector<KeptRun>& keptRuns() const { return m_kept.all(); }
    void showKept(const QString& name);
    void showPresent(); ///< the run, again, after a kept one
    QString shownKept() const { return m_shownKept ? m_shownKept->name : QString{}; } ///< empty: the present run
    QString presentName() const { return m_kept.nextName(); }
    std::shared_ptr<Recording> presentRecording() const { return m_run ? m_run->recording() : nullptr; }

    Phase phase() const { return m_phase; }
    bool isBusy() const;
    QString phaseText() const; ///< "switching to reactor…"; empty when there is nothing to wait for
    bool isReplay() const { return m_phase == Phase::Replay || m_shownKept; }

    const std::shared_ptr<Recording>& recording() const { return m_recording; } ///< on show
    const std::optional<Request>& request() const { return m_request; }         ///< of the present run
    bool wasPaced() const;
    QString url() const { return m_url; } ///< empty without a running server
    /// Of the recording on show, exact or, while it grows, as last reported.
    ActorCount counts() const;

    /// Looks after the present run now and then: says when something went wrong on the way.
    void look();

signals:
    void phaseChanged();
    void recordingChanged(bool grows); ///< another recording is to be shown
    void openedMore();                 ///< openedPercent() is another
    void runsChanged();                ///< the kept runs, or which one is on show
    void failed(const QString& message);
    void remarked(const QString& message);
    void saved(const QString& file);
    void changeMissed(); ///< of changeServer()

private:
    struct Outcome {
        std::shared_ptr<LabRun> run;
        QString error;
        QString remark;
        std::shared_ptr<const Schedule> former{}; ///< of the run that was replaced, where it is complete
    };
    static Outcome startRun(Request request, std::uint16_t formerPort);
    void setPhase(Phase phase);
    void begin(Request request);
    void started(Outcome outcome, Request request);
    void stopped();
    void keepFormer(std::shared_ptr<const Schedule> schedule);
    void lookAtDivergence();
    void interfere(std::function<Result<void>(Server&)> what, const QString& done);
    void readMore(std::uint64_t job, int percent);
    void opened(std::uint64_t job, const QString& file, std::shared_ptr<Recording> recording, const QString& text);

    Phase m_phase = Phase::Idle;
    QString m_target;     ///< id of the model on its way
    QString m_changingTo; ///< id of the model to which the present server is being changed; empty: it is not
    std::shared_ptr<LabRun> m_run;
    std::shared_ptr<Recording> m_recording;
    std::optional<Request> m_request;
    std::shared_ptr<Recording> m_former; ///< of the run that is being replaced
    std::optional<Request> m_waiting;    ///< made while busy
    bool m_stopAfter = false;            ///< stop was asked for while busy
    bool m_replayAfter = false;
    bool m_paced = false;
    bool m_toldOfDivergence = false;
    bool m_toldOfWarmFiles = false;
    std::uint16_t m_formerPort = 0;
    QString m_url;
    TroubleWatch m_trouble;
    KeptRuns m_kept;
    std::optional<KeptRun> m_shownKept;
    bool m_opening = false;
    int m_openedPercent = 0;
    std::uint64_t m_openJob = 0;
    std::stop_source m_openStop;
    WorkerThread m_runs{QStringLiteral("lab runs")};
    WorkerThread m_files{QStringLiteral("lab files")};
};

} // namespace lab
