// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/trace/event.h"

#include <cstdint>
#include <string_view>

namespace lab {

/// The fields that make a request conditional or partial (RFC 9110 sections 13 and 14); empty where absent.
struct Preconditions {
    std::string_view ifMatch;
    std::string_view ifNoneMatch;
    std::string_view ifModifiedSince;
    std::string_view ifUnmodifiedSince;
    std::string_view ifRange;
    std::string_view range;
    bool hasIfMatch = false; ///< the field was there, though it may be empty
    bool hasIfNoneMatch = false;
};

/// What a request header says, as far as this server listens. Texts point into the octets that were parsed.
struct Request {
    Method method = Method::Unknown;
    bool isConnect = false;
    bool isHttp11 = false;           ///< 1.1 or a later 1.x
    bool keepAlive = false;          ///< what the peer wants, with the version's default (RFC 9112 section 9.3)
    bool expectsContinue = false;    ///< RFC 9110 section 10.1.1
    bool expectsOther = false;       ///< an expectation that nobody knows
    bool chunked = false;            ///< the content comes in chunks
    std::uint64_t contentLength = 0; ///< octets of content, unless it is chunked
    std::string_view target;         ///< as sent
    std::string_view authority;      ///< of Host; empty where there is none
    Preconditions preconditions;

    bool hasContent() const { return chunked || contentLength > 0; }
};

} // namespace lab
