// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/http_version.h"
#include "engine/http/request.h"

#include <span>
#include <string>

namespace lab {

/// Understands a request header that HeaderScanner has found complete, by way of Boost.Beast's parser.
///
/// Role: from octets to a Request. Decides: what Host, Content-Length, Transfer-Encoding, Connection and Expect mean
/// together (RFC 9112 sections 3.2, 6 and 9). Allocates only where a list field is repeated.
/// Threads: one at a time. Owner: a protocol handler.
class RequestParser {
public:
    /// Requests of versions above `highest` are read as its own.
    explicit RequestParser(HttpVersion highest = HttpVersion::Http11)
        : m_highest(highest) {}

    /// Returns 0 and fills request(), or the status that refuses the header: 400 or 501, after which the framing is in
    /// doubt. `header` runs from the method to the empty line; the minor version in it is lowered to 1 when higher.
    unsigned parse(std::span<char> header);

    /// Valid while the octets stay in place and until the next parse().
    const Request& request() const { return m_request; }

private:
    class Sink;

    const HttpVersion m_highest;
    Request m_request;
    std::string m_joinedMatch; ///< If-Match and If-None-Match that came in several lines
    std::string m_joinedNoneMatch;
};

} // namespace lab
