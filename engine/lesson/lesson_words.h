// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// "queue wait" as "queue-wait": one word where a lesson needs one.
std::string hyphenated(std::string_view text);

/// The words between white space.
std::vector<std::string> splitWords(std::string_view text);

/// The whole of `text` as a number; nothing otherwise.
std::optional<std::int64_t> wholeNumber(std::string_view text);

/// What is before and behind the first `separator`, trimmed; `second` is empty without one.
struct SplitText {
    std::string_view first;
    std::string_view second;
    bool found = false;
};
SplitText splitAt(std::string_view text, char separator);

} // namespace lab
