// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace lab {

/// A request target in its parts (RFC 9112 section 3.2). Texts point into what was given.
struct RequestTarget {
    unsigned refusal = 0;       ///< a status when the target is refused: 400, 404 or 421
    std::string_view path;      ///< percent-decoded; begins with '/'
    std::string_view asSent;    ///< the path still encoded
    std::string_view query;     ///< with its '?', or empty
    std::string_view authority; ///< of the absolute-form; empty in the origin-form
};

/// Splits and decodes the origin-form or absolute-form in `target`. `storage` holds the decoded path where it
/// differs from what was sent.
/// Refuses with 404 what could lead out of a document root or name a file twice: empty, "." and ".." segments and
/// back-slashes, before as after decoding; so nothing is told of what is there. Decoding is done once.
RequestTarget readTarget(std::string_view target, std::string& storage);

/// True for a host with an optional port as Host and http addresses have it (RFC 9110 section 7.2); false when empty.
bool isAuthority(std::string_view text);

} // namespace lab
