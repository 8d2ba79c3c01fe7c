// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/lab_session.h"

#include <algorithm>
#include <utility>

namespace lab {

Stepper* LabSession::stepper() const { return m_phase == Phase::Running && !m_shownKept ? m_run->stepper() : nullptr; }

void LabSession::step(const Condition& condition, const StepScope& scope, double eventsPerSecond) {
    if (stepper() == nullptr) {
        return;
    }
    // These hold the run first, wait until it is still, and read what was recorded.
    if (condition.kind == Condition::Kind::Connections || condition.kind == Condition::Kind::Latency) {
        work([run = m_run, condition, scope,
              eventsPerSecond] { run->stepper()->step(condition, scope, eventsPerSecond); },
             [] {});
    } else {
        stepper()->step(condition, scope, eventsPerSecond);
    }
}

bool LabSession::wasStepped() const {
    return stepper() != nullptr ? stepper()->hasStepped() : m_recording && m_recording->info().stepped;
}

bool LabSession::canGoOnFromHere() const {
    return m_shownKept || (m_phase == Phase::Running && m_run->stepper()->scheduleIsComplete());
}

void LabSession::goOnFrom(std::size_t events) {
    if (!canGoOnFromHere()) {
        emit failed(tr("The order of this run's turns was not written down from its start on."));
        return;
    }
    auto request = m_shownKept ? m_shownKept->request : *m_request;
    request.startHeld = false;
    request.schedule = m_shownKept ? m_shownKept->schedule : nullptr;
    request.goOnFrom = m_recording;
    request.goOnAt = events;
    start(std::move(request));
}

void LabSession::keepFormer(std::shared_ptr<const Schedule> schedule) {
    const auto recording = std::exchange(m_former, nullptr);
    if (schedule && recording && m_request && !schedule->turns.empty()) {
        auto request = *m_request;
        request.schedule.reset();
        request.goOnFrom.reset();
        m_kept.keep({{}, recording, std::move(schedule), std::move(request)});
        emit runsChanged();
    }
}

void LabSession::showKept(const QString& name) {
    const auto& all = m_kept.all();
    const auto kept = std::ranges::find(all, name, &KeptRun::name);
    if (kept == all.end() || isBusy() || name == shownKept()) {
        return;
    }
    m_shownKept = *kept;
    m_recording = kept->recording;
    emit phaseChanged();
    emit recordingChanged(false);
    emit runsChanged();
}

void LabSession::showPresent() {
    if (!m_shownKept || m_phase != Phase::Running) {
        return;
    }
    m_shownKept.reset();
    m_recording = m_run->recording();
    emit phaseChanged();
    emit recordingChanged(true);
    emit runsChanged();
}

void LabSession::lookAtDivergence() {
    const auto divergence = m_toldOfDivergence ? std::nullopt : m_run->stepper()->divergence();
    if (divergence) {
        m_toldOfDivergence = true;
        emit remarked(tr("The schedule was followed for %1 turns, and no further: %2")
                          .arg(divergence->turn)
                          .arg(QString::fromStdString(divergence->why)));
    }
}

} // namespace lab
