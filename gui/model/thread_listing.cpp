// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/model/thread_listing.h"

#include "gui/model/number_text.h"
#include "gui/model/text.h"
#include "gui/model/turn_wait.h"

#include <algorithm>

namespace lab {

namespace {

/// How far back the event is looked for at which a thread last went on.
constexpr std::size_t farBack = 50'000;

QString owner(std::uint32_t connection) {
    return connection == 0 ? QStringLiteral("the acceptor") : QStringLiteral("#%1").arg(connection);
}

QString counted(std::size_t count, const char* one, const char* many) {
    return count == 1 ? QString::fromLatin1(one)
                      : QStringLiteral("%1 %2").arg(countText(count), QString::fromLatin1(many));
}

QString waitFor(const ThreadState& thread, const LabState& state, std::string_view place) {
    switch (thread.call) {
    case SystemCall::Accept: return QStringLiteral("for a client to connect");
    case SystemCall::Read: return QStringLiteral("for octets of %1").arg(owner(thread.connection));
    case SystemCall::Write:
    case SystemCall::Writev:
    case SystemCall::Sendfile:
    case SystemCall::Splice: return QStringLiteral("for room in the socket of %1").arg(owner(thread.connection));
    case SystemCall::QueueWait: return turnWaitAt(place).what;
    case SystemCall::Sleep: return QStringLiteral("for the time of a delay to pass");
    case SystemCall::WaitForProcess: return QStringLiteral("for one of its processes to end");
    case SystemCall::IoUringEnter:
    case SystemCall::AioSuspend:
    case SystemCall::Select:
    case SystemCall::Poll:
    case SystemCall::Epoll:
        if (state.handleSet > 0) {
            return QStringLiteral("for %1").arg(counted(static_cast<std::size_t>(state.handleSet), "its one handle",
                                                        "handles, whichever is ready first"));
        }
        return QStringLiteral("for something to perform: %1 outstanding")
            .arg(counted(state.operations.size(), "1 operation", "operations"));
    default: return {};
    }
}

QString whatItDoes(const ThreadState& thread, const LabState& state, const RecordingFollower& follower) {
    if (thread.activity == Activity::InCall) {
        const auto call = thread.call == SystemCall::QueueWait
                              ? QStringLiteral("waits")
                              : QStringLiteral("waits in %1").arg(text(words(thread.call)));
        const auto& view = follower.view();
        const bool kept = thread.lastEvent >= view.first() && thread.lastEvent < view.end();
        const auto place =
            kept ? std::string_view(follower.glossary().site(view[thread.lastEvent].site).name) : std::string_view();
        return call + QLatin1Char(' ') + waitFor(thread, state, place);
    }
    if (thread.hook != Hook::None) {
        return QStringLiteral("runs %1 of %2").arg(text(words(thread.hook)), owner(thread.connection));
    }
    const auto work = thread.work == Work::None ? QString() : QStringLiteral(": ") + text(words(thread.work));
    return thread.connection == 0 ? QStringLiteral("runs") + work
                                  : QStringLiteral("runs%1, for #%2").arg(work).arg(thread.connection);
}

ThreadTime timeOf(const ThreadState& thread, std::uint64_t now) {
    const auto since = now - std::min(now, thread.since);
    const bool waits = thread.activity == Activity::InCall;
    ThreadTime time;
    time.waiting = thread.blocked + (waits ? since : 0);
    const auto upstairs = thread.busy + (waits ? 0 : since);
    time.runnable = std::min(thread.processorWait, upstairs);
    time.running = upstairs - time.runnable;
    return time;
}

/// Where the thread last came out of a call that may block, or began.
std::optional<std::size_t> lastWoken(const ThreadState& thread, const RecordingView& view, std::size_t position) {
    const auto high = std::min({thread.lastEvent + 1, position, view.end()});
    const auto low = std::max(view.first(), high - std::min(high, farBack));
    for (auto index = high; index > low; --index) {
        const auto& event = view[index - 1];
        if (event.actor == thread.actor &&
            (event.type() == EventType::CallLeft || event.type() == EventType::ThreadStarted)) {
            return index - 1;
        }
    }
    return std::nullopt;
}

void findWaker(ThreadRow& row, const ThreadState& thread, const LabState& state, const RecordingFollower& follower) {
    row.woken = lastWoken(thread, follower.view(), state.next);
    if (!row.woken) {
        return;
    }
    row.begun = follower.view()[*row.woken].type() == EventType::ThreadStarted;
    const WakerOfEvent wakers(follower.view(), [&](std::uint32_t connection) {
        const auto* known = state.connections.get(connection);
        return known != nullptr ? known->client : 0;
    });
    row.waker = wakers.of(*row.woken);
    if (row.waker) {
        const auto& event = follower.view()[row.waker->event];
        row.wokenBy =
            QStringLiteral("%1: %2").arg(QString::fromStdString(follower.nameOfThread(event.actor, row.waker->event)),
                                         text(words(row.waker->cause)));
    }
}

} // namespace

ThreadListing listThreads(const LabState& state, const RecordingFollower& follower, std::size_t first,
                          std::size_t maximumRows) {
    ThreadListing listing;
    listing.heldIsToldApart = !follower.glossary().info.paced;
    listing.runnableIsKnown = state.totals.threadsSampled > 0;
    for (const auto& [actor, thread] : state.threads) {
        if (!thread.isServer || thread.isClient) {
            continue;
        }
        const auto place = listing.all++;
        if (place < first || listing.rows.size() >= maximumRows) {
            continue;
        }
        ThreadRow row;
        row.actor = actor;
        row.name = QString::fromStdString(threadName(actor, state, follower.glossary()));
        row.waits = thread.activity == Activity::InCall;
        row.work = thread.work;
        row.what = whatItDoes(thread, state, follower);
        row.since = state.time - std::min(state.time, thread.since);
        row.time = timeOf(thread, state.time);
        findWaker(row, thread, state, follower);
        listing.rows.push_back(std::move(row));
    }
    return listing;
}

} // namespace lab
