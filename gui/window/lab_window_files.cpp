// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/scenario_folder.h"
#include "gui/window/lab_window.h"
#include "gui/window/picture_exporters.h"

#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

namespace lab {

namespace {

QJsonObject toJson(const FrameFigures& figures) {
    return {{QStringLiteral("frames"), static_cast<qint64>(figures.frames)},
            {QStringLiteral("p50"), figures.p50},
            {QStringLiteral("p95"), figures.p95},
            {QStringLiteral("p99"), figures.p99},
            {QStringLiteral("maximum"), figures.maximum},
            {QStringLiteral("within17"), figures.within17},
            {QStringLiteral("within33"), figures.within33}};
}

} // namespace

void LabWindow::askForScenario() {
    const auto file = QFileDialog::getOpenFileName(this, tr("Open a scenario"),
                                                   QString::fromStdString(scenarioFolder()), tr("Scenarios (*.json)"));
    if (!file.isEmpty()) {
        loadScenario(file);
    }
}

void LabWindow::openRecording(const QString& file) { m_session.open(file); }

void LabWindow::saveRecording(const QString& file) { m_session.save(file); }

void LabWindow::exportTo(const QString& format, const QString& file) {
    const auto recording = m_session.recording();
    if (!recording) {
        m_messages->showError(tr("There is nothing to export yet."));
        return;
    }
    const auto all = allExporters();
    const auto exporter = std::ranges::find(all, format.toStdString(), &Exporter::format);
    if (exporter == all.end()) {
        m_messages->showError(tr("There is no format %1.").arg(format));
        return;
    }
    ExportRequest request;
    request.recording = recording;
    request.file = file.toStdString();
    request.at = m_playhead.position();
    request.theme = m_theme->id.toStdString();
    request.connection = m_views.collaboration->diagram().collaboration().topic.connection;
    m_session.write(file, [write = exporter->write, request] { return write(request); });
}

bool LabWindow::writeFrameReport(const QString& file) {
    const auto& statistics = m_clock.statistics();
    const auto counts = m_session.counts();
    const double seconds = static_cast<double>(m_time.elapsed()) / 1e3;
    QJsonObject report{{QStringLiteral("intervals"), toJson(statistics.allIntervals())},
                       {QStringLiteral("paints"), toJson(statistics.allPaints())},
                       {QStringLiteral("seconds"), seconds},
                       {QStringLiteral("width"), width()},
                       {QStringLiteral("height"), height()},
                       {QStringLiteral("eventsStored"), static_cast<qint64>(counts.stored)},
                       {QStringLiteral("eventsLost"), static_cast<qint64>(counts.lost)},
                       {QStringLiteral("eventsBehind"), static_cast<qint64>(m_playhead.recorded() - m_playhead.end())}};
    if (m_playhead.hasRecording()) {
        const auto& newest = m_playhead.follower().newest();
        report[QStringLiteral("model")] = QString::fromStdString(m_playhead.follower().glossary().info.model);
        report[QStringLiteral("requests")] = static_cast<qint64>(newest.totals.requests);
        report[QStringLiteral("recordedSeconds")] = static_cast<double>(newest.time) / 1e9;
    }
    QSaveFile output(file);
    if (!output.open(QIODevice::WriteOnly)) {
        qWarning("%s", qPrintable(tr("cannot write %1: %2").arg(file, output.errorString())));
        return false;
    }
    output.write(QJsonDocument(report).toJson());
    return output.commit();
}

} // namespace lab
