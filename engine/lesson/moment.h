// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/stepping/condition.h"
#include "engine/stepping/step_kind.h"
#include "engine/trace/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// Whether the event's `connection` is a client's number and not a connection's of the server.
bool isOfTraffic(EventType type);

/// What the event's kind says, as lessons write it: "handle_read", "epoll_wait", "completion-queue"; empty where
/// events of its type have none.
std::string kindWord(const Event& event);

/// Something that happens, as a lesson names it: KIND [WHAT] [of connection N | of client N] [by THREAD].
///
/// KIND is a step's id ("completion") or an event's name with hyphens ("operation-initiated"); WHAT is the event's
/// kindWord(). "hook-entered handle_read of connection 1 by dispatcher-2".
struct Moment {
    const StepKind* step = nullptr;      ///< one of these two
    EventType type = EventType::Count;   ///< one of these two
    std::string what;                    ///< empty: any
    std::optional<std::uint32_t> number; ///< of the connection or the client; none: any
    bool ofClient = false;
    std::string thread; ///< empty: any
    std::string text;   ///< as written

    /// Error: what is not understood, and what there is.
    static Result<Moment> parse(std::string_view text);

    bool matches(const Event& event, std::string_view threadName) const;
};

/// Where a page stops: a moment, or a condition of the stepper such as "queue-depth >= 2".
struct LessonStop {
    std::string text;                   ///< as written
    std::optional<Condition> condition; ///< else the moment
    Moment moment;
    std::size_t line = 0;

    static Result<LessonStop> parse(std::string_view text);

    /// What the stepper is to run to: never past the first event at which this stop may hold.
    Condition driver() const;
};

} // namespace lab
