// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/text_table.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/result_report.h"
#include "engine/cli/scenario_folder.h"
#include "engine/cli/server_arguments.h"
#include "engine/cli/signal_watch.h"
#include "engine/cli/steering_arguments.h"
#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/run/lab_run.h"
#include "engine/run/phase_server.h"
#include "engine/run/server_settings.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace lab {

namespace {

constexpr double longestRun = 86'400;                       // s
constexpr std::int64_t largestSeed = 9'007'199'254'740'991; // as in scenarios

Arguments declare() {
    Arguments command(
        "run", "SCENARIO [options]",
        "Runs a scenario against one model, or several one after another, and prints what the clients saw\n"
        "and what the server cost. SCENARIO is a file, or the name of one in the scenarios folder\n"
        "(PROACTOR_LAB_SCENARIOS, or the source tree's).");
    command.addRepeated("model", "ID", "concurrency model; may be given several times; all: every one that can run");
    command.addOption("duration", "S", "seconds of traffic; the phases are stretched or shortened in proportion");
    command.addOption("seed", "N", "of the clients' choices, instead of the scenario's");
    command.addOption("trace", "FILE", "record every event to FILE; with several models, its name gets theirs");
    command.addSwitch("untraced", "record no events at all");
    command.addOption("json", "FILE", "write the figures as JSON to FILE; - for standard output, without the table");
    addServerOptions(command);
    addSteeringOptions(command);
    command.addNote(resultFieldsHelp());
    return command;
}

/// What `run` was told, made ready.
struct Plan {
    Scenario scenario;
    std::vector<ServerOptions> servers; ///< one a run
    std::vector<std::string> leftOut;   ///< why, of those that "all" would have meant
    double seconds = 0;
    bool traced = true;
    std::string traceFile;
    std::string jsonFile;
    Steering steering{};
};

Result<std::vector<std::string>> chooseModels(const Arguments& command, const ServerOptions& otherwise) {
    std::vector<std::string> chosen;
    for (const auto& id : command.texts("model")) {
        if (id != "all") {
            chosen.push_back(id);
            continue;
        }
        for (const auto& model : models()) {
            if (model.whyUnavailable().empty()) {
                chosen.emplace_back(model.id);
            }
        }
    }
    if (chosen.empty()) {
        chosen.push_back(otherwise.model);
    }
    for (const auto& id : chosen) {
        if (auto known = checkModel(id); !known) {
            return known.error();
        }
    }
    return chosen;
}

/// The model runs because all were asked for, not by its name.
bool isOneOfAll(const Arguments& command, const std::string& id) {
    const auto named = command.texts("model");
    return std::find(named.begin(), named.end(), "all") != named.end() &&
           std::find(named.begin(), named.end(), id) == named.end();
}

/// Takes from the schedule what is not given otherwise, and refuses what does not go with it.
Result<void> applySchedule(const Arguments& command, Plan& plan, ServerOptions& server) {
    const auto& schedule = *plan.steering.schedule;
    const auto file = command.text("schedule");
    if (plan.scenario.id != schedule.scenario) {
        return Error{file + ": scenario: the schedule is of \"" + schedule.scenario + "\", not of \"" +
                     plan.scenario.id + "\""};
    }
    if (command.has("seed") && plan.scenario.seed != schedule.seed) {
        return Error{file + ": seed: the schedule is of seed " + std::to_string(schedule.seed) + ", not " +
                     command.text("seed")};
    }
    plan.scenario.seed = schedule.seed;
    for (const auto& model : command.texts("model")) {
        if (model != schedule.model) {
            return Error{file + ": model: the schedule is of " + schedule.model + ", not of " + model};
        }
    }
    server.model = schedule.model;
    if (schedule.threads > 0 && !command.has("threads")) {
        server.threads = schedule.threads;
    }
    return {};
}

Result<void> readSteering(const Arguments& command, Plan& plan, ServerOptions& server) {
    auto steering = lab::readSteering(command);
    if (!steering) {
        return steering.error();
    }
    plan.steering = std::move(*steering);
    if (!plan.traced && plan.steering.any()) {
        return Error{"a run that is steered is recorded: without --untraced"};
    }
    return plan.steering.schedule ? applySchedule(command, plan, server) : Result<void>();
}

Result<Plan> makePlan(const Arguments& command) {
    if (!command.has("scenario")) {
        return Error{"SCENARIO is missing"};
    }
    auto scenario = findScenario(command.text("scenario"));
    if (!scenario) {
        return scenario.error();
    }
    Plan plan{.scenario = std::move(*scenario),
              .servers = {},
              .leftOut = {},
              .traceFile = command.text("trace"),
              .jsonFile = command.text("json")};
    plan.traced = !command.has("untraced");
    const auto seconds = command.number("duration", 0, 0.01, longestRun);
    const auto seed = command.whole("seed", static_cast<std::int64_t>(plan.scenario.seed), 0, largestSeed);
    if (!seconds || !seed) {
        return !seconds ? seconds.error() : seed.error();
    }
    if (!plan.traced && command.has("trace")) {
        return Error{"--trace and --untraced exclude each other"};
    }
    plan.seconds = *seconds;
    plan.scenario.seed = static_cast<std::uint64_t>(*seed);
    ServerOptions server;
    applyWanted(plan.scenario.server, server);
    if (auto read = readServerOptions(command, server); !read) {
        return read.error();
    }
    if (auto read = readSteering(command, plan, server); !read) {
        return read.error();
    }
    if (const auto reason = refusalOfTraffic(plan.scenario, server); !reason.empty()) {
        return Error{reason};
    }
    const auto chosen = chooseModels(command, server);
    if (!chosen) {
        return chosen.error();
    }
    for (const auto& id : *chosen) {
        server.model = id;
        if (const auto good = checkCombination(server); good) {
            plan.servers.push_back(server);
        } else if (isOneOfAll(command, id)) {
            // Those that only this machine keeps from running come first: of them one wants to know most.
            const bool isSound = senselessness(*findModel(id), server).empty();
            plan.leftOut.insert(isSound ? plan.leftOut.begin() : plan.leftOut.end(), good.error().message);
        } else {
            return good.error();
        }
    }
    if (plan.servers.empty()) {
        return Error{plan.leftOut.front()};
    }
    if (changesServer(plan.scenario) && !plan.steering.scheduleFile.empty()) {
        return Error{
            "--record-schedule is not for this scenario: its phases change the server, and no schedule tells of "
            "that"};
    }
    if (plan.servers.size() > 1 && !plan.steering.scheduleFile.empty()) {
        return Error{"--record-schedule is for one model at a time"};
    }
    return plan;
}

/// "x.lab", or "x-reactor.lab" when there are several.
std::string traceFileOf(const Plan& plan, const std::string& model) {
    if (plan.traceFile.empty() || plan.servers.size() == 1) {
        return plan.traceFile;
    }
    auto path = std::filesystem::path(plan.traceFile);
    const auto name = path.stem().string() + "-" + model + path.extension().string();
    return path.replace_filename(name).string();
}

/// A line that is written over and over, where somebody watches.
class ProgressLine {
public:
    explicit ProgressLine(std::ostream& err)
        : m_err(err)
        , m_shown(&err == &std::cerr && ::isatty(STDERR_FILENO) == 1) {}
    ~ProgressLine() { clear(); }

