// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/configuration/linked_services.h"

#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

class Trace;

/// Links, unlinks, suspends, resumes and reconfigures the services of a server while it serves.
///
/// Role: Service Configurator (P section 2). Decides: which services there are, and in which order they are asked.
/// Threads: any; one change at a time. Owner: the server. Nobody is kept waiting for a change: requests that have
/// begun end with the services that they began with, later ones see the new ones. A change that fails changes nothing.
class ServiceConfigurator {
public:
    /// What is told of a linked service.
    struct Entry {
        ServiceSpec spec; ///< with its name filled in; `suspended` as it is now
        std::string trouble;
    };

    /// What a service of that name has trouble with where processes have copies of it; empty: all is well.
    using TroubleElsewhere = std::function<std::string(std::string_view name)>;

    /// All is borrowed; `trace` may be null.
    ServiceConfigurator(PipelineSlot& slot, Trace* trace, const ServiceNeeds& needs, TroubleElsewhere troubleElsewhere)
        : m_slot(slot)
        , m_trace(trace)
        , m_needs(needs)
        , m_troubleElsewhere(std::move(troubleElsewhere)) {}

    /// From now on every change is refused for this reason.
    void close(std::string reason);
    /// Why no change is possible; empty: changes are.
    std::string whyClosed() const;

    /// Adds a service behind the others. Error: as makeService(), or its name is taken.
    Result<void> link(const ServiceSpec& spec);
    /// Error, as for the next three: no service of that name.
    Result<void> unlink(std::string_view name);
    Result<void> suspend(std::string_view name);
    Result<void> resume(std::string_view name);
    /// In place of all its former parameters. Error: also as makeService().
    Result<void> reconfigure(std::string_view name, std::vector<ParameterSpec> parameters);

    /// These and no others, in this order. Those that are there already, with the same parameters, stay as they are.
    Result<void> configure(std::span<const ServiceSpec> specs);

    /// The server has stopped: tells all services.
    void finish();

    /// In their order.
    std::vector<Entry> services() const;
    /// Of all services, with their names; empty: all is well.
    std::string trouble() const;

private:
    using Services = std::vector<LinkedService>;
    /// What is to be linked, and what is told of it.
    struct Plan {
        Services services;
        std::vector<bool> isSame; ///< stays as it is, by the place in `services`
        std::vector<std::pair<EventType, LinkedService>> changes;
    };
    Result<void> plan(const ServiceSpec& spec, Services& former, Plan& plan) const; // with m_changing held
    Result<void> checkOpen() const;                                                 // with m_changing held
    Result<Services::iterator> find(std::string_view name);                         // with m_changing held
    Result<void> setSuspended(std::string_view name, bool suspended);
    void publish() { m_slot.exchange(pipelineOf(m_services)); } // with both held
    void tell(EventType type, const LinkedService& service) const;

    PipelineSlot& m_slot;
    Trace* const m_trace;
    const ServiceNeeds m_needs;
    const TroubleElsewhere m_troubleElsewhere;
    std::mutex m_changing; ///< held for a whole change, which may read files and make hashes
    mutable std::mutex m_mutex;
    // Written with both held, so read with either.
    Services m_services;
    std::string m_whyClosed;
};

} // namespace lab
