// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/trace/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// One turn: which of the server's threads went, and the pattern event that it made.
struct Turn {
    std::string thread; ///< its name: "worker 2"
    EventType type = EventType::Count;
    std::uint8_t kind = 0;
    std::uint32_t connection = 0;
    std::uint32_t operation = 0;

    friend bool operator==(const Turn&, const Turn&) = default;
    std::string words() const; ///< "worker 2: hook entered, connection 3, operation 14"
};

/// The order in which a server's threads took their turns at the gate, from the server's start on, and what has to
/// be the same for it to be followed: model, options, scenario, seed.
struct Schedule {
    std::string model;
    std::string scenario; ///< id
    std::uint64_t seed = 0;
    unsigned threads = 0; ///< as given; 0: the model's own number
    std::vector<Turn> turns;

    /// JSON, documented in docs/schedules.md. Errors name file, line and field.
    static Result<Schedule> read(const std::string& file);
    static Result<Schedule> parse(std::string_view text, const std::string& nameForErrors);
    Result<void> write(const std::string& file) const;
    std::string text() const;
};

/// Where a run could no longer follow its schedule.
struct Divergence {
    std::size_t turn = 0; ///< index into Schedule::turns
    std::string why;      ///< "turn 212 wants worker 2: ..., but worker 2 is about to ..." or "... never came"
};

} // namespace lab
