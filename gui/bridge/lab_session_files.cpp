// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/recording_file.h"
#include "gui/bridge/lab_session.h"

#include <utility>

namespace lab {

void LabSession::open(const QString& file) {
    m_openStop.request_stop(); // of two, the last one counts
    m_openStop = {};
    m_opening = true;
    m_openedPercent = 0;
    const auto job = ++m_openJob;
    emit phaseChanged();
    m_files.post([this, job, file, stop = m_openStop.get_token()] {
        const auto tell = [this, job, told = 0](double share) mutable {
            if (const int percent = static_cast<int>(share * 100); percent > told) {
                told = percent;
                QMetaObject::invokeMethod(
                    this, [this, job, percent] { readMore(job, percent); }, Qt::QueuedConnection);
            }
        };
        auto read = readRecording(file.toStdString(), {.progress = tell, .stop = stop});
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
    m_openStop.request_stop();
    m_opening = false;
    emit phaseChanged();
}

void LabSession::readMore(std::uint64_t job, int percent) {
    if (job == m_openJob && m_opening) {
        m_openedPercent = percent;
        emit openedMore();
    }
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
    showRecording(std::move(recording), false);
    if (!text.isEmpty()) {
        emit remarked(tr("%1: %2").arg(file, text));
    }
}

void LabSession::showRecording(std::shared_ptr<Recording> recording, bool grows) {
    if (m_opening) {
        cancelOpening(); // of two, the last one counts
    }
    m_recording = std::move(recording);
    m_shownKept.reset();
    m_request.reset();
    m_paced = m_recording->info().paced;
    if (m_run || isBusy()) {
        m_replayAfter = true;
        stop();
    } else {
        setPhase(Phase::Replay);
    }
    emit phaseChanged();
    emit recordingChanged(grows);
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

void LabSession::saveSchedule(const QString& file) {
    if (m_shownKept) {
        write(file, [file = file.toStdString(), schedule = m_shownKept->schedule] { return schedule->write(file); });
    } else if (m_phase == Phase::Running) {
        write(file, [file = file.toStdString(), run = m_run] { return run->stepper()->schedule().write(file); });
    } else {
        emit failed(tr("There is no run whose schedule could be saved."));
    }
}

void LabSession::readSchedule(const QString& file, std::function<void(std::shared_ptr<const Schedule>)> then) {
    const auto read = std::make_shared<Result<Schedule>>(Error{});
    work([read, file = file.toStdString()] { *read = Schedule::read(file); },
         [this, read, then = std::move(then)] {
             if (*read) {
                 then(std::make_shared<const Schedule>(std::move(**read)));
             } else {
                 emit failed(QString::fromStdString(read->error().message));
             }
         });
}

void LabSession::work(std::function<void()> job, std::function<void()> then) {
    m_files.post([this, job = std::move(job), then = std::move(then)] {
        job();
        QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
    });
}

} // namespace lab
