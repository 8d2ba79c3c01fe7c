// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_words.h"

#include "engine/base/text_file.h"

#include <algorithm>
#include <charconv>

namespace lab {

namespace {

constexpr std::string_view whiteSpace = " \t\r";

} // namespace

std::string hyphenated(std::string_view text) {
    std::string made(text);
    std::replace(made.begin(), made.end(), ' ', '-');
    return made;
}

std::vector<std::string> splitWords(std::string_view text) {
    std::vector<std::string> all;
    for (text = trimmed(text); !text.empty();) {
        const auto end = std::min(text.find_first_of(whiteSpace), text.size());
        all.emplace_back(text.substr(0, end));
        text = trimmed(text.substr(end));
    }
    return all;
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

SplitText splitAt(std::string_view text, char separator) {
    const auto place = text.find(separator);
    if (place == std::string_view::npos) {
        return {trimmed(text), {}, false};
    }
    return {trimmed(text.substr(0, place)), trimmed(text.substr(place + 1)), true};
}

} // namespace lab
