// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/request.h"

#include <ctime>
#include <string_view>

namespace lab {

/// What a file is compared by (RFC 9110 section 8.8).
struct Validators {
    std::string_view entityTag; ///< strong, with its quotes
    std::time_t modified = 0;
};

/// What the conditions of a GET or HEAD request on an existing file come to, in the order of RFC 9110 section 13.2.2:
/// 412, 304, or 0 to go on. A date that cannot be read is no condition.
unsigned evaluatePreconditions(const Preconditions& conditions, const Validators& file, std::time_t now);

/// True when Range is to be heard: If-Range is absent, or names this very version of the file (section 13.1.5).
bool ifRangeHolds(const Preconditions& conditions, const Validators& file, std::time_t now);

} // namespace lab
