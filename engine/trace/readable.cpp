// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/readable.h"

#include <array>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <utility>

namespace lab {

std::string readableNumber(std::int64_t number) {
    auto text = std::to_string(number);
    const std::ptrdiff_t first = number < 0 ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return text;
}

std::string readableDuration(std::uint64_t nanoseconds) {
    struct Unit {
        double nanoseconds;
        const char* name;
    };
    static constexpr std::array units{Unit{1, "ns"}, Unit{1e3, "µs"}, Unit{1e6, "ms"}, Unit{1e9, "s"}};
    std::size_t unit = 0;
    // 999.6 µs are 1 ms to a reader.
    while (unit + 1 < units.size() && static_cast<double>(nanoseconds) >= 0.9995 * units[unit + 1].nanoseconds) {
        ++unit;
    }
    const double figure = static_cast<double>(nanoseconds) / units[unit].nanoseconds;
    std::array<char, 32> text{};
    const int decimals = unit == 0 || figure >= 99.95 ? 0 : figure >= 9.995 ? 1 : 2;
    std::snprintf(text.data(), text.size(), "%.*f", decimals, figure);
    std::string result(text.data());
    if (const auto point = result.find_first_of(".,"); point != std::string::npos) {
        result[point] = '.';
        while (result.back() == '0') {
            result.pop_back();
        }
        if (result.back() == '.') {
            result.pop_back();
        }
    }
    return result + " " + units[unit].name;
}

std::string readableOctets(std::int64_t octets) {
    return octets == 1 ? std::string("1 octet") : readableNumber(octets) + " octets";
}

std::string readableSignal(int number) {
    const auto* name = number > 0 && number < 65 ? ::strsignal(number) : nullptr;
    return std::to_string(number) + (name != nullptr ? " (" + std::string(name) + ")" : std::string());
}

std::string readableError(int errorNumber) {
    std::array<char, 128> buffer{};
    std::string text(::strerror_r(errorNumber, buffer.data(), buffer.size()));
    // In the middle of a sentence; but "RPC" and such stay.
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    }
    return text;
}

std::string readableCount(std::uint64_t count, std::string_view one, std::string_view several) {
    static constexpr std::array<std::string_view, 13> words{"no",    "one",   "two",  "three", "four",   "five",  "six",
                                                            "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    const auto number =
        count < words.size() ? std::string(words[count]) : readableNumber(static_cast<std::int64_t>(count));
    return number + " " + std::string(count == 1 ? one : several);
}

std::string sentenceStart(std::string text) {
    if (!text.empty()) {
        text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    }
    return text;
}

} // namespace lab
