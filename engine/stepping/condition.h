// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/event.h"
#include "engine/trace/recording.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lab {

/// Something that a run can be driven to: "queue-depth >= 3".
///
/// As text: `time >= SECONDS`, `event >= NUMBER`, `thread is NAME`, `queue-depth >= N`, `connections >= N`,
/// `latency >= MILLISECONDS` (of a request, from its being parsed to its response sent), or a StepKind's id.
struct Condition {
    enum class Kind : std::uint8_t { Step, Time, EventNumber, Thread, QueueDepth, Connections, Latency };
    Kind kind = Kind::Step;
    std::string step = "event"; ///< Kind::Step: the StepKind's id
    std::string thread;         ///< Kind::Thread: the thread's name
    double value = 0;           ///< s, number, depth, connections or ms

    static Result<Condition> parse(std::string_view text); ///< the error says what is wrong, and lists what there is
    std::string text() const;                              ///< parse() gives it back
    std::string words() const;                             ///< "until 3 completions wait in a queue"
};

/// Tells whether a condition holds, event by event. The first event after which it holds ends a run.
/// Threads: one at a time. Fed with every event from the recording's begin on, or with those from `state` on.
class ConditionWatch {
public:
    /// `next`: number of the event that apply() is first called with. `actorOf(name)` finds a thread's actor.
    ConditionWatch(Condition condition, std::size_t next);

    /// True when the condition holds after `event`. `nanoseconds`: its time since the trace began; `threadName`: of
    /// the thread that recorded it.
    bool apply(const Event& event, std::uint64_t nanoseconds, std::string_view threadName);

    const Condition& condition() const { return m_condition; }

private:
    Condition m_condition;
    std::size_t m_next;
    std::int64_t m_connections = 0;
    boost::unordered_flat_map<std::uint32_t, std::uint64_t> m_parsedAt; ///< by connection
};

} // namespace lab
