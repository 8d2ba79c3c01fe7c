// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::string formatHttpDate(std::time_t time);

/// Any of the three forms of that section; nothing when it is none of them. A two-digit year that seems to lie more
/// than 50 years ahead of `now` is one of the past century.
std::optional<std::time_t> parseHttpDate(std::string_view text, std::time_t now);

/// The wall clock in whole seconds, at the cost of reading memory.
std::time_t wallSeconds();

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" of now, made once a second and thread. Valid until the same thread's next
/// call.
std::string_view dateField();

} // namespace lab
