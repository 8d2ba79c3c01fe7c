// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_words.h"
#include "engine/lesson/measure.h"
#include "engine/trace/site.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace lab {

namespace {

template <typename Enum>
std::vector<std::string> wordsOfAll() {
    std::vector<std::string> all;
    for (std::size_t value = 1; value < static_cast<std::size_t>(Enum::Count); ++value) {
        all.push_back(hyphenated(words(static_cast<Enum>(value))));
    }
    return all;
}

template <typename Number>
Result<Measured> number(Number value) {
    return Measured{std::to_string(value)};
}

Result<Measured> yesOrNo(bool yes) { return Measured{yes ? "yes" : "no"}; }

// Of the state.

template <typename Chosen>
std::size_t serverThreads(const MeasureContext& context, const Chosen& chosen) {
    const auto state = context.state();
    std::size_t count = 0;
    for (const auto& [actor, thread] : state.threads) {
        count += thread.isServer && chosen(thread) ? 1 : 0;
    }
    return count;
}

Result<Measured> threadsBlocked(const MeasureContext& context, const Measure& measure) {
    return number(serverThreads(context, [&](const ThreadState& thread) {
        return thread.activity == Activity::InCall &&
               (measure.word.empty() || hyphenated(words(thread.call)) == measure.word);
    }));
}

Result<Measured> threadsRunning(const MeasureContext& context, const Measure&) {
    return number(
        serverThreads(context, [](const ThreadState& thread) { return thread.activity == Activity::Running; }));
}

Result<Measured> operationsInKernel(const MeasureContext& context, const Measure& measure) {
    const auto state = context.state();
    std::size_t count = 0;
    for (const auto& [id, operation] : state.operations) {
        count += operation.phase == OperationPhase::InKernel &&
                         (measure.word.empty() || hyphenated(words(operation.kind)) == measure.word)
                     ? 1
                     : 0;
    }
    return number(count);
}

Result<Measured> backlog(const MeasureContext& context, const Measure&) {
    const auto state = context.state();
    std::size_t count = 0;
    for (const auto& [id, client] : state.clients) {
        count += client.connected && !client.accepted ? 1 : 0;
    }
    return number(count);
}

Result<Measured> queueDepth(const MeasureContext& context, const Measure& measure) {
    const auto state = context.state();
    const auto is = [&](Queue queue) { return measure.word == hyphenated(words(queue)); };
    const auto& queue = is(Queue::Completion) ? state.completionQueue
                        : is(Queue::Ready)    ? state.readyQueue
                        : is(Queue::Returned) ? state.returnQueue
                                              : state.acceptQueue;
    return number(queue.items.size());
}

// Of the events.

struct Found {
    std::size_t index = 0;
    Event event{};
    std::string thread;
};

/// The last event at or before the question's stop that the moment names.
Result<Found> last(const MeasureContext& context, const Moment& moment) {
    std::optional<Found> found;
    context.forEach([&](std::size_t index, const Event& event, const std::string& thread) {
        if (moment.matches(event, thread)) {
            found = Found{index, event, thread};
        }
    });
    if (!found) {
        return Error{"there was no \"" + moment.text + "\""};
    }
    return *found;
}

Result<Measured> fromLast(const MeasureContext& context, const Measure& measure, std::string (*tell)(const Found&)) {
    const auto found = last(context, measure.moments.front());
    return found ? Result<Measured>(Measured{tell(*found)}) : found.error();
}

template <bool fromStop>
Result<Measured> count(const MeasureContext& context, const Measure& measure) {
    std::size_t times = 0;
    context.forEach([&](std::size_t index, const Event& event, const std::string& thread) {
        times += (!fromStop || index > context.from) && measure.moments.front().matches(event, thread) ? 1 : 0;
    });
    return number(times);
}

Result<Measured> threadsOf(const MeasureContext& context, const Measure& measure) {
    std::set<std::string> threads;
    context.forEach([&](std::size_t, const Event& event, const std::string& thread) {
        if (measure.moments.front().matches(event, thread)) {
            threads.insert(thread);
        }
    });
    return number(threads.size());
}

Result<Measured> roleOf(const MeasureContext& context, const Measure& measure) {
    const auto found = last(context, measure.moments.front());
    if (!found) {
        return found.error();
    }
    const auto sites = context.recording->sites();
    const auto site = found->event.site;
    return Measured{std::string(words(site < sites.size() ? sites[site].role : Role::None))};
}

template <typename Compare>
Result<Measured> comparing(const MeasureContext& context, const Measure& measure, const Compare& compare) {
    const auto one = last(context, measure.moments.front());
    const auto other = last(context, measure.moments.back());
    if (!one || !other) {
        return !one ? one.error() : other.error();
    }
    return yesOrNo(compare(*one, *other));
}

Result<Measured> sameThread(const MeasureContext& context, const Measure& measure) {
    return comparing(context, measure, [](const Found& one, const Found& other) { return one.thread == other.thread; });
}

Result<Measured> before(const MeasureContext& context, const Measure& measure) {
    return comparing(context, measure, [](const Found& one, const Found& other) { return one.index < other.index; });
}

/// Operations that completed although one that was initiated before them was still under way.
Result<Measured> overtaking(const MeasureContext& context, const Measure& measure) {
    std::map<std::uint32_t, std::size_t> underWay; // by operation: index of its initiation
    std::size_t times = 0;
    context.forEach([&](std::size_t index, const Event& event, const std::string&) {
        if (!measure.word.empty() && measure.word != kindWord(event)) {
            return;
        }
        if (event.type() == EventType::OperationInitiated) {
            underWay[event.operation] = index;
        } else if (event.type() == EventType::OperationCompleted && underWay.contains(event.operation)) {
            const auto begun = underWay[event.operation];
            underWay.erase(event.operation);
            times += std::any_of(underWay.begin(), underWay.end(), [&](const auto& o) { return o.second < begun; });
        }
    });
    return number(times);
}

constexpr auto measureKindList = std::to_array<MeasureKind>({
        // What there is at the stop.
        {"threads-alive", "threads-alive", "how many threads the server has", 0, nullptr, false, true,
         [](const MeasureContext& context, const Measure&) { return number(context.state().totals.threadsAlive); }},
        {"threads-blocked", "threads-blocked [CALL]",
         "how many of the server's threads are blocked in a system call, or in this one", 0, wordsOfAll<SystemCall>,
         false, true, threadsBlocked},
        {"threads-running", "threads-running", "how many of the server's threads are not blocked", 0, nullptr, false,
         true, threadsRunning},
        {"connections-open", "connections-open", "how many connections are open", 0, nullptr, false, true,
         [](const MeasureContext& context, const Measure&) { return number(context.state().connections.size()); }},
        {"backlog", "backlog", "how many clients are connected and not accepted yet", 0, nullptr, false, true, backlog},
        {"operations-in-kernel", "operations-in-kernel [OPERATION]",
         "how many operations, or operations of this kind, are being performed", 0, wordsOfAll<Operation>, false, true,
         operationsInKernel},
        {"queue-depth", "queue-depth QUEUE", "how many items wait in the queue", 0, wordsOfAll<Queue>, true, true,
         queueDepth},
        {"handle-set", "handle-set", "how many handles the Initiation Dispatcher watches", 0, nullptr, false, true,
         [](const MeasureContext& context, const Measure&) { return number(context.state().handleSet); }},
        {"requests-answered", "requests-answered", "how many requests have been answered", 0, nullptr, false, true,
         [](const MeasureContext& context, const Measure&) { return number(context.state().totals.requests); }},
        // What has happened until then.
        {"count", "count MOMENT", "how often it has happened after the page's stop, up to the question's", 1, nullptr,
         false, true, count<true>},
        {"total", "total MOMENT", "how often it has happened since the run's start", 1, nullptr, false, true,
         count<false>},
        {"threads-of", "threads-of MOMENT", "how many different threads have done it since the run's start", 1, nullptr,
         false, true, threadsOf},
        {"overtaking", "overtaking [OPERATION]",
         "how many operations completed before one that was initiated earlier", 0, wordsOfAll<Operation>, false, true,
         overtaking},
        {"octets-of", "octets-of MOMENT", "the value of the last such event: octets, or a result", 1, nullptr, false,
         true,
         [](const MeasureContext& context, const Measure& measure) {
             return fromLast(context, measure, [](const Found& found) { return std::to_string(found.event.value()); });
         }},
        {"connection-of", "connection-of MOMENT", "the number of the connection (or client) of the last such event", 1,
         nullptr, false, true,
         [](const MeasureContext& context, const Measure& measure) {
             return fromLast(context, measure, [](const Found& found) { return std::to_string(found.event.connection); });
         }},
        {"thread-of", "thread-of MOMENT", "the name of the thread that made the last such event", 1, nullptr, false,
         false,
         [](const MeasureContext& context, const Measure& measure) {
             return fromLast(context, measure, [](const Found& found) { return found.thread; });
         }},
        {"what-of", "what-of MOMENT", "what the last such event says: the call, the hook, the operation", 1, nullptr,
         false, false,
         [](const MeasureContext& context, const Measure& measure) {
             return fromLast(context, measure, [](const Found& found) { return kindWord(found.event); });
         }},
        {"role-of", "role-of MOMENT", "the participant that the last such event tells of, as the papers name it", 1,
         nullptr, false, false, roleOf},
        {"same-thread", "same-thread MOMENT, MOMENT",
         "yes or no: whether one thread made both, the last of each", 2, nullptr, false, false, sameThread},
        {"before", "before MOMENT, MOMENT", "yes or no: whether the first came before the second, the last of each", 2,
         nullptr, false, false, before},
});

} // namespace

std::span<const MeasureKind> measureKinds() { return measureKindList; }

} // namespace lab
