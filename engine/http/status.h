// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/http_version.h"

#include <string>
#include <string_view>

namespace lab {

/// The status codes that this server answers with (RFC 9110 section 15).
namespace status {
inline constexpr unsigned ok = 200;
inline constexpr unsigned partialContent = 206;
inline constexpr unsigned movedPermanently = 301;
inline constexpr unsigned notModified = 304;
inline constexpr unsigned badRequest = 400;
inline constexpr unsigned unauthorized = 401;
inline constexpr unsigned notFound = 404;
inline constexpr unsigned methodNotAllowed = 405;
inline constexpr unsigned requestTimeout = 408;
inline constexpr unsigned preconditionFailed = 412;
inline constexpr unsigned contentTooLarge = 413;
inline constexpr unsigned uriTooLong = 414;
inline constexpr unsigned rangeNotSatisfiable = 416;
inline constexpr unsigned expectationFailed = 417;
inline constexpr unsigned misdirected = 421;
inline constexpr unsigned headerTooLarge = 431;
inline constexpr unsigned internalServerError = 500;
inline constexpr unsigned notImplemented = 501;
inline constexpr unsigned unavailable = 503;
inline constexpr unsigned versionNotSupported = 505;
} // namespace status

/// "HTTP/1.1 404 Not Found\r\n" for one of the codes above, from a server that conforms to `version`.
std::string_view statusLine(unsigned status, HttpVersion version);

/// One of the codes above that says that something is wrong: 400 and more.
bool isErrorStatus(unsigned status);

/// A small HTML page that says what `status` means; tells nothing of the request or of what is there.
/// Empty for a status that has no content of its own (200, 206, 304).
std::string_view statusPage(unsigned status);

} // namespace lab
