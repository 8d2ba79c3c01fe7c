// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/picture_exporters.h"

#include "gui/scene/picture_export.h"

#include <algorithm>

namespace lab {

namespace {

using ExportPicture = Result<void> (*)(const ExportRequest& request, const QString& format, const Theme& theme);

Result<void> writeStage(const ExportRequest& request, const QString& format, const Theme& theme) {
    return exportPicture(request.recording, request.at.value_or(request.recording->end()), format,
                         QSize(request.width, request.height), theme, QString::fromStdString(request.file));
}

Result<void> writeCollaboration(const ExportRequest& request, const QString& format, const Theme& theme) {
    return exportCollaboration(request.recording, request.at.value_or(request.recording->end()), format,
                               QSize(request.width, request.height), theme, QString::fromStdString(request.file),
                               request.connection);
}

/// `format`: of the picture; `name`: what the user writes.
Exporter pictureExporter(const char* name, const char* format, const char* summary, ExportPicture write) {
    return {name, summary, true, [format, write](const ExportRequest& request) -> Result<void> {
                const auto all = themes();
                auto id = QString::fromStdString(request.theme);
                id = id == QLatin1String("projector") ? QStringLiteral("projector-light") : id;
                const auto theme = std::ranges::find(all, id, &Theme::id);
                if (theme == all.end()) {
                    std::string ids;
                    for (const auto& known : all) {
                        ids += (ids.empty() ? "" : ", ") + known.id.toStdString();
                    }
                    return Error{"there is no theme \"" + request.theme + "\"; there are " + ids};
                }
                return write(request, QString::fromLatin1(format), *theme);
            }};
}

} // namespace

std::vector<Exporter> pictureExporters() {
    return {
        pictureExporter("svg", "svg", "picture of stage and lanes, scalable", writeStage),
        pictureExporter("png", "png", "picture of stage and lanes, in pixels", writeStage),
        pictureExporter("collaboration-svg", "svg", "interaction diagram of the request, scalable", writeCollaboration),
        pictureExporter("collaboration-png", "png", "interaction diagram of the request, in pixels",
                        writeCollaboration)};
}

std::vector<Exporter> allExporters() {
    auto all = engineExporters();
    for (auto& exporter : pictureExporters()) {
        all.push_back(std::move(exporter));
    }
    return all;
}

} // namespace lab
