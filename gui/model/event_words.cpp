// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/event_words.h"

#include "engine/state/work_of.h"
#include "engine/trace/readable.h"
#include "gui/model/number_text.h"
#include "gui/model/text.h"

#include <cstring>

namespace lab {

namespace {

template <typename Enum>
QString kindText(const Event& event) {
    return text(words(event.kindAs<Enum>()));
}

/// A result of a call: octets or a count, or the error's text.
QString resultText(std::int64_t value) {
    return value < 0 ? text(std::strerror(static_cast<int>(-value))) : countText(static_cast<std::uint64_t>(value));
}

QString joined(const QString& what, const QString& detail) { return what + QStringLiteral(", ") + detail; }

QString octetCount(std::int64_t octets) { return QStringLiteral("%1 octets").arg(octets); }

QString depthText(std::int64_t depth) { return QStringLiteral("depth %1").arg(depth); }

QString processEndText(const Event& event) {
    const auto code = processEndCode(event.value());
    const auto how = event.kindAs<ProcessEnd>() == ProcessEnd::Killed
                         ? QStringLiteral("signal ") + text(readableSignal(code))
                         : QStringLiteral("exit code %1").arg(code);
    return QStringLiteral("process %1, %2").arg(endedProcess(event.value())).arg(how);
}

QString nameText(const Event& event, const Glossary& glossary) {
    return text(glossary.name(static_cast<NameId>(event.value())));
}

QString serverDetail(const Event& event, const Glossary& glossary) {
    switch (event.type()) {
    case EventType::ThreadStarted:
    case EventType::RunStarted:
    case EventType::PhaseStarted:
    case EventType::ClientRequestSent: return nameText(event, glossary);
    case EventType::CallEntered: return kindText<SystemCall>(event);
    case EventType::CallLeft:
    case EventType::CallPerformed: return joined(kindText<SystemCall>(event), resultText(event.value()));
    case EventType::ListeningStarted: return QStringLiteral("port %1").arg(event.value());
    case EventType::ConnectionAccepted:
        return event.kindAs<Origin>() == Origin::Outside ? QStringLiteral("from outside, port %1").arg(event.value())
                                                         : QStringLiteral("from port %1").arg(event.value());
    case EventType::AcceptFailed: return text(std::strerror(event.kind()));
    case EventType::WorkerRefused: return kindText<Worker>(event);
    case EventType::OctetsHeldBack: return joined(octetsText(event.value()), kindText<HeldBack>(event));
    case EventType::ConnectionClosed: return kindText<CloseReason>(event);
    case EventType::DeadlineExpired: return kindText<Deadline>(event);
    case EventType::RequestParsed: return joined(kindText<Method>(event), octetCount(event.value()));
    case EventType::FileFound: return joined(nameText(event, glossary), kindText<FileSource>(event));
    case EventType::ResponseStarted:
        if (responseStatus(event.value()) == 0) {
            return joined(QStringLiteral("as it came"), octetsText(responseOctets(event.value())));
        }
        return QStringLiteral("%1, %2, %3")
            .arg(responseStatus(event.value()))
            .arg(octetsText(responseOctets(event.value())), kindText<Transfer>(event));
    case EventType::ResponseSent: return octetsText(event.value());
    default: return {};
    }
}

} // namespace

bool isTraffic(EventType type) { return type >= EventType::PhaseStarted && type <= EventType::ClientClosed; }

QString eventDetail(const Event& event, const Glossary& glossary) {
    switch (event.type()) {
    case EventType::HandlerRegistered:
    case EventType::InterestChanged:
    case EventType::HandleReady: return kindText<Interest>(event);
    case EventType::HookEntered:
    case EventType::HookLeft: return kindText<Hook>(event);
    case EventType::OperationInitiated:
        return event.value() > 0 ? joined(kindText<Operation>(event), octetCount(event.value()))
                                 : kindText<Operation>(event);
    case EventType::OperationCompleted: return joined(kindText<Operation>(event), resultText(event.value()));
    case EventType::QueuePushed:
    case EventType::QueuePopped: return joined(kindText<Queue>(event), depthText(event.value()));
    case EventType::OperationRanked:
        return joined(kindText<Rank>(event), event.kindAs<Rank>() == Rank::OctetsLeft ? octetsText(event.value())
                                                                                      : QString::number(event.value()));
    case EventType::SubmissionQueued: return joined(kindText<Operation>(event), depthText(event.value()));
    case EventType::RequestRejected: return joined(kindText<Queue>(event), depthText(event.value()));
    case EventType::FileEvicted: return joined(nameText(event, glossary), kindText<Eviction>(event));
    case EventType::ProcessStarted: return QStringLiteral("process %1").arg(event.value());
    case EventType::ProcessEnded: return processEndText(event);
    case EventType::ServiceLinked:
    case EventType::ServiceUnlinked:
    case EventType::ServiceSuspended:
    case EventType::ServiceResumed:
    case EventType::ServiceReconfigured: return nameText(event, glossary);
    case EventType::ServiceEntered:
    case EventType::ServiceLeft: return joined(nameText(event, glossary), kindText<ServiceHook>(event));
    case EventType::ClientConnecting: return QStringLiteral("from port %1").arg(event.value());
    case EventType::ClientFirstByte:
        return QStringLiteral("after %1").arg(durationText(static_cast<double>(event.value())));
    case EventType::ClientResponseReceived: return octetsText(event.value());
    case EventType::ClientFailed: return kindText<ClientFailure>(event);
    case EventType::DrainStarted: return QStringLiteral("%1 open").arg(event.value());
    case EventType::ResourceSampled:
        return joined(kindText<Resource>(event), countText(static_cast<std::uint64_t>(event.value())));
    case EventType::ThreadDelaySampled: return durationText(static_cast<double>(event.value()));
    case EventType::EventsLost: return countText(static_cast<std::uint64_t>(event.value()));
    default: return serverDetail(event, glossary);
    }
}

QString eventConnection(const Event& event) {
    if (event.connection == 0) {
        return {};
    }
    return isTraffic(event.type()) ? QStringLiteral("client %1").arg(event.connection)
                                   : QStringLiteral("#%1").arg(event.connection);
}

bool concerns(const Event& event, const Selection& selection) {
    switch (selection.kind) {
    case Selection::Kind::None: return true;
    case Selection::Kind::Connection:
        if (selection.id == 0) {
            return event.type() == EventType::ListeningStarted || event.type() == EventType::ConnectionAccepted ||
                   event.type() == EventType::AcceptFailed || event.type() == EventType::ListeningStopped ||
                   ((event.type() == EventType::CallEntered || event.type() == EventType::CallLeft) &&
                    event.kindAs<SystemCall>() == SystemCall::Accept);
        }
        return event.connection == selection.id && !isTraffic(event.type());
    case Selection::Kind::Operation: return event.operation == selection.id && !isTraffic(event.type());
    case Selection::Kind::Thread: return event.actor == selection.id;
    case Selection::Kind::Client: return event.connection == selection.id && isTraffic(event.type());
    }
    return false;
}

Work workOf(const Event& event) {
    switch (event.type()) {
    case EventType::CallEntered:
    case EventType::CallLeft:
    case EventType::CallPerformed: return workOf(event.kindAs<SystemCall>());
    case EventType::HookEntered:
    case EventType::HookLeft: return workOf(event.kindAs<Hook>());
    case EventType::OperationInitiated:
    case EventType::SubmissionQueued:
    case EventType::OperationCompleted: return workOf(event.kindAs<Operation>());
    case EventType::ConnectionAccepted:
    case EventType::AcceptWokenForNothing:
    case EventType::WorkerRefused:
    case EventType::AcceptFailed: return Work::Accept;
    case EventType::HandleReady:
        return event.kindAs<Interest>() == Interest::Accept  ? Work::Accept
               : event.kindAs<Interest>() == Interest::Write ? Work::Write
                                                             : Work::Read;
    case EventType::RequestParsed: return Work::Parse;
    case EventType::FileEvicted:
    case EventType::FileFound: return Work::File;
    case EventType::ResponseStarted:
    case EventType::OctetsHeldBack:
    case EventType::ResponseSent: return Work::Write;
    default: return Work::None;
    }
}

Selection selectionOf(const Event& event) {
    if (event.connection != 0) {
        return {isTraffic(event.type()) ? Selection::Kind::Client : Selection::Kind::Connection, event.connection};
    }
    return {Selection::Kind::Thread, event.actor};
}

} // namespace lab