    void show(const LabRun& run, const std::string& model) {
        if (m_shown) {
            m_err << "\r\x1b[K" << model << "  " << std::lround(run.progress() * 100) << " %  "
                  << withSeparators(run.result().requests) << " requests" << std::flush;
        }
    }
    void clear() {
        if (m_shown) {
            m_err << "\r\x1b[K" << std::flush;
        }
    }

private:
    std::ostream& m_err;
    bool m_shown;
};

LabRun::Options optionsOf(const Plan& plan, const ServerOptions& server) {
    const auto& steering = plan.steering;
    LabRun::Options options{.server = server,
                            .scenario = plan.scenario,
                            .seconds = plan.seconds,
                            .trace = plan.traced,
                            .recordingFile = traceFileOf(plan, server.model),
                            .pace = steering.pace};
    options.schedule = steering.schedule;
    options.holdAfterSchedule = true;
    options.serialised = steering.policy || !steering.scheduleFile.empty();
    options.policy = steering.policy.value_or(ChoicePolicy{});
    options.startHeld = steering.until.has_value();
    return options;
}

/// Steers a run that is held by now: after its schedule, or before its first event. True: nothing more is wanted.
class Steersman {
public:
    Steersman(LabRun& run, const Steering& steering)
        : m_stepper(run.stepper())
        , m_steering(steering) {}

