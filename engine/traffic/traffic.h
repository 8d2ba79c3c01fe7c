// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/traffic/measurement.h"
#include "engine/traffic/scenario.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lab {

class Gate;
class Trace;

/// The clients of a scenario at work: real sockets, one thread called "clients".
///
/// Role: the peers of the server under study. Decides: phases; the rest is the ArrivalProcess's and the Client's.
/// Threads: start() and stop() by the owner, the rest by any. Owner: a LabRun. Borrows trace and gate.
class Traffic {
public:
    struct Options {
        Scenario scenario;   ///< with at least one phase
        double seconds = 0;  ///< of all phases together; 0: as the scenario says
        bool repeat = false; ///< from the first phase again after the last one, for ever
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;
        std::function<void(std::size_t phase)> entered{}; ///< called by the clients' thread as each phase begins; brief
        std::string root{}; ///< where the scenario's files are; empty: not known, so that none can be made cold
    };

    /// `trace` may be null: then nothing is recorded. Error: too few file descriptors, no thread, a bad address.
    static Result<std::unique_ptr<Traffic>> start(Options options, Trace* trace, const Gate& gate);

    virtual ~Traffic() = default; ///< stops

    /// The last phase has ended, and no request is under way any more (or it was given up, two seconds later).
    virtual bool done() const = 0;
    /// Waits until done(), not longer than `limit`. Returns done().
    virtual bool waitUntilDone(std::chrono::milliseconds limit) const = 0;
    /// 0 to 1 of the scenario's lab time; with `repeat`, of the present round.
    virtual double progress() const = 0;

    virtual TrafficCounts counts() const = 0;
    /// Phase by phase, as far as it has come.
    virtual std::vector<PartCounts> phases() const = 0;
    /// The same group by group, in the scenario's order.
    virtual std::vector<PartCounts> groups() const = 0;
    /// How many files were to be cold and cannot be: the file system keeps them in memory, or they are not there.
    virtual std::size_t warmFiles() const = 0;
    /// A sentence when something keeps the clients from working; empty otherwise.
    virtual std::string trouble() const = 0;

    /// Ends all clients at once. The second call does nothing.
    virtual void stop() = 0;
};

/// How many clients can exist at once in a scenario: each group's largest number over all phases.
std::size_t clientsOf(const Scenario& scenario);

} // namespace lab
