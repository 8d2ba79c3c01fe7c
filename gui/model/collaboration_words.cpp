// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/collaboration_words.h"

#include "gui/model/event_words.h"
#include "gui/model/number_text.h"
#include "gui/model/text.h"
#include "gui/model/turn_wait.h"

#include <cerrno>
#include <cstring>

namespace lab {

namespace {

template <typename Enum>
QString kindText(const Event& event) {
    return text(words(event.kindAs<Enum>()));
}

QString octets(std::int64_t count) {
    return count == 1 ? QStringLiteral("1 octet")
                      : QStringLiteral("%1 octets").arg(countText(static_cast<std::uint64_t>(count)));
}

QString callWords(const Event& event, const Glossary& glossary) {
    return event.kindAs<SystemCall>() == SystemCall::QueueWait
               ? QStringLiteral("wait ") + turnWaitAt(glossary.site(event.site).name).what
               : kindText<SystemCall>(event) + QStringLiteral("()");
}

QString failure(std::int64_t value) {
    return value == -EAGAIN ? QStringLiteral("would block") : text(std::strerror(static_cast<int>(-value)));
}

QString resultWords(const Event& event, const Glossary& glossary) {
    const auto value = event.value();
    if (value < 0) {
        return failure(value);
    }
    switch (event.kindAs<SystemCall>()) {
    case SystemCall::Accept: return QStringLiteral("a client has connected");
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll:
        return value == 1 ? QStringLiteral("1 handle ready") : QStringLiteral("%1 ready").arg(value);
    case SystemCall::QueueWait: return QStringLiteral("wakes: ") + turnWaitAt(glossary.site(event.site).name).woken;
    case SystemCall::IoUringEnter:
        return value == 1 ? QStringLiteral("1 completion in the ring")
                          : QStringLiteral("%1 completions in the ring").arg(value);
    case SystemCall::AioSuspend: return QStringLiteral("wakes: one of them is performed");
    case SystemCall::Setsockopt:
    case SystemCall::Shutdown:
    case SystemCall::Mmap: return QStringLiteral("done");
    case SystemCall::Read:
    case SystemCall::FileRead: return value == 0 ? QStringLiteral("end of the stream") : octets(value);
    case SystemCall::Open: return QStringLiteral("open");
    default: return octets(value);
    }
}

QString initiation(Operation operation) {
    switch (operation) {
    case Operation::Transmit: return QStringLiteral("TransmitFile(handler, dispatcher)");
    case Operation::FileRead: return QStringLiteral("async_file_read(handler, dispatcher)");
    case Operation::Timer: return QStringLiteral("async_wait(handler, dispatcher)");
    default: return QStringLiteral("async_%1(handler, dispatcher)").arg(text(words(operation)));
    }
}

QString completion(const Event& event) {
    const auto kind = kindText<Operation>(event);
    if (event.value() < 0) {
        return QStringLiteral("%1 fails: %2").arg(kind, failure(event.value()));
    }
    return event.kindAs<Operation>() == Operation::Accept
               ? QStringLiteral("accept done")
               : QStringLiteral("%1 done, %2").arg(kind, octets(event.value()));
}

QString hookWords(const Event& event, const MessagePast& past) {
    const auto hook = kindText<Hook>(event);
    const bool tells = past.result && *past.result >= 0 && event.kindAs<Hook>() != Hook::HandleAccept;
    return tells ? QStringLiteral("%1(%2)").arg(hook, octets(*past.result)) : hook + QStringLiteral("()");
}

QString clientWords(const Event& event, const Glossary& glossary) {
    switch (event.type()) {
    case EventType::ClientConnecting: return QStringLiteral("connect");
    case EventType::ClientConnected: return QStringLiteral("connected");
    case EventType::ClientRequestSent:
        return QStringLiteral("GET ") + text(glossary.name(static_cast<NameId>(event.value())));
    case EventType::ClientFirstByte: return QStringLiteral("first octet");
    case EventType::ClientResponseReceived: return QStringLiteral("response, %1").arg(octetsText(event.value()));
    case EventType::ClientFailed: return QStringLiteral("fails: %1").arg(kindText<ClientFailure>(event));
    default: return QStringLiteral("close");
    }
}

QString handlerWords(const Event& event, const Glossary& glossary) {
    switch (event.type()) {
    case EventType::ConnectionAccepted: return QStringLiteral("create handler #%1").arg(event.connection);
    case EventType::ConnectionClosed: return QStringLiteral("close: %1").arg(kindText<CloseReason>(event));
    case EventType::DeadlineExpired: return QStringLiteral("time limit: %1").arg(kindText<Deadline>(event));
    case EventType::RequestParsed:
        return QStringLiteral("parse: %1, %2").arg(kindText<Method>(event), octets(event.value()));
    case EventType::FileFound:
        return QStringLiteral("find %1: %2")
            .arg(text(glossary.name(static_cast<NameId>(event.value()))), kindText<FileSource>(event));
    case EventType::ResponseStarted:
        if (responseStatus(event.value()) == 0) {
            return QStringLiteral("send back %1").arg(octetsText(responseOctets(event.value())));
        }
        return QStringLiteral("response %1, %2")
            .arg(responseStatus(event.value()))
            .arg(octetsText(responseOctets(event.value())));
    case EventType::ResponseSent: return QStringLiteral("response sent, %1").arg(octetsText(event.value()));
    default: {
        const auto detail = eventDetail(event, glossary);
        return detail.isEmpty() ? text(words(event.type())) : text(words(event.type())) + QStringLiteral(": ") + detail;
    }
    }
}

} // namespace

QString messageWords(const Event& event, const Glossary& glossary, const MessagePast& past) {
    if (isTraffic(event.type())) {
        return clientWords(event, glossary);
    }
    switch (event.type()) {
    case EventType::ThreadStarted: return QStringLiteral("a thread begins for it");
    case EventType::CallEntered: return callWords(event, glossary);
    case EventType::CallLeft: return resultWords(event, glossary);
    case EventType::CallPerformed:
        return QStringLiteral("%1: %2").arg(kindText<SystemCall>(event), resultWords(event, glossary));
    case EventType::HandlerRegistered: return QStringLiteral("register_handler(%1)").arg(kindText<Interest>(event));
    case EventType::HandlerRemoved: return QStringLiteral("remove_handler()");
    case EventType::InterestChanged: return QStringLiteral("change_interest(%1)").arg(kindText<Interest>(event));
    case EventType::HandleReady: return QStringLiteral("ready: %1").arg(kindText<Interest>(event));
    case EventType::HookEntered: return hookWords(event, past);
    case EventType::HookLeft: return QStringLiteral("returns");
    case EventType::OperationInitiated: return initiation(event.kindAs<Operation>());
    case EventType::OperationCompleted: return completion(event);
    case EventType::QueuePushed:
        return event.kindAs<Queue>() == Queue::Completion
                   ? QStringLiteral("queue the result, depth %1").arg(event.value())
                   : QStringLiteral("into the %1, depth %2").arg(kindText<Queue>(event)).arg(event.value());
    case EventType::QueuePopped:
        return past.waited ? QStringLiteral("take it, waited %1").arg(durationText(static_cast<double>(*past.waited)))
                           : QStringLiteral("take it");
    default: return handlerWords(event, glossary);
    }
}

} // namespace lab
