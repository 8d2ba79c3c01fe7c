// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lab {

/// What an octet may be part of (RFC 9110 section 5.5 and 5.6, RFC 9112 section 3). A bit set.
enum CharacterClass : std::uint8_t {
    TokenCharacter = 1,  ///< of a method or a field name
    TargetCharacter = 2, ///< of a request line: visible ASCII and the space
    ValueCharacter = 4,  ///< of a field value: visible, obs-text, space and tab; no control character
    DigitCharacter = 8,
    HexadecimalCharacter = 16,
    LetterCharacter = 32
};

namespace detail {
constexpr std::array<std::uint8_t, 256> classifyCharacters() {
    std::array<std::uint8_t, 256> classes{};
    for (unsigned c = 0; c < 256; ++c) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool hexadecimal = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        const bool visible = c > 0x20 && c < 0x7f;
        const bool punctuation =
            c < 0x80 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
        classes[c] = static_cast<std::uint8_t>(
            (digit || letter || punctuation ? TokenCharacter : 0) | (visible || c == ' ' ? TargetCharacter : 0) |
            (visible || c == ' ' || c == '\t' || c >= 0x80 ? ValueCharacter : 0) | (digit ? DigitCharacter : 0) |
            (hexadecimal ? HexadecimalCharacter : 0) | (letter ? LetterCharacter : 0));
    }
    return classes;
}
inline constexpr auto characterClasses = classifyCharacters();
} // namespace detail

inline bool isOf(CharacterClass wanted, char character) {
    return (detail::characterClasses[static_cast<unsigned char>(character)] & wanted) != 0;
}

/// True when every octet of `text` is of that class; true for an empty text.
inline bool allOf(CharacterClass wanted, std::string_view text) {
    for (const char character : text) {
        if (!isOf(wanted, character)) {
            return false;
        }
    }
    return true;
}

/// The value of a hexadecimal digit.
inline unsigned hexadecimalValue(char digit) {
    return static_cast<unsigned>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

/// Compares without regard to the case of ASCII letters, whatever the locale.
inline bool equalsIgnoringCase(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) {
        return false;
    }
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (lower(left[i]) != lower(right[i])) {
            return false;
        }
    }
    return true;
}

/// Without optional white space (RFC 9110 section 5.6.3) at both ends.
inline std::string_view withoutOuterSpace(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes the first element off a comma-separated list (RFC 9110 section 5.6.1) without quoted strings in it.
inline std::string_view takeListElement(std::string_view& list) {
    const auto comma = list.find(',');
    const auto element = withoutOuterSpace(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    return element;
}

} // namespace lab
