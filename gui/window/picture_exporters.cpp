// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/picture_exporters.h"

#include "gui/scene/picture_export.h"

#include <algorithm>

namespace lab {

namespace {

Exporter pictureExporter(const char* format, const char* summary) {
    return {format, summary, true, [format](const ExportRequest& request) -> Result<void> {
                const auto all = themes();
                const auto id = QString::fromStdString(request.theme);
                const auto theme = std::ranges::find(all, id, &Theme::id);
                if (theme == all.end()) {
                    std::string ids;
                    for (const auto& known : all) {
                        ids += (ids.empty() ? "" : ", ") + known.id.toStdString();
                    }
                    return Error{"there is no theme \"" + request.theme + "\"; there are " + ids};
                }
                return exportPicture(request.recording, request.at.value_or(request.recording->end()),
                                     QString::fromLatin1(format), QSize(request.width, request.height), *theme,
                                     QString::fromStdString(request.file));
            }};
}

} // namespace

std::vector<Exporter> pictureExporters() {
    return {pictureExporter("svg", "picture of stage and lanes, scalable"),
            pictureExporter("png", "picture of stage and lanes, in pixels")};
}

std::vector<Exporter> allExporters() {
    auto all = engineExporters();
    for (auto& exporter : pictureExporters()) {
        all.push_back(std::move(exporter));
    }
    return all;
}

} // namespace lab
