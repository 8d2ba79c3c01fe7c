// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/run/lab_run.h"
#include "engine/trace/recording.h"
#include "gui/bridge/worker_thread.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace lab {

/// Owns the one run (or the one opened recording) that the window shows.
///
/// Role: bridge between engine and window. Decides: when a run is started, switched, stopped; which port it gets.
/// Threads: GUI; what takes time happens on worker threads of its own, and signals tell how it went.
/// Owner: the window.
class LabSession : public QObject {
    Q_OBJECT

public:
    enum class Phase { Idle, Starting, Switching, Stopping, Running, Replay };
    Q_ENUM(Phase)

    struct Request {
        Scenario scenario;
        ServerOptions server; ///< port 0: the former run's port again, where it is free
        double pace = 0;      ///< events a second; 0: full speed
        bool repeat = true;
        std::size_t maximumEvents = 4'000'000;
    };

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

    /// Writes the recording as it is now to a file, on a worker thread.
    void save(const QString& file);
    /// Writes something else to `file`, on a worker thread.
    void write(const QString& file, std::function<Result<void>()> job);

    void setPace(double eventsPerSecond);

    Phase phase() const { return m_phase; }
    bool isBusy() const;
    QString phaseText() const; ///< "switching to reactor…"; empty when there is nothing to wait for
    bool isReplay() const { return m_phase == Phase::Replay; }

    const std::shared_ptr<Recording>& recording() const { return m_recording; }
    const std::optional<Request>& request() const { return m_request; } ///< of the present run
    bool wasPaced() const;
    QString url() const { return m_url; } ///< empty without a running server
    /// Of the present run, exact or, while it runs, as last reported.
    ActorCount counts() const;

    /// Looks after the present run now and then: says when something went wrong on the way.
    void look();

signals:
    void phaseChanged();
    void recordingChanged(bool grows); ///< another recording is to be shown
    void failed(const QString& message);
    void remarked(const QString& message);
    void saved(const QString& file);

private:
    struct Outcome {
        std::shared_ptr<LabRun> run;
        QString error;
        QString remark;
    };
    static Outcome startRun(Request request, std::uint16_t formerPort);
    void setPhase(Phase phase);
    void begin(Request request);
    void started(Outcome outcome, Request request);
    void stopped();
    void opened(std::uint64_t job, const QString& file, std::shared_ptr<Recording> recording, const QString& text);

    Phase m_phase = Phase::Idle;
    QString m_target; ///< id of the model on its way
    std::shared_ptr<LabRun> m_run;
    std::shared_ptr<Recording> m_recording;
    std::optional<Request> m_request;
    std::optional<Request> m_waiting; ///< made while busy
    bool m_stopAfter = false;         ///< stop was asked for while busy
    bool m_replayAfter = false;
    bool m_paced = false;
    std::uint16_t m_formerPort = 0;
    QString m_url;
    QString m_trouble;
    bool m_opening = false;
    std::uint64_t m_openJob = 0;
    WorkerThread m_runs{QStringLiteral("lab runs")};
    WorkerThread m_files{QStringLiteral("lab files")};
};

} // namespace lab
