// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/lab_session.h"

#include "gui/bridge/turns_until.h"

#include <chrono>
#include <utility>

namespace lab {

namespace {

/// Nobody who closes the window, or goes on to another model, waits longer for somebody who is slow to read.
constexpr std::chrono::milliseconds drainLimit{400};

} // namespace

LabSession::LabSession(QObject* parent)
    : QObject(parent) {
    m_runs.giveWayToTheWindow();
}

LabSession::~LabSession() {
    // Jobs hold runs; they end before anything here goes away, and their answers are never delivered.
    m_openStop.request_stop();
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
    default: return m_changingTo.isEmpty() ? QString{} : tr("changing to %1…").arg(m_changingTo);
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
    if (m_phase != Phase::Running) {
        return;
    }
    m_request->pace = eventsPerSecond;
    const auto mode = m_run->stepper()->mode();
    const bool goes = mode == Stepper::Mode::Free || mode == Stepper::Mode::Paced;
    if (goes) { // one that is held stays held, and a step goes on at its own pace
        goOn(eventsPerSecond);
    }
}

void LabSession::goOn(double eventsPerSecond) {
    auto& stepper = *m_run->stepper();
    m_paced = m_paced || eventsPerSecond > 0;
    stepper.scheduleIsComplete() ? stepper.goOnInTurns(eventsPerSecond) : stepper.goOn(eventsPerSecond);
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
    m_former = old ? old->recording() : nullptr;
    setPhase(old ? Phase::Switching : Phase::Starting);
    m_runs.post([this, old = std::move(old), port = m_formerPort, request]() mutable {
        std::shared_ptr<const Schedule> former;
        if (old) {
            if (old->stepper()->scheduleIsComplete()) {
                former = std::make_shared<const Schedule>(old->stepper()->schedule());
            }
            old->stop();
            old.reset();
        }
        if (request.goOnFrom && !request.schedule) {
            request.schedule = former;
        }
        auto outcome = startRun(request, port);
        outcome.former = std::move(former);
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
        options.server.drainLimit = drainLimit;
        options.startHeld = request.startHeld;
        options.serialised = request.startHeld || request.schedule;
        if (request.schedule) {
            options.schedule = *request.schedule;
            options.holdAfterSchedule = true;
            if (request.goOnFrom) {
                options.scheduleTurns = turnsUntil(*request.schedule, *request.goOnFrom, request.goOnAt);
            }
        }
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
    keepFormer(std::move(outcome.former));
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
        m_toldOfDivergence = false;
        m_toldOfWarmFiles = false;
        m_shownKept.reset();
        m_formerPort = m_run->server().port();
        m_url = QString::fromStdString(m_run->server().url());
        m_trouble = {};
        setPhase(Phase::Running);
        emit recordingChanged(true);
        emit runsChanged();
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

void LabSession::look() {
    if (m_phase != Phase::Running) {
        return;
    }
    if (const auto news = m_trouble.look(m_run->trouble())) {
        emit remarked(QString::fromStdString(*news));
    }
    if (const auto warm = m_run->warmFiles(); warm > 0 && !m_toldOfWarmFiles) {
        m_toldOfWarmFiles = true;
        emit remarked(
            tr("%1 files were to come from the disk, and do not: their folder is in memory. TMPDIR can name one "
               "on a disk.")
                .arg(warm));
    }
    lookAtDivergence();
}

} // namespace lab
