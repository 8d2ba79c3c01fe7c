// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/byte_ranges.h"

#include "engine/http/characters.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace lab {

namespace {

constexpr std::size_t maximumRanges = 16;

/// Digits as a number; the largest there is when it is larger. Nothing when there is none, or another character.
std::optional<std::int64_t> readNumber(std::string_view digits) {
    if (digits.empty() || !allOf(DigitCharacter, digits)) {
        return std::nullopt;
    }
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    std::int64_t number = 0;
    for (const char digit : digits) {
        if (number > (largest - 9) / 10) {
            return largest;
        }
        number = number * 10 + (digit - '0');
    }
    return number;
}

/// Reads one range-spec and adds the range unless it lies beyond the end. False: malformed.
bool addRange(std::string_view text, std::int64_t size, std::vector<ByteRange>& ranges) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) {
        return false;
    }
    if (dash == 0) {
        const auto suffix = readNumber(text.substr(1));
        if (suffix && *suffix > 0 && size > 0) {
            ranges.push_back({size - std::min(*suffix, size), size - 1});
        }
        return suffix.has_value();
    }
    const auto first = readNumber(text.substr(0, dash));
    const auto lastText = text.substr(dash + 1);
    const auto last = lastText.empty() ? std::numeric_limits<std::int64_t>::max() : readNumber(lastText);
    if (!first || !last || *last < *first) {
        return false;
    }
    if (*first < size) {
        ranges.push_back({*first, std::min(*last, size - 1)});
    }
    return true;
}

} // namespace

RangeRequest readRanges(std::string_view field, std::int64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!equalsIgnoringCase(field.substr(0, unit.size()), unit)) {
        return {};
    }
    auto list = field.substr(unit.size());
    std::vector<ByteRange> ranges;
    std::size_t specs = 0;
    do {
        const auto text = takeListElement(list);
        if (text.empty()) {
            continue; // empty list elements are to be passed over
        }
        if (++specs > maximumRanges || !addRange(text, size, ranges)) {
            return {};
        }
    } while (!list.empty());
    if (specs == 0) {
        return {};
    }
    if (ranges.empty()) {
        return {RangeRequest::Kind::Unsatisfiable, {}};
    }
    std::int64_t octets = 0;
    for (const auto& range : ranges) {
        octets += range.octets();
        if (octets > size) {
            return {};
        }
    }
    return {RangeRequest::Kind::Parts, std::move(ranges)};
}

std::string contentRange(const ByteRange& range, std::int64_t size) {
    return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size);
}

} // namespace lab
