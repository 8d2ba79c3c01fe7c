// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// What the Basic scheme carries (RFC 7617 section 2).
struct BasicCredentials {
    std::string user;
    std::string password;
};

/// Reads the value of an Authorization field. Nothing: another scheme, no correct base64, no colon, or control
/// characters, which neither part may have.
std::optional<BasicCredentials> readBasicCredentials(std::string_view authorization);

/// Decodes base64 (RFC 4648 section 4), strictly: with its padding, without anything else in it.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace lab
