// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_configurator.h"

#include "engine/trace/trace.h"

#include <algorithm>
#include <optional>

namespace lab {

void ServiceConfigurator::close(std::string reason) {
    const std::scoped_lock lock(m_changing, m_mutex);
    m_whyClosed = std::move(reason);
}

std::string ServiceConfigurator::whyClosed() const {
    const std::lock_guard lock(m_mutex);
    return m_whyClosed;
}

Result<void> ServiceConfigurator::checkOpen() const {
    return m_whyClosed.empty() ? Result<void>() : Error{m_whyClosed};
}

Result<ServiceConfigurator::Services::iterator> ServiceConfigurator::find(std::string_view name) {
    if (const auto open = checkOpen(); !open) {
        return open.error();
    }
    const auto found = std::find_if(m_services.begin(), m_services.end(),
                                    [&](const auto& service) { return service.spec.name == name; });
    if (found != m_services.end()) {
        return found;
    }
    std::string list;
    for (const auto& service : m_services) {
        list += (list.empty() ? "" : ", ") + service.spec.name;
    }
    return Error{"no service called \"" + std::string(name) +
                 "\" is linked (linked: " + (list.empty() ? "none" : list) + ")"};
}

Result<void> ServiceConfigurator::link(const ServiceSpec& spec) {
    const std::lock_guard turn(m_changing);
    if (const auto open = checkOpen(); !open) {
        return open.error();
    }
    std::vector<ServiceSpec> all;
    for (const auto& service : m_services) {
        all.push_back(service.spec);
    }
    all.push_back(spec);
    if (const auto good = checkServices(all); !good) {
        return good.error();
    }
    auto made = makeService(spec, m_needs);
    if (!made) {
        return made.error();
    }
    const std::lock_guard lock(m_mutex);
    m_services.push_back(std::move(*made));
    tell(EventType::ServiceLinked, m_services.back());
    publish();
    return {};
}

Result<void> ServiceConfigurator::unlink(std::string_view name) {
    LinkedService gone; // when nobody waits: it may have something to write before it goes
    const std::scoped_lock lock(m_changing, m_mutex);
    const auto found = find(name);
    if (!found) {
        return found.error();
    }
    gone = std::move(**found);
    m_services.erase(*found);
    publish();
    tell(EventType::ServiceUnlinked, gone);
    return {};
}

Result<void> ServiceConfigurator::setSuspended(std::string_view name, bool suspended) {
    const std::scoped_lock lock(m_changing, m_mutex);
    const auto found = find(name);
    if (!found) {
        return found.error();
    }
    auto& service = **found;
    if (service.spec.suspended == suspended) {
        return {};
    }
    service.spec.suspended = suspended;
    if (!suspended) {
        tell(EventType::ServiceResumed, service);
    }
    publish();
    if (suspended) {
        tell(EventType::ServiceSuspended, service);
    }
    return {};
}

Result<void> ServiceConfigurator::suspend(std::string_view name) { return setSuspended(name, true); }

Result<void> ServiceConfigurator::resume(std::string_view name) { return setSuspended(name, false); }

Result<void> ServiceConfigurator::reconfigure(std::string_view name, std::vector<ParameterSpec> parameters) {
    const std::lock_guard turn(m_changing);
    const auto found = find(name);
    if (!found) {
        return found.error();
    }
    auto spec = (*found)->spec;
    spec.parameters = std::move(parameters);
    auto made = makeService(spec, m_needs);
    if (!made) {
        return made.error();
    }
    const std::lock_guard lock(m_mutex);
    std::swap(**found, *made); // the former one goes when nobody waits
    tell(EventType::ServiceReconfigured, **found);
    publish();
    return {};
}

/// A service that is to be there afterwards: the former one of that name where it can stay. Takes it out of `former`.
Result<void> ServiceConfigurator::plan(const ServiceSpec& spec, Services& former, Plan& plan) const {
    const auto before = std::find_if(former.begin(), former.end(), [&](const auto& service) {
        return service.spec.name == spec.called() && service.spec.service == spec.service;
    });
    const bool isKnown = before != former.end();
    const bool isSame = isKnown && before->spec.parameters == spec.parameters;
    auto service = isSame ? Result<LinkedService>(*before) : makeService(spec, m_needs);
    if (!service) {
        return service.error();
    }
    service->spec.suspended = spec.suspended;
    if (!isKnown) {
        plan.changes.emplace_back(EventType::ServiceLinked, *service);
    } else if (!isSame) {
        plan.changes.emplace_back(EventType::ServiceReconfigured, *service);
    }
    if (isKnown && before->spec.suspended != spec.suspended) {
        plan.changes.emplace_back(spec.suspended ? EventType::ServiceSuspended : EventType::ServiceResumed, *service);
    }
    if (isKnown) {
        former.erase(before);
    }
    plan.services.push_back(std::move(*service));
    plan.isSame.push_back(isSame);
    return {};
}

Result<void> ServiceConfigurator::configure(std::span<const ServiceSpec> specs) {
    const std::lock_guard turn(m_changing);
    if (const auto open = checkOpen(); !open) {
        return open.error();
    }
    if (const auto good = checkServices(specs); !good) {
        return good.error();
    }
    Plan wanted;
    auto former = m_services;
    for (const auto& spec : specs) {
        if (const auto planned = plan(spec, former, wanted); !planned) {
            return planned.error();
        }
    }
    {
        const std::lock_guard lock(m_mutex);
        m_services.swap(wanted.services);
        for (const auto& gone : former) {
            tell(EventType::ServiceUnlinked, gone);
        }
        for (const auto& [change, service] : wanted.changes) {
            tell(change, service);
        }
        publish();
    }
    for (std::size_t index = 0; index < m_services.size(); ++index) {
        if (wanted.isSame[index]) {
            m_services[index].service->refresh();
        }
    }
    return {};
}

void ServiceConfigurator::finish() {
    const std::lock_guard turn(m_changing);
    for (const auto& service : m_services) {
        service.service->serverStopped();
    }
}

std::vector<ServiceConfigurator::Entry> ServiceConfigurator::services() const {
    std::vector<Entry> entries;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& service : m_services) {
            entries.push_back({service.spec, service.service->trouble()});
        }
    }
    for (auto& [spec, trouble] : entries) {
        if (const auto elsewhere = m_troubleElsewhere(spec.name); !elsewhere.empty()) {
            trouble += (trouble.empty() ? "" : "; ") + elsewhere;
        }
    }
    return entries;
}

