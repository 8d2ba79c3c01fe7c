// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narrator.h"

#include <algorithm>

namespace lab {

std::string Narrator::clientConnected() const {
    const auto* client = m_before.clients.get(m_event.connection);
    const bool accepted = client != nullptr && client->accepted;
    return this->client() +
           (accepted ? " is connected, and the server has taken it in already."
                     : " is connected by the kernel, and waits in the backlog until the server takes it in.");
}

std::string Narrator::clientResponseReceived() const {
    auto whole = client() + " has its whole answer, " + readableOctets(m_event.value());
    const auto* client = m_before.clients.get(m_event.connection);
    if (client != nullptr && client->askedAt != 0 && m_event.time >= client->askedAt) {
        whole += ", " + readableDuration(m_event.time - client->askedAt) + " after it asked";
    }
    whole += m_event.kind() != 0 ? "." : ", but not the success that it hoped for.";
    const auto* connection = client != nullptr ? m_before.connections.get(client->connection) : nullptr;
    if (connection != nullptr && connection->heldBack == HeldBack::Nagle && m_event.time >= connection->heldBackSince) {
        whole += " The last " + readableOctets(connection->octetsHeldBack) + " came " +
                 readableDuration(m_event.time - connection->heldBackSince) +
                 " after the server’s last write: until the acknowledgement, the kernel held them back (Nagle).";
    }
    return whole;
}

std::string Narrator::clientFailed() const {
    const auto why =
        m_event.value() > 0 ? " (" + readableError(static_cast<int>(m_event.value())) + ")" : std::string{};
    switch (m_event.kindAs<ClientFailure>()) {
    case ClientFailure::Connect: return client() + " could not connect" + why + ".";
    case ClientFailure::Reset: return client() + " lost its connection in the middle of things" + why + ".";
    case ClientFailure::Timeout: return client() + " has waited too long and gives up" + why + ".";
    case ClientFailure::BadResponse: return client() + " cannot make sense of the answer" + why + ".";
    default: return client() + " has failed" + why + ".";
    }
}

std::string Narrator::runStarted() const {
    const auto& info = m_glossary.info;
    const auto title = info.modelTitle.empty() ? text(m_event.value()) : info.modelTitle;
    if (isFamily("synchronous")) {
        return "The run starts: " + title + ". Each thread will wait in the kernel for its own client.";
    }
    if (isFamily("reactive")) {
        return "The run starts: " + title + ". A thread will wait for readiness, and then do the I/O itself.";
    }
    if (isFamily("proactive")) {
        return "The run starts: " + title + ". Operations will wait in the kernel, threads only for completions.";
    }
    if (isFamily("adaptive")) {
        return "The run starts: " + title +
               ". Operations will wait in the kernel; where threads of a pool turn out to send large files better, "
               "they will.";
    }
    return "The run starts: " + title + ".";
}

std::string Narrator::resourceSampled() const {
    const auto value = std::max<std::int64_t>(0, m_event.value());
    switch (m_event.kindAs<Resource>()) {
    case Resource::ProcessorNanoseconds:
        return "So far the server’s threads have used " + readableDuration(static_cast<std::uint64_t>(value)) +
               " of processor time.";
    case Resource::VoluntarySwitches:
        return "So far the server’s threads have given up their processor " + readableNumber(value) +
               " times, to wait.";
    case Resource::InvoluntarySwitches:
        return "So far the server’s threads have had their processor taken away " + readableNumber(value) + " times.";
    case Resource::Threads:
        return "The server has " + readableCount(static_cast<std::uint64_t>(value), "thread", "threads") + " now.";
    default: return "What the server has used so far is sampled.";
    }
}

std::string Narrator::threadDelaySampled() const {
    return "The thread " + threadName(static_cast<std::uint16_t>(m_event.operation), m_before, m_glossary) +
           " was ready to run but had no processor for " +
           readableDuration(static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_event.value()))) + " in all.";
}

} // namespace lab
