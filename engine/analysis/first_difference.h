// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/recording.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace lab {

/// How far two recordings tell of the same order of pattern events.
///
/// Pattern events are those of the server's threads, up to where the run was ended, without times and values: what a
/// schedule is made of. Threads of a pool are interchangeable: each of one recording is taken for one of the other.
struct PatternComparison {
    std::size_t same = 0;             ///< pattern events that are alike, from the begin on
    std::optional<std::size_t> inA{}; ///< index of the first event that differs; nothing: there are no more
    std::optional<std::size_t> inB{};
    std::vector<std::size_t> beforeA{}; ///< indices of the last ones that are alike, oldest first
    std::vector<std::size_t> beforeB{};

    bool isSame() const { return !inA && !inB; }
};

/// Whether a thread of this name takes turns: neither the lab's own threads nor the traffic's do.
bool takesTurns(std::string_view thread);

/// `before`: how many of the events before the difference are wanted.
PatternComparison comparePatterns(const Recording& a, const Recording& b, std::size_t before = 5);

} // namespace lab
