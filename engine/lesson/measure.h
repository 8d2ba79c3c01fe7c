// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "engine/lesson/moment.h"
#include "engine/state/lab_state.h"
#include "engine/trace/recording.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// What a measure looks at: a recording, from the page's stop to the question's.
struct MeasureContext {
    std::shared_ptr<const Recording> recording;
    std::size_t from = 0; ///< the page's stop: index of its event
    std::size_t at = 0;   ///< the question's stop: index of its event; the same as `from` where it has none

    /// The fold of all events up to and with `at`.
    LabState state() const;
    /// Calls `use` for each event up to and with `at`, in order, with its index and its thread's name.
    void forEach(const std::function<void(std::size_t, const Event&, const std::string&)>& use) const;
};

struct Measure;

/// What a measure gives: a number in digits, "yes" or "no", or a name.
struct Measured {
    std::string text;
};

/// A way in which a question's answer is found from the run itself. One entry here is one word of the lessons'
/// language, documented in lessons/README.md.
struct MeasureKind {
    std::string_view id;   ///< "threads-blocked"
    std::string_view form; ///< how it is written: "threads-blocked [CALL]"
    std::string_view about;
    std::size_t moments = 0;               ///< how many it takes, with a comma between two
    std::vector<std::string> (*choices)(); ///< the words that it may take instead; null: none
    bool wordNeeded = false;               ///< one of them must be there
    bool isNumber = true;                  ///< what comes out; otherwise words
    Result<Measured> (*value)(const MeasureContext& context, const Measure& measure);
};

/// All of them, in the order of the documentation.
std::span<const MeasureKind> measureKinds();

/// An answer's expression: a measure, or, over all runs of the lesson so far, the run with its highest or lowest.
struct Measure {
    enum class Across : std::uint8_t { One, Highest, Lowest };
    Across across = Across::One;
    const MeasureKind* kind = nullptr;
    std::vector<Moment> moments;
    std::string word;
    std::string text; ///< as written

    /// "threads-blocked accept", "same-thread completion, hook-entered", "lowest total blocked".
    static Result<Measure> parse(std::string_view text);

    /// Error: it cannot be told, and why.
    Result<Measured> evaluate(const MeasureContext& context) const { return kind->value(context, *this); }
};

} // namespace lab
