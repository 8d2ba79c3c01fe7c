// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/challenge/challenge.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace lab {

struct SearchProgress {
    std::size_t states = 0; ///< different ones met so far
    std::size_t steps = 0;  ///< how many steps from the beginning they are
};

struct SearchResult {
    std::optional<std::vector<std::size_t>> order; ///< the threads, step by step; none: no order shows the fault
    std::size_t states = 0;                        ///< different ones met
    std::size_t steps = 0;                         ///< the longest way to one of them
    bool cancelled = false;                        ///< then that there is no order says nothing
};

/// Looks for the shortest order of steps in which the fault shows itself: all states of n steps before any of n + 1, a
/// state met on two ways only once. That it finds none, not cancelled, is a proof: every state was met.
/// `progress` is called now and then, on the calling thread.
SearchResult findShortest(const Challenge& challenge, Variant variant, std::stop_token stop = {},
                          const std::function<void(const SearchProgress&)>& progress = {});

} // namespace lab
