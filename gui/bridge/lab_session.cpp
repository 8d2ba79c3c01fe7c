// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/lab_session.h"

#include "engine/trace/gate.h"
#include "engine/trace/recording_file.h"

#include <utility>

namespace lab {

LabSession::LabSession(QObject* parent)
    : QObject(parent) {}

LabSession::~LabSession() {
    // Jobs hold runs; they end before anything here goes away, and their answers are never delivered.
    m_files.finish();
    m_runs.finish();
    if (m_run) {
        m_run->stop();
    }
}

bool LabSession::isBusy() const {
    return m_phase == Phase::Starting || m_phase == Phase::Switching || m_phase == Phase::Stopping;
}

QString LabSession::phaseText() const {
    switch (m_phase) {
    case Phase::Starting: return tr("starting %1…").arg(m_target);
    case Phase::Switching: return tr("switching to %1…").arg(m_target);
    case Phase::Stopping: return tr("draining connections…");
    default: return {};
    }
}

void LabSession::setPhase(Phase phase) {
    if (phase != m_phase) {
        m_phase = phase;
        emit phaseChanged();
    }
}

bool LabSession::wasPaced() const { return m_paced || (m_recording && m_recording->info().paced); }

ActorCount LabSession::counts() const { return m_recording ? m_recording->total() : ActorCount{}; }

void LabSession::setPace(double eventsPerSecond) {
    if (m_waiting) {
        m_waiting->pace = eventsPerSecond;
    }
    if (m_phase == Phase::Running) {
        m_request->pace = eventsPerSecond;
        m_run->gate().setPace(eventsPerSecond);
        m_paced = m_paced || eventsPerSecond > 0;
    }
}

void LabSession::start(Request request) {
    if (isBusy()) {
        m_waiting = std::move(request);
        m_stopAfter = false;
        m_replayAfter = false;
        return;
    }
    begin(std::move(request));
}

void LabSession::begin(Request request) {
    m_target = QString::fromStdString(request.server.model);
    m_url.clear();
    auto old = std::move(m_run);
    setPhase(old ? Phase::Switching : Phase::Starting);
    m_runs.post([this, old = std::move(old), port = m_formerPort, request]() mutable {
        if (old) {
            old->stop();
            old.reset();
        }
        auto outcome = startRun(request, port);
        QMetaObject::invokeMethod(
            this, [this, outcome, request] { started(outcome, request); }, Qt::QueuedConnection);
    });
}

LabSession::Outcome LabSession::startRun(Request request, std::uint16_t formerPort) {
    const auto attempt = [&](std::uint16_t port) {
        LabRun::Options options;
        options.server = request.server;
        options.server.port = port;
        options.scenario = request.scenario;
        options.repeat = request.repeat;
        options.maximumEvents = request.maximumEvents;
        options.pace = request.pace;
        return LabRun::start(std::move(options));
    };
    const bool own = request.server.port == 0 && formerPort != 0;
    auto run = attempt(own ? formerPort : request.server.port);
    QString remark;
    if (!run && own) {
        run = attempt(0);
        if (run) {
            remark = tr("The former port %1 is taken; the address has changed.").arg(formerPort);
        }
    }
    if (!run) {
        return {nullptr, QString::fromStdString(run.error().message), {}};
    }
    return {std::shared_ptr<LabRun>(std::move(*run)), {}, remark};
}

void LabSession::started(Outcome outcome, Request request) {
    if (m_replayAfter) { // a recording was opened meanwhile: the run that comes now is not wanted any more
        m_run = std::move(outcome.run);
        setPhase(m_run ? Phase::Running : Phase::Replay);
        m_replayAfter = m_run != nullptr;
        m_stopAfter = false;
        stop();
        return;
    }
    if (outcome.run) {
        m_run = std::move(outcome.run);
        m_request = std::move(request);
        m_recording = m_run->recording();
        m_paced = m_request->pace > 0;
        m_formerPort = m_run->server().port();
        m_url = QString::fromStdString(m_run->server().url());
        m_trouble.clear();
        setPhase(Phase::Running);
        emit recordingChanged(true);
    } else {
        setPhase(Phase::Idle);
        emit failed(outcome.error);
    }
    if (!outcome.remark.isEmpty()) {
        emit remarked(outcome.remark);
    }
    if (m_waiting) {
        auto waiting = std::exchange(m_waiting, std::nullopt);
        begin(std::move(*waiting));
    } else if (std::exchange(m_stopAfter, false)) {
        stop();
    }
}

void LabSession::stop() {
    if (isBusy()) {
        m_waiting.reset();
        m_stopAfter = m_phase != Phase::Stopping;
        return;
    }
    if (!m_run) {
        return;
    }
    auto old = std::move(m_run);
    m_url.clear();
    setPhase(Phase::Stopping);
    m_runs.post([this, old = std::move(old)]() mutable {
        old->stop();
        old.reset();
        QMetaObject::invokeMethod(
            this, [this] { stopped(); }, Qt::QueuedConnection);
    });
}

void LabSession::stopped() {
    const bool replay = std::exchange(m_replayAfter, false);
    setPhase(replay ? Phase::Replay : Phase::Idle);
    if (m_waiting) {
        auto waiting = std::exchange(m_waiting, std::nullopt);
        begin(std::move(*waiting));
    }
}

void LabSession::open(const QString& file) {
    m_opening = true;
    const auto job = ++m_openJob;
    emit phaseChanged();
    m_files.post([this, job, file] {
        auto read = readRecording(file.toStdString());
        std::shared_ptr<Recording> recording;
        QString text;
        if (read) {
            recording = read->recording;
            text = QString::fromStdString(read->remark);
        } else {
            text = QString::fromStdString(read.error().message);
        }
        QMetaObject::invokeMethod(
            this, [this, job, file, recording, text] { opened(job, file, recording, text); }, Qt::QueuedConnection);
    });
}

void LabSession::cancelOpening() {
    ++m_openJob; // whatever comes of the job now is not for us
    m_opening = false;
    emit phaseChanged();
}

void LabSession::opened(std::uint64_t job, const QString& file, std::shared_ptr<Recording> recording,
                        const QString& text) {
    if (job != m_openJob) {
        return;
    }
    m_opening = false;
    if (!recording) {
        emit phaseChanged();
        emit failed(text);
        return;
    }
    m_recording = std::move(recording);
    m_request.reset();
    m_paced = m_recording->info().paced;
    if (m_run || isBusy()) {
        m_replayAfter = true;
        stop();
    } else {
        setPhase(Phase::Replay);
    }
    emit phaseChanged();
    emit recordingChanged(false);
    if (!text.isEmpty()) {
        emit remarked(tr("%1: %2").arg(file, text));
    }
}

void LabSession::save(const QString& file) {
    if (!m_recording) {
        emit failed(tr("There is no recording to save yet."));
        return;
    }
    write(file, [file = file.toStdString(), recording = m_recording] { return writeRecording(recording, file); });
}

void LabSession::write(const QString& file, std::function<Result<void>()> job) {
    m_files.post([this, file, job = std::move(job)] {
        const auto written = job();
        const auto error = written ? QString{} : QString::fromStdString(written.error().message);
        QMetaObject::invokeMethod(
            this,
            [this, file, error] {
                if (error.isEmpty()) {
                    emit saved(file);
                } else {
                    emit failed(error);
                }
            },
            Qt::QueuedConnection);
    });
}

void LabSession::look() {
    if (m_phase != Phase::Running) {
        return;
    }
    const auto trouble = QString::fromStdString(m_run->trouble());
    if (trouble != m_trouble) {
        m_trouble = trouble;
        if (!trouble.isEmpty()) {
            emit remarked(trouble);
        }
    }
}

} // namespace lab
