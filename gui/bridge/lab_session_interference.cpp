// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/running_server.h"
#include "gui/bridge/lab_session.h"

namespace lab {

bool LabSession::isLive() const { return m_phase == Phase::Running && !m_shownKept; }

QString LabSession::presentModel() const {
    return isLive() && m_changingTo.isEmpty() ? QString::fromStdString(m_run->server().options().model) : QString{};
}

QString LabSession::whyNotServing() const {
    return isLive() ? QString::fromStdString(m_run->server().whyNotServing()) : QString{};
}

/// Server calls may wait for a lock; the run outlives the job.
void LabSession::interfere(std::function<Result<void>(Server&)> what, const QString& done) {
    if (!isLive()) {
        emit failed(tr("There is no running server on show."));
        return;
    }
    m_files.post([this, run = m_run, what = std::move(what), done] {
        const auto result = what(run->server());
        const auto text = result ? done : QString::fromStdString(result.error().message);
        const bool succeeded = result.has_value();
        QMetaObject::invokeMethod(
            this, [this, succeeded, text] { succeeded ? emit remarked(text) : emit failed(text); },
            Qt::QueuedConnection);
    });
}

void LabSession::cancelOperation(std::uint32_t connection, std::uint32_t operation) {
    interfere([connection, operation](Server& server) { return server.cancelOperation(connection, operation); },
              tr("Cancellation of what connection #%1 has outstanding was asked for.").arg(connection));
}

void LabSession::killWorker(int process) {
    interfere([process](Server& server) { return server.killWorker(process); },
              tr("Process %1 was sent a signal that kills it.").arg(process));
}

void LabSession::changeServer(ServerOptions options, bool withServices, std::function<void(const Result<void>&)> then) {
    if (!isLive() || !m_changingTo.isEmpty()) {
        then(Error{(isLive() ? tr("a change is under way already") : tr("no server runs")).toStdString()});
        return;
    }
    m_changingTo = QString::fromStdString(options.model);
    emit phaseChanged();
    auto outcome = std::make_shared<Result<void>>();
    work(
        [run = m_run, options = std::move(options), withServices, outcome]() mutable {
            // Refused here, so that what was written down of the run's turns stays whole.
            auto wanted = asRunning(run->server(), std::move(options));
            if (!wanted) {
                *outcome = wanted.error();
                return;
            }
            if (isOther(run->server(), *wanted)) {
                run->stepper()->endSchedule(); // who followed it would do so under the former model
            }
            *outcome = withServices ? reconfigure(run->server(), std::move(*wanted))
                                    : run->server().change(std::move(*wanted));
        },
        [this, run = std::weak_ptr(m_run), outcome, then = std::move(then)] {
            m_changingTo.clear();
            emit phaseChanged();
            if (!run.owner_before(m_run) && !m_run.owner_before(run)) {
                then(*outcome);
            } else {
                emit changeMissed();
            }
        });
}

const ServiceConfigurator* LabSession::configurator() const {
    return isLive() ? &m_run->server().configurator() : nullptr;
}

/// A service may read files when it is made. The run outlives the job.
void LabSession::configureServices(std::function<Result<void>(ServiceConfigurator&)> change,
                                   std::function<void(const Result<void>&)> then) {
    if (!isLive()) {
        then(Error{tr("no server runs").toStdString()});
        return;
    }
    auto outcome = std::make_shared<Result<void>>();
    work([run = m_run, change = std::move(change), outcome] { *outcome = change(run->server().configurator()); },
         [outcome, then = std::move(then)] { then(*outcome); });
}

} // namespace lab
