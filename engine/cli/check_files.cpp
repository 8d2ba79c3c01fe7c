// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/server_arguments.h"
#include "engine/concurrency/model.h"
#include "engine/trace/recording_file.h"
#include "engine/traffic/scenario.h"
#include "engine/traffic/traffic.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace lab {

namespace {

std::string counted(std::uint64_t count, const std::string& one) {
    return withSeparators(count) + " " + one + (count == 1 ? "" : "s");
}

/// A scenario is text that begins like a JSON object; anything else is taken for a recording.
Result<bool> looksLikeScenario(const std::string& file) {
    std::error_code failure;
    if (std::filesystem::is_directory(file, failure)) {
        return Error::ofSystem("cannot read " + file, EISDIR);
    }
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error::ofSystem("cannot read " + file, errno != 0 ? errno : EIO);
    }
    char first = 0;
    stream >> first;
    return first == '{' || std::filesystem::path(file).extension() == ".json";
}

/// What a good file is, in a line.
struct Finding {
    std::string text;
};

Result<Finding> checkScenario(const std::string& file) {
    const auto scenario = readScenario(file);
    if (!scenario) {
        return scenario.error();
    }
    if (const auto& model = scenario->server.model; model && findModel(*model) == nullptr) {
        return Error{file + ": server.model: " + checkModel(*model).error().message};
    }
    return Finding{"a scenario, \"" + scenario->title + "\": " + counted(scenario->phases.size(), "phase") + ", " +
                   plainNumber(scenario->seconds()) + " s, " + counted(clientsOf(*scenario), "client")};
}

Result<Finding> checkRecording(const std::string& file) {
    const auto read = readRecording(file);
    if (!read) {
        return read.error();
    }
    if (!read->whole || !read->remark.empty()) {
        return Error{file + ": " + (read->remark.empty() ? "was not closed properly" : read->remark)};
    }
    const auto info = read->recording->info();
    return Finding{"a recording of " + info.model + (info.scenario.empty() ? "" : " under " + info.scenario) + ": " +
                   counted(read->recording->end(), "event") + ", " + withSeparators(read->recording->total().lost) +
                   " lost"};
}

Result<Finding> check(const std::string& file) {
    const auto isScenario = looksLikeScenario(file);
    if (!isScenario) {
        return isScenario.error();
    }
    return *isScenario ? checkScenario(file) : checkRecording(file);
}

} // namespace

int checkFiles(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command("check", "FILE...",
                      "Checks scenarios and recordings, told apart by what is in them. One line each: what is good on\n"
                      "standard output, what is not on standard error. Code 2 when any is not as it should be.");
    command.addPositional("file", true);
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    const auto files = command.texts("file");
    if (files.empty()) {
        return command.complain(err, "FILE is missing", exitUsage);
    }
    int code = exitDone;
    for (const auto& file : files) {
        if (const auto checked = check(file)) {
            out << file << ": " << checked->text << '\n';
        } else {
            err << checked.error().message << '\n';
            code = exitUsage;
        }
    }
    return code;
}

} // namespace lab
