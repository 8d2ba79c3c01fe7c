// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/exporter.h"
#include "engine/exchange/exporters.h"

#include <cerrno>
#include <fstream>

namespace lab {

namespace {

Result<void> writeTo(const TraceExporter& exporter, const ExportRequest& request) {
    errno = 0;
    std::ofstream file(request.file, std::ios::binary);
    if (!file) {
        return Error::ofSystem("cannot write " + request.file, errno != 0 ? errno : EIO);
    }
    if (auto written = exporter.write(*request.recording, file); !written) {
        return Error{request.file + ": " + written.error().message};
    }
    file.close();
    return file ? Result<void>() : Error::ofSystem("cannot write " + request.file, errno != 0 ? errno : EIO);
}

} // namespace

std::vector<Exporter> engineExporters() {
    std::vector<Exporter> list;
    for (const auto& exporter : exporters()) {
        list.push_back({.format = std::string(exporter.id),
                        .summary = std::string(exporter.title),
                        .isPicture = false,
                        .write = [&exporter](const ExportRequest& request) { return writeTo(exporter, request); }});
    }
    return list;
}

} // namespace lab
