// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/headless_demonstration.h"

#include "engine/cli/command.h"
#include "engine/cli/scenario_folder.h"
#include "engine/trace/recording_file.h"
#include "gui/window/picture_exporters.h"
#include "gui/window/recording_ending.h"

#include <QDateTime>
#include <QDir>

#include <fstream>
#include <ostream>
#include <sstream>
#include <vector>

namespace lab {

namespace {

constexpr const char* seconds = "3";

/// Where the results go: a new folder below the present one.
Result<QString> makeFolder() {
    const auto name =
        QStringLiteral("proactor-lab-%1").arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss")));
    if (!QDir().mkpath(name)) {
        return Error{"cannot make the folder " + QDir().absoluteFilePath(name).toStdString()};
    }
    return QDir().absoluteFilePath(name);
}

/// Pictures at an event in the middle of the traffic, in each format.
int exportPictures(const std::string& folder, const std::string& file, std::ostream& err) {
    const auto read = readRecording(file);
    if (!read) {
        err << "proactor-lab: " << read.error().message << '\n';
        return exitFailed;
    }
    for (const auto& exporter : pictureExporters()) {
        ExportRequest request;
        request.recording = read->recording;
        request.file = folder + "/stage-and-lanes." + exporter.format;
        request.at = read->recording->first() + (read->recording->end() - read->recording->first()) / 2;
        if (const auto written = exporter.write(request); !written) {
            err << "proactor-lab: " << written.error().message << '\n';
            return exitFailed;
        }
    }
    return exitDone;
}

} // namespace

int demonstrateWithoutDisplay(const WindowOptions& options, std::ostream& out, std::ostream& err) {
    const auto made = makeFolder();
    if (!made) {
        err << "proactor-lab: " << made.error().message << '\n';
        return exitFailed;
    }
    const auto folder = made->toStdString();
    err << "There is no display, so the lab runs without its window for " << seconds << " seconds.\n";
    const auto recording = folder + "/run." + recordingEnding;
    const auto scenario =
        options.scenario.isEmpty() ? scenarioFolder() + "/first-light.json" : options.scenario.toStdString();
    std::vector<std::string> arguments{"run",     scenario,  "--duration", seconds,
                                       "--trace", recording, "--json",     folder + "/result.json"};
    // The same model as the window would begin with.
    const auto read = readScenario(scenario);
    if (!options.model.isEmpty()) {
        arguments.insert(arguments.end(), {"--model", options.model.toStdString()});
    } else if (read && !read->server.model) {
        arguments.insert(arguments.end(), {"--model", "proactor-pool"});
    }
    std::ostringstream table;
    const auto commands = engineCommands(allExporters());
    if (const int code = runCommandLine(commands, arguments, table, err); code != exitDone) {
        return code;
    }
    out << table.str();
    std::ofstream(folder + "/table.txt") << table.str();
    if (const int code = exportPictures(folder, recording, err); code != exitDone) {
        return code;
    }
    out << "\nRecording, table and pictures of stage and lanes are in " << folder << '\n';
    return exitDone;
}

} // namespace lab
