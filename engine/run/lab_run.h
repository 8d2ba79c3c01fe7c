// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/run/run_result.h"
#include "engine/server/server.h"
#include "engine/stepping/stepper.h"
#include "engine/trace/recording.h"
#include "engine/traffic/scenario.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace lab {

class Gate;

/// One server under one scenario, recorded: what the window shows and `run` measures.
///
/// Role: laboratory. Threads: everything by the owner; the recording by any. Owner: a window or a command.
class LabRun {
public:
    /// How many events a window, or a server that records in memory, keeps: the newest.
    static constexpr std::size_t eventsKeptLive = 4'000'000;

    struct Options {
        ServerOptions
            server; ///< see applyWanted(); `root` empty: a temporary one with the scenario's files and an index page
        Scenario scenario;   ///< no phases: no traffic of the lab's own (`serve`)
        double seconds = 0;  ///< of traffic; phases are shortened or lengthened in proportion; 0: as the scenario says
        bool repeat = false; ///< the scenario starts again when it ends (the window)
        bool trace = true;
        std::string recordingFile{}; ///< where to write the recording; empty: memory only
        std::size_t maximumEvents = 8'000'000;
        double pace = 0; ///< events a second from the start on; 0: full speed

        /// To be followed from the server's start on, at most so many turns of it.
        std::optional<Schedule> schedule{};
        std::size_t scheduleTurns = ~std::size_t{0};
        bool holdAfterSchedule = false;
        bool serialised = false; ///< one thread at a time from the start on, so that the run's own schedule is complete
        ChoicePolicy policy{};   ///< who goes next, wherever the run is steered
        bool startHeld = false;  ///< held from the first event of server and traffic on (after the schedule, if any)
    };

    /// Starts server, trace and traffic. Errors: as Server::start(), or the recording file cannot be made.
    static Result<std::unique_ptr<LabRun>> start(Options options);

    virtual ~LabRun() = default; ///< stops

    virtual const Options& options() const = 0;
    virtual std::shared_ptr<Recording> recording() const = 0; ///< outlives the run
    virtual Gate& gate() = 0;
    virtual Stepper* stepper() = 0; ///< null without a trace
    virtual Server& server() = 0;

    virtual bool trafficDone() const = 0; ///< also when there is none
    /// Waits for that, not longer than `limit`. Returns trafficDone().
    virtual bool waitForTraffic(std::chrono::milliseconds limit) = 0;
    virtual double progress() const = 0; ///< 0 to 1 of the scenario

    /// What was measured so far; whole after stop().
    virtual RunResult result() const = 0;

    /// How many files the scenario wants cold that could not be made so: see Traffic::warmFiles().
    virtual std::size_t warmFiles() const = 0;

    /// A sentence when something went wrong on the way (the recording file: disk full); empty otherwise.
    virtual std::string trouble() const = 0;

    /// Ends traffic, then the server with draining, then the trace. Takes up to the drain limit.
    virtual void stop() = 0;
};

} // namespace lab
