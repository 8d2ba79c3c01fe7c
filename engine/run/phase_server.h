// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/base/thread_group.h"
#include "engine/server/server_options.h"
#include "engine/traffic/scenario.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

namespace lab {

class Server;
class Stepper;

/// What the server of a phase is like, where the run began with `options`: each phase says it by itself, whichever came
/// before. Options that another model does not take are as usual.
ServerOptions optionsIn(const Phase& phase, const ServerOptions& options);

/// Whether a phase of the scenario wants another server than the one that the run begins with.
bool changesServer(const Scenario& scenario);

/// Error: a phase whose server makes no sense, named by its number and name.
Result<void> checkPhases(const Scenario& scenario, const ServerOptions& options);

/// Changes a running server as the phases of a scenario want it, while they go on.
///
/// Role: laboratory. Threads: one of its own, since a change waits for the server's threads; entered() by the traffic's;
/// the rest by the owner. Owner: a LabRun; borrows the server, its stepper (may be null) and the scenario.
class PhaseServer {
public:
    PhaseServer(Server& server, Stepper* stepper, const Scenario& scenario, ServerOptions begin);
    ~PhaseServer() { stop(); }

    /// Error: no thread to be had.
    Result<void> start();

    /// A phase has begun. Does not wait. Of several that come while the server is being changed, the last one counts.
    void entered(std::size_t phase);

    /// What kept a phase from having its server; empty: nothing did.
    std::string trouble() const;

    /// No further change is begun. One that is under way ends with the server's stop.
    void announceStop();
    void stop(); ///< the same, and waits for that

private:
    void run();
    Result<void> change(const Phase& phase);

    Server& m_server;
    Stepper* const m_stepper;
    const Scenario& m_scenario;
    const ServerOptions m_begin;
    const bool m_changesServices;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    // Guarded by m_mutex.
    std::optional<std::size_t> m_wanted; ///< the phase that has begun
    std::string m_trouble;
    bool m_stopping = false;

    ThreadGroup m_threads; ///< of its own, so that it is not counted as the server's
};

} // namespace lab