    bool hasEnded() {
        if (m_stepper == nullptr || m_stepper->mode() != Stepper::Mode::Held) {
            return false;
        }
        if (m_steering.until && !m_until && !m_stepper->divergence()) {
            m_until = true;
            m_stepper->step(*m_steering.until, {}, m_steering.pace);
            return false;
        }
        return true;
    }

    /// Before the run is stopped. Error: the schedule could not be followed, or not be written.
    Result<void> finish() {
        if (m_stepper == nullptr || !m_steering.any()) {
            return {};
        }
        if (const auto divergence = m_stepper->divergence()) {
            return Error{"the schedule could not be followed to its end: " + divergence->why};
        }
        if (m_steering.scheduleFile.empty()) {
            return {};
        }
        m_stepper->hold();
        constexpr std::chrono::milliseconds lastTurn{1'000};
        m_stepper->waitUntilHeld(lastTurn);
        if (!m_stepper->scheduleIsComplete()) {
            return Error{"the schedule is too long to be written: it is not complete"};
        }
        return m_stepper->schedule().write(m_steering.scheduleFile);
    }

private:
    Stepper* m_stepper;
    const Steering& m_steering;
    bool m_until = false;
};

Result<ReportedRun> runOnce(const Plan& plan, const ServerOptions& server, SignalWatch& interruption,
                            std::ostream& err) {
    auto started = LabRun::start(optionsOf(plan, server));
    if (!started) {
        return started.error();
    }
    auto& run = **started;
    ProgressLine progress(err);
    Steersman steersman(run, plan.steering);
    const std::chrono::milliseconds betweenLooks{plan.steering.any() ? 10 : 100};
    while (!run.waitForTraffic(betweenLooks) && !interruption.wait(std::chrono::milliseconds(0)) &&
           !steersman.hasEnded()) {
        progress.show(run, server.model);
    }
    const auto steered = steersman.finish();
    run.stop();
    auto trouble = run.trouble();
    if (!steered) {
        trouble = steered.error().message + (trouble.empty() ? "" : "; ") + trouble;
    }
    return ReportedRun{run.recording()->info(), run.result(), trouble};
}

Result<void> writeJson(const Plan& plan, std::span<const ReportedRun> runs, std::ostream& out) {
    boost::json::array list;
    for (const auto& run : runs) {
        list.push_back(toJson(run));
    }
    const auto text = boost::json::serialize(boost::json::object{{"scenario", plan.scenario.id},
                                                                 {"title", plan.scenario.title},
                                                                 {"seed", plan.scenario.seed},
                                                                 {"runs", std::move(list)}});
    if (plan.jsonFile == "-") {
        out << text << '\n';
        return {};
    }
    errno = 0;
    std::ofstream file(plan.jsonFile);
    file << text << '\n';
    file.close();
    return file ? Result<void>() : Error::ofSystem("cannot write " + plan.jsonFile, errno != 0 ? errno : EIO);
}

} // namespace

int runScenario(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
    auto command = declare();
    command.addPositional("scenario");
    if (const auto code = command.read(arguments, out, err)) {
        return *code;
    }
    const auto plan = makePlan(command);
    if (!plan) {
        return command.complain(err, plan.error().message, exitUsage);
    }
    for (const auto& reason : plan->leftOut) {
        err << "proactor-lab run: left out: " << reason << '\n';
    }
    SignalWatch interruption;
    std::vector<ReportedRun> runs;
    int code = exitDone;
    for (const auto& server : plan->servers) {
        auto run = runOnce(*plan, server, interruption, err);
        if (!run) {
            code = command.complain(err, server.model + ": " + run.error().message, exitFailed);
            break;
        }
        if (!run->trouble.empty()) {
            code = command.complain(err, server.model + ": " + run->trouble, exitFailed);
        }
        runs.push_back(std::move(*run));
        if (interruption.wait(std::chrono::milliseconds(0))) {
            code = command.complain(err, "interrupted: the figures are those until then", exitFailed);
            break;
        }
    }
    if (!plan->jsonFile.empty()) {
        if (const auto written = writeJson(*plan, runs, out); !written) {
            code = command.complain(err, written.error().message, exitFailed);
        }
    }
    if (plan->jsonFile != "-" && !runs.empty()) {
        printResults(out, runs);
    }
    return code;
}

} // namespace lab
