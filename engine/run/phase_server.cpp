// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/phase_server.h"

#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/run/running_server.h"
#include "engine/run/server_settings.h"
#include "engine/server/server.h"
#include "engine/server/server_change.h"
#include "engine/server/server_setting.h"
#include "engine/stepping/stepper.h"

#include <algorithm>
#include <utility>

namespace lab {

ServerOptions optionsIn(const Phase& phase, const ServerOptions& options) {
    auto wanted = options;
    if (!phase.server) {
        return wanted;
    }
    wanted.model = phase.server->model.value_or(wanted.model);
    const auto* model = findModel(wanted.model);
    const ServerOptions usual;
    for (const auto& setting : serverSettings()) {
        if (model != nullptr && wanted.model != options.model && !takes(*model, setting)) {
            static_cast<void>(setting.set(wanted, setting.text(usual)));
        }
    }
    applyWanted(*phase.server, wanted);
    return wanted;
}

bool changesServer(const Scenario& scenario) {
    return std::any_of(scenario.phases.begin(), scenario.phases.end(),
                       [](const Phase& phase) { return phase.server.has_value(); });
}

Result<void> checkPhases(const Scenario& scenario, const ServerOptions& options) {
    for (std::size_t index = 0; index < scenario.phases.size(); ++index) {
        const auto& phase = scenario.phases[index];
        if (!phase.server) {
            continue;
        }
        auto wanted = optionsIn(phase, options);
        auto reason = refusalOfTraffic(scenario, wanted);
        if (const auto checked = checkOptions(wanted); reason.empty() && !checked) {
            reason = checked.error().message;
        }
        if (!reason.empty()) {
            return Error{"phases[" + std::to_string(index) + "], \"" + phase.name + "\": " + reason};
        }
    }
    return {};
}

PhaseServer::PhaseServer(Server& server, Stepper* stepper, const Scenario& scenario, ServerOptions begin)
    : m_server(server)
    , m_stepper(stepper)
    , m_scenario(scenario)
    , m_begin(std::move(begin))
    , m_changesServices(std::any_of(scenario.phases.begin(), scenario.phases.end(),
                                    [](const Phase& phase) { return phase.server && phase.server->services; }))
    , m_threads(nullptr, Gated::No) {}

Result<void> PhaseServer::start() {
    return m_threads.start("phases", [this] { run(); });
}

void PhaseServer::entered(std::size_t phase) {
    {
        const std::lock_guard lock(m_mutex);
        m_wanted = phase;
    }
    m_wake.notify_all();
}

std::string PhaseServer::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

void PhaseServer::announceStop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
}

void PhaseServer::stop() {
    announceStop();
    m_threads.join();
}

void PhaseServer::run() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_stopping || m_wanted; });
        if (m_stopping) {
            return;
        }
        const auto& phase = m_scenario.phases[*std::exchange(m_wanted, std::nullopt)];
        lock.unlock();
        const auto changed = change(phase);
        lock.lock();
        if (!changed && !m_stopping && m_trouble.empty()) {
            m_trouble =
                "the server could not be changed for the phase \"" + phase.name + "\": " + changed.error().message;
        }
    }
}

Result<void> PhaseServer::change(const Phase& phase) {
    auto wanted = asRunning(m_server, optionsIn(phase, m_begin));
    if (!wanted) {
        return wanted.error();
    }
    if (m_stepper != nullptr && isOther(m_server, *wanted)) {
        m_stepper->endSchedule(); // no schedule tells of a change
    }
    if (m_changesServices) {
        return reconfigure(m_server, std::move(*wanted));
    }
    return isOther(m_server, *wanted) ? m_server.change(std::move(*wanted)) : Result<void>();
}

} // namespace lab