std::string ServiceConfigurator::trouble() const {
    std::string text;
    for (const auto& entry : services()) {
        if (!entry.trouble.empty()) {
            text += (text.empty() ? "" : "; ") + entry.spec.name + ": " + entry.trouble;
        }
    }
    return text;
}

/// The calling thread takes part in the trace for this, unless it does already; it is not held, so that services can be
/// changed while everybody else is.
void ServiceConfigurator::tell(EventType type, const LinkedService& service) const {
    if (m_trace == nullptr) {
        return;
    }
    std::optional<TraceThread> part;
    if (currentRing == nullptr) {
        part.emplace(m_trace, "configurator", Gated::No);
    }
    [[maybe_unused]] const std::uint8_t suspended = service.spec.suspended ? 1 : 0;
    switch (type) {
    case EventType::ServiceLinked:
        LAB_MARK(ServiceLinked, Laboratory, "link service", .kind = suspended, .value = service.name);
        break;
    case EventType::ServiceUnlinked:
        LAB_MARK(ServiceUnlinked, Laboratory, "unlink service", .value = service.name);
        break;
    case EventType::ServiceSuspended:
        LAB_MARK(ServiceSuspended, Laboratory, "suspend service", .value = service.name);
        break;
    case EventType::ServiceResumed:
        LAB_MARK(ServiceResumed, Laboratory, "resume service", .value = service.name);
        break;
    default: LAB_MARK(ServiceReconfigured, Laboratory, "reconfigure service", .value = service.name); break;
    }
}

} // namespace lab
