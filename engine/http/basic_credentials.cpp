// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/basic_credentials.h"

#include "engine/http/characters.h"

#include <algorithm>
#include <cstdint>

namespace lab {

namespace {

constexpr std::string_view base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool hasControls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char letter) {
        const auto octet = static_cast<unsigned char>(letter);
        return octet < ' ' || octet == 0x7f;
    });
}

} // namespace

std::optional<std::string> decodeBase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    std::string decoded;
    decoded.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isPadding = i + padding >= text.size();
        const auto value = isPadding ? 0 : base64Alphabet.find(text[i]);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if (i % 4 == 3) {
            decoded.push_back(static_cast<char>(bits >> 16 & 0xff));
            decoded.push_back(static_cast<char>(bits >> 8 & 0xff));
            decoded.push_back(static_cast<char>(bits & 0xff));
            bits = 0;
        }
    }
    for (unsigned i = 0; i < padding; ++i) {
        if (decoded.back() != '\0') { // bits behind the last octet: the same text could be written in several ways
            return std::nullopt;
        }
        decoded.pop_back();
    }
    return decoded;
}

std::optional<BasicCredentials> readBasicCredentials(std::string_view authorization) {
    const auto space = std::min(authorization.find(' '), authorization.size());
    if (!equalsIgnoringCase(authorization.substr(0, space), "Basic")) {
        return std::nullopt;
    }
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' ', space), authorization.size()));
    const auto decoded = decodeBase64(authorization);
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos || hasControls(*decoded)) {
        return std::nullopt;
    }
    return BasicCredentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

} // namespace lab
