// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange/chrome_trace_writer.h"
#include "engine/trace/readable.h"

#include <utility>

namespace lab {

/// "handle_read #12", "accept".
std::string ChromeTraceWriter::nameOf(std::string_view what, const Event& event) const {
    return event.connection == 0 ? std::string(what) : std::string(what) + " #" + std::to_string(event.connection);
}

void ChromeTraceWriter::writeEvent(const Event& event) {
    if (!writeThreadOrCall(event) && !writeOperation(event) && !writeTraffic(event)) {
        writeOther(event);
    }
}

bool ChromeTraceWriter::writeThreadOrCall(const Event& event) {
    switch (event.type()) {
    case EventType::ThreadStarted: {
        endSlices(event.actor, event.time);
        const auto name = std::as_const(m_names)[static_cast<std::uint64_t>(event.value()) < m_names.size()
                                                     ? static_cast<std::size_t>(event.value())
                                                     : 0];
        metadata("thread_name", processOf(event.actor), event.actor + 1,
                 name.empty() ? "thread " + std::to_string(event.actor) : name);
        instant("thread started: " + name, event);
        return true;
    }
    case EventType::ThreadEnded:
        endSlices(event.actor, event.time);
        instant("thread ended", event);
        return true;
    case EventType::CallEntered:
        beginSlice(SliceKind::Call, nameOf(words(event.kindAs<SystemCall>()), event), event);
        return true;
    case EventType::HookEntered:
        beginSlice(SliceKind::Hook, nameOf(words(event.kindAs<Hook>()), event), event);
        if (event.operation != 0 && m_flows.erase(event.operation) > 0) {
            flow('f', event.operation, event);
        }
        return true;
    case EventType::CallLeft: endSlice(SliceKind::Call, event); return true;
    case EventType::HookLeft: endSlice(SliceKind::Hook, event); return true;
    case EventType::CallPerformed: instant(nameOf(words(event.kindAs<SystemCall>()), event), event); return true;
    default: return false;
    }
}

bool ChromeTraceWriter::writeOperation(const Event& event) {
    switch (event.type()) {
    case EventType::OperationInitiated: {
        const auto name = nameOf(words(event.kindAs<Operation>()), event);
        // A slice of its own: a flow that begins outside any slice is not drawn. It lasts a nanosecond, since
        // speedscope puts an end before a begin of the same time, and would never close it.
        beginSlice(SliceKind::Initiation, "initiate " + name, event);
        m_flows[event.operation] = true;
        flow('s', event.operation, event);
        beginPair(m_operations, "operation", event.operation, name, event);
        auto end = event;
        ++end.time;
        endSlice(SliceKind::Initiation, end);
        return true;
    }
    case EventType::OperationCompleted: endPair(m_operations, "operation", event.operation, event.time); return true;
    case EventType::QueuePushed:
    case EventType::QueuePopped: {
        const auto queue = event.kindAs<Queue>();
        if (queue == Queue::Completion && event.type() == EventType::QueuePushed) {
            beginPair(m_queued, "queue", event.operation, nameOf("in the completion queue", event), event);
        } else if (queue == Queue::Completion) {
            endPair(m_queued, "queue", event.operation, event.time);
        }
        counter(words(queue).data(), event.value(), event);
        return true;
    }
    default: return false;
    }
}

bool ChromeTraceWriter::writeTraffic(const Event& event) {
    const auto client = "client " + std::to_string(event.connection);
    switch (event.type()) {
    case EventType::ClientRequestSent: {
        const auto path = static_cast<std::uint64_t>(event.value());
        beginPair(m_requests, "request", event.connection, path < m_names.size() ? "GET " + m_names[path] : "GET",
                  event);
        return true;
    }
    case EventType::ClientFirstByte: instant("first byte: " + client, event); return true;
    case EventType::ClientResponseReceived: endPair(m_requests, "request", event.connection, event.time); return true;
    case EventType::ClientFailed:
        endPair(m_requests, "request", event.connection, event.time);
        instant(client + ": " + std::string(words(event.kindAs<ClientFailure>())), event);
        return true;
    case EventType::ClientConnecting:
    case EventType::ClientConnected:
    case EventType::ClientClosed:
        instant(std::string(words(event.type())) + ": " + std::to_string(event.connection), event);
        return true;
    case EventType::PhaseStarted: {
        const auto phase = static_cast<std::uint64_t>(event.value());
        instant("phase started: " + (phase < m_names.size() ? m_names[phase] : std::string{}), event, 'g');
        return true;
    }
    default: return false;
    }
}

void ChromeTraceWriter::writeOther(const Event& event) {
    switch (event.type()) {
    case EventType::ConnectionAccepted:
        beginPair(m_connections, "connection", event.connection, nameOf("connection", event), event);
        counter("connections", static_cast<std::int64_t>(m_connections.size()), event);
        return;
    case EventType::ConnectionClosed:
        endPair(m_connections, "connection", event.connection, event.time);
        counter("connections", static_cast<std::int64_t>(m_connections.size()), event);
        instant(nameOf(words(event.type()), event), event);
        return;
    case EventType::RunStarted:
    case EventType::RunEnded:
    case EventType::DrainStarted:
    case EventType::ListeningStarted:
    case EventType::ListeningStopped: return instant(words(event.type()), event, 'g');
    case EventType::ResourceSampled: return counter(words(event.kindAs<Resource>()).data(), event.value(), event);
    case EventType::EventsLost: return instant(readableNumber(event.value()) + " events lost", event, 'g');
    default: return instant(nameOf(words(event.type()), event), event);
    }
}

} // namespace lab
