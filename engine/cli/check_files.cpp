// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/base/file_descriptor.h"
#include "engine/base/text_file.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/lesson_folder.h"
#include "engine/cli/server_arguments.h"
#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/configuration/service_reader.h"
#include "engine/run/phase_server.h"
#include "engine/run/server_settings.h"
#include "engine/stepping/schedule.h"
#include "engine/trace/recording_file.h"
#include "engine/traffic/scenario.h"
#include "engine/traffic/traffic.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <ostream>

namespace lab {

namespace {

std::string counted(std::uint64_t count, const std::string& one) {
    return withSeparators(count) + " " + one + (count == 1 ? "" : "s");
}

enum class FileKind : std::uint8_t { Scenario, Schedule, Configuration, Lesson, Recording };

/// A schedule is a JSON object with turns, a configuration file one with services and no phases. What cannot be parsed
/// is a scenario, whose reader says what is wrong.
FileKind kindOfJson(const std::string& text) {
    boost::system::error_code failure;
    const auto value = boost::json::parse(text, failure);
    const auto* object = failure ? nullptr : value.if_object();
    if (object != nullptr && object->contains("services") && !object->contains("phases")) {
        return FileKind::Configuration;
    }
    return object != nullptr && object->contains("turns") ? FileKind::Schedule : FileKind::Scenario;
}

/// Lessons are Markdown, scenarios and schedules JSON; anything else is taken for a recording.
Result<FileKind> kindOf(const std::string& file) {
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 256> begin{};
    const auto octets = descriptor ? ::read(descriptor.get(), begin.data(), begin.size()) : -1;
    if (octets < 0) {
        return Error::ofSystem("cannot read " + file, errno);
    }
    const auto ending = std::filesystem::path(file).extension();
    if (ending == ".md") {
        return FileKind::Lesson;
    }
    const bool isObject = trimmed({begin.data(), static_cast<std::size_t>(octets)}).starts_with('{');
    if (!isObject && ending != ".json") {
        return FileKind::Recording;
    }
    constexpr std::size_t longest = 512U << 20;
    const auto text = readTextFile(file, "a scenario, schedule or configuration file", longest);
    return text ? Result<FileKind>(kindOfJson(*text)) : text.error();
}

/// What a good file is, in a line.
struct Finding {
    std::string text;
};

/// Whether the options go together with their model, on whatever machine.
Result<void> checkSense(const ServerOptions& options) {
    const auto* model = findModel(options.model);
    const auto reason = model != nullptr ? senselessness(*model, options) : std::string();
    return reason.empty() ? Result<void>() : Error{reason};
}

/// Whether the model that `wanted` names, if any, is one, and goes together with the options.
Result<void> checkModelOf(const WantedServer& wanted, const ServerOptions& options, const std::string& file,
                          const std::string& name) {
    if (!wanted.model) {
        return {};
    }
    const auto where = file + ":" + std::to_string(wanted.modelLine) + ": " + name + ".model: ";
    if (findModel(*wanted.model) == nullptr) {
        return Error{where + checkModel(*wanted.model).error().message};
    }
    const auto good = checkSense(options);
    return good ? Result<void>() : Error{where + good.error().message};
}

/// Where something is asked for first.
std::size_t lineOf(const WantedServer& wanted) {
    return wanted.model || wanted.settings.empty() ? wanted.modelLine : wanted.settings.front().line;
}

/// Whether the models are some, and go together with the settings.
Result<void> checkServer(const Scenario& scenario, const std::string& file) {
    ServerOptions options;
    applyWanted(scenario.server, options);
    if (const auto reason = refusalOfTraffic(scenario, options); !reason.empty()) {
        const auto& settings = scenario.server.settings;
        const auto named = std::find_if(settings.begin(), settings.end(),
                                        [](const SettingValue& setting) { return setting.name == "protocol"; });
        return Error{file + ":" + std::to_string(named->line) + ": server.protocol: " + reason};
    }
    if (auto good = checkModelOf(scenario.server, options, file, "server"); !good) {
        return good;
    }
    for (std::size_t index = 0; index < scenario.phases.size(); ++index) {
        const auto& phase = scenario.phases[index];
        const auto name = "phases[" + std::to_string(index) + "].server";
        if (!phase.server) {
            continue;
        }
        const auto wanted = optionsIn(phase, options);
        if (auto good = checkModelOf(*phase.server, wanted, file, name); !good) {
            return good;
        }
        auto reason = refusalOfTraffic(scenario, wanted);
        if (const auto good = checkSense(wanted); reason.empty() && !good) {
            reason = good.error().message;
        }
        if (!reason.empty()) {
            return Error{file + ":" + std::to_string(lineOf(*phase.server)) + ": " + name + ": " + reason};
        }
    }
    return {};
}

Result<Finding> checkScenario(const std::string& file) {
    const auto scenario = readScenario(file);
    if (!scenario) {
        return scenario.error();
    }
    if (const auto good = checkServer(*scenario, file); !good) {
        return good.error();
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

Result<Finding> checkLessonFile(const std::string& file) {
    const auto lesson = checkLesson(file);
    if (!lesson) {
        return lesson.error();
    }
    std::size_t questions = 0;
    for (const auto& page : lesson->pages) {
        questions += page.questions.size();
    }
    return Finding{"a lesson, \"" + lesson->title + "\": " + counted(lesson->pages.size(), "page") + ", " +
                   counted(questions, "question")};
}

Result<Finding> checkSchedule(const std::string& file) {
    const auto schedule = Schedule::read(file);
    if (!schedule) {
        return schedule.error();
    }
    return Finding{"a schedule of " + schedule->model + " under " + schedule->scenario + ": " +
                   counted(schedule->turns.size(), "turn")};
}

Result<Finding> checkConfiguration(const std::string& file) {
    const auto wanted = readConfiguration(file);
    if (!wanted) {
        return wanted.error();
    }
    ServerOptions options;
    applyWanted(*wanted, options);
    if (const auto good = checkModelOf(*wanted, options, file, "server"); !good) {
        return good.error();
    }
    const auto& services = options.services;
    std::string list;
    for (const auto& service : services) {
        list += (list.empty() ? ": " : ", ") + service.called();
    }
    return Finding{"a configuration file: " + (wanted->model ? *wanted->model + ", " : std::string()) +
                   counted(services.size(), "service") + list};
}

Result<Finding> check(const std::string& file) {
    const auto kind = kindOf(file);
    if (!kind) {
        return kind.error();
    }
    switch (*kind) {
    case FileKind::Scenario: return checkScenario(file);
    case FileKind::Schedule: return checkSchedule(file);
    case FileKind::Configuration: return checkConfiguration(file);
    case FileKind::Lesson: return checkLessonFile(file);
    case FileKind::Recording: break;
    }
    return checkRecording(file);
}

} // namespace

int checkFiles(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    Arguments command(
        "check", "FILE...",
        "Checks scenarios, configuration files, lessons, schedules and recordings, told apart by what is in\n"
        "them. One line each: what is good on standard output, what is not on standard error. Code 2 when any\n"
        "is not as it should be.");
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
