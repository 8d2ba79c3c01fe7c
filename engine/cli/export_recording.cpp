// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/suggestion.h"
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/trace/recording_file.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <ostream>

namespace lab {

namespace {

constexpr int largestSide = 16'384; // pixels

Arguments declare(std::span<const Exporter> exporters) {
    Arguments command("export", "RECORDING --format F --output FILE [options]",
                      "Writes a recording, or a picture of it at one event, in another format.");
    command.addPositional("recording");
    command.addOption("format", "F", "see below");
    command.addOption("output", "FILE", "the file to be made");
    command.addOption("at", "N", "pictures: after so many events (all of them)");
    command.addOption("size", "WxH", "pictures: pixels (1280x720)");
    command.addOption("theme", "T", "pictures: light, dark or projector (light)");
    std::string formats = "Formats:";
    for (const auto& exporter : exporters) {
        formats += "\n  " + exporter.format +
                   std::string(exporter.format.size() < 10 ? 10 - exporter.format.size() : 1, ' ') + exporter.summary;
    }
    command.addNote(std::move(formats));
    return command;
}

Result<const Exporter*> findExporter(const Arguments& command, std::span<const Exporter> exporters) {
    if (!command.has("format")) {
        return Error{"--format is missing"};
    }
    const auto format = command.text("format");
    std::vector<std::string_view> known;
    for (const auto& exporter : exporters) {
        if (exporter.format == format) {
            return &exporter;
        }
        known.push_back(exporter.format);
    }
    std::string list;
    for (const auto name : known) {
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    return Error{"there is no format \"" + format + "\"" + suggestion(format, known) + " (formats: " + list + ")"};
}

Result<void> readPictureOptions(const Arguments& command, const Exporter& exporter, ExportRequest& request) {
    for (const auto* name : {"at", "size", "theme"}) {
        if (!exporter.isPicture && command.has(name)) {
            return Error{std::string("--") + name + " is for pictures; " + exporter.format + " is none"};
        }
    }
    if (command.has("at")) {
        const auto at = command.whole("at", 0, 0, std::numeric_limits<std::int64_t>::max());
        if (!at) {
            return Error{"--at must be a whole number, 0 or more"};
        }
        request.at = static_cast<std::size_t>(*at);
    }
    const auto size = command.text("size", "1280x720");
    char rest = 0;
    if (std::sscanf(size.c_str(), "%5dx%5d%c", &request.width, &request.height, &rest) != 2 || request.width < 1 ||
        request.height < 1 || request.width > largestSide || request.height > largestSide) {
        return Error{"--size must be WIDTHxHEIGHT, each from 1 to 16384, such as 1280x720"};
    }
    request.theme = command.text("theme", "light");
    constexpr std::string_view themes[] = {"light", "dark", "projector"};
    if (std::find(std::begin(themes), std::end(themes), request.theme) == std::end(themes)) {
        return Error{"--theme must be light, dark or projector"};
    }
    return {};
}

} // namespace

int exportRecording(std::span<const Exporter> exporters, std::span<const std::string> arguments, std::ostream& out,
                    std::ostream& err) {
    auto command = declare(exporters);
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    if (!command.has("recording") || !command.has("output")) {
        return command.complain(err, command.has("recording") ? "--output is missing" : "RECORDING is missing",
                                exitUsage);
    }
    const auto exporter = findExporter(command, exporters);
    if (!exporter) {
        return command.complain(err, exporter.error().message, exitUsage);
    }
    ExportRequest request{.recording = nullptr, .file = command.text("output"), .at = {}};
    if (const auto options = readPictureOptions(command, **exporter, request); !options) {
        return command.complain(err, options.error().message, exitUsage);
    }
    const auto read = readRecording(command.text("recording"));
    if (!read) {
        return command.complain(err, read.error().message, exitUsage);
    }
    if (!read->remark.empty()) {
        command.complain(err, command.text("recording") + ": " + read->remark, exitDone);
    }
    request.recording = read->recording;
    if (request.at && *request.at > request.recording->end()) {
        const auto events = withSeparators(std::uint64_t{request.recording->end()});
        return command.complain(err, "--at: the recording has " + events + " events", exitUsage);
    }
    const auto written = (*exporter)->write(request);
    return written ? int{exitDone} : command.complain(err, written.error().message, exitFailed);
}

} // namespace lab
