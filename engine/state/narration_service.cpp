// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narrator.h"

namespace lab {

std::string Narrator::serviceLinked() const {
    return "The service " + quoted(m_event.value()) + " is linked into the Protocol Pipeline" +
           (m_event.kind() == 1 ? ", suspended: it is not asked yet."
                                : ": it is asked about every request that begins from now on.");
}

std::string Narrator::serviceChanged() const {
    const auto service = "The service " + quoted(m_event.value());
    switch (m_event.type()) {
    case EventType::ServiceUnlinked:
        return service + " is unlinked from the Protocol Pipeline: requests that began with it end with it.";
    case EventType::ServiceSuspended: return service + " is suspended: it stays linked, and is not asked.";
    case EventType::ServiceResumed: return service + " is resumed: it is asked again.";
    default: return service + " is reconfigured: requests that begin from now on see it changed.";
    }
}

std::string Narrator::serviceEntered() const {
    const auto asks = who() + " asks the service " + quoted(m_event.value());
    switch (m_event.kindAs<ServiceHook>()) {
    case ServiceHook::Authorize: return asks + " whether the request on " + subject() + " is answered at all.";
    case ServiceHook::ChooseFile: return asks + " which file answers the request on " + subject() + ".";
    case ServiceHook::ErrorContent: return asks + " what to send on " + subject() + " with the error.";
    case ServiceHook::FilterAnswer:
        return who() + " passes the answer for " + subject() + " through the filter " + quoted(m_event.value()) + ".";
    case ServiceHook::Finished:
        return who() + " tells the service " + quoted(m_event.value()) + " that the request on " + subject() +
               " has come to its end.";
    case ServiceHook::None:
    case ServiceHook::Count: break;
    }
    return asks + " about the request on " + subject() + ".";
}

std::string Narrator::serviceLeft() const {
    return "The service " + quoted(m_event.value()) + " has had its say about the request on " + subject() + ".";
}

} // namespace lab
