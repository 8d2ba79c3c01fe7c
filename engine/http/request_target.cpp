// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/request_target.h"

#include "engine/http/characters.h"
#include "engine/http/status.h"

#include <algorithm>

namespace lab {

namespace {

bool isPort(std::string_view text) {
    unsigned port = 0;
    for (const char digit : text) {
        if (!isOf(DigitCharacter, digit) || (port = port * 10 + hexadecimalValue(digit)) > 65'535) {
            return false;
        }
    }
    return true;
}

/// An address in brackets (RFC 3986 section 3.2.2), as far as its characters go.
bool isBracketed(std::string_view host) {
    const auto inner = host.substr(1, host.size() - 2);
    return inner.size() >= 2 && std::all_of(inner.begin(), inner.end(), [](char c) {
               return isOf(HexadecimalCharacter, c) || c == ':' || c == '.';
           });
}

/// A registered name. The comma is left out though a name may have one: it would be two Host fields in one.
bool isName(std::string_view host) {
    for (std::size_t i = 0; i < host.size(); ++i) {
        const char c = host[i];
        if (c == '%') {
            if (i + 2 >= host.size() || !allOf(HexadecimalCharacter, host.substr(i + 1, 2))) {
                return false;
            }
            i += 2;
        } else if (!isOf(DigitCharacter, c) && !isOf(LetterCharacter, c) &&
                   std::string_view("-._~!$&'()*+;=").find(c) == std::string_view::npos) {
            return false;
        }
    }
    return !host.empty();
}

/// Takes "scheme://authority" off an absolute-form target. Returns the status that refuses it, or 0.
unsigned takeAuthority(std::string_view& target, std::string_view& taken) {
    const auto colon = target.find(':');
    const auto scheme = target.substr(0, colon);
    if (colon == std::string_view::npos || target.substr(colon, 3) != "://") {
        return status::badRequest;
    }
    const auto rest = target.substr(colon + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    if (!isAuthority(authority)) {
        return status::badRequest;
    }
    target = rest.substr(authority.size());
    taken = authority;
    if (equalsIgnoringCase(scheme, "http")) {
        return 0;
    }
    // RFC 9110 section 7.4: what asks for a secured connection must not be answered over another.
    return equalsIgnoringCase(scheme, "https") ? status::misdirected : status::badRequest;
}

/// Returns false for a broken or a NUL escape.
bool decodePercent(std::string_view encoded, std::string& decoded) {
    decoded.clear();
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            decoded.push_back(encoded[i]);
            continue;
        }
        const auto digits = encoded.substr(i + 1, 2);
        if (digits.size() != 2 || !allOf(HexadecimalCharacter, digits)) {
            return false;
        }
        const auto octet = hexadecimalValue(digits[0]) << 4 | hexadecimalValue(digits[1]);
        if (octet == 0) {
            return false;
        }
        decoded.push_back(static_cast<char>(octet));
        i += 2;
    }
    return true;
}

/// True when every segment names something, and one thing only. The last one may be empty: a directory.
bool hasPlainSegments(std::string_view path) {
    if (path.find('\\') != std::string_view::npos) {
        return false;
    }
    std::size_t begin = 1;
    while (true) {
        const auto end = path.find('/', begin);
        const auto segment = path.substr(begin, end - begin);
        if (segment == "." || segment == ".." || (segment.empty() && end != std::string_view::npos)) {
            return false;
        }
        if (end == std::string_view::npos) {
            return true;
        }
        begin = end + 1;
    }
}

} // namespace

bool isAuthority(std::string_view text) {
    const auto hostEnd = text.starts_with('[') ? text.find(']') + 1 : std::min(text.find(':'), text.size());
    if (hostEnd == 0) {
        return false;
    }
    const auto host = text.substr(0, hostEnd);
    const auto port = text.substr(hostEnd);
    return (host.front() == '[' ? isBracketed(host) : isName(host)) &&
           (port.empty() || (port.front() == ':' && isPort(port.substr(1))));
}

RequestTarget readTarget(std::string_view target, std::string& storage) {
    RequestTarget result;
    if (target.find('#') != std::string_view::npos) {
        result.refusal = status::badRequest;
        return result;
    }
    if (!target.starts_with('/')) {
        result.refusal = takeAuthority(target, result.authority);
        if (result.refusal != 0) {
            return result;
        }
    }
    const auto pathEnd = std::min(target.find('?'), target.size());
    result.query = target.substr(pathEnd);
    result.asSent = pathEnd == 0 ? std::string_view("/") : target.substr(0, pathEnd);
    result.path = result.asSent;
    if (result.asSent.find('%') != std::string_view::npos) {
        if (!decodePercent(result.asSent, storage)) {
            result.refusal = status::badRequest;
            return result;
        }
        result.path = storage;
    }
    result.refusal = hasPlainSegments(result.path) ? 0 : status::notFound;
    return result;
}

} // namespace lab
