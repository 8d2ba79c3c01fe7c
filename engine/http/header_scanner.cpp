// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/header_scanner.h"

#include "engine/http/characters.h"
#include "engine/http/status.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::uint8_t maximumEmptyLines = 2;

/// The status that refuses this HTTP-version, or 0 (RFC 9112 section 2.3).
unsigned refusalOfVersion(std::string_view version) {
    constexpr std::string_view name = "HTTP/";
    if (version.size() != name.size() + 3 || !version.starts_with(name) || version[name.size() + 1] != '.') {
        return status::badRequest;
    }
    const char major = version[name.size()];
    const char minor = version[name.size() + 2];
    if (!isOf(DigitCharacter, major) || !isOf(DigitCharacter, minor) || major == '0') {
        return status::badRequest;
    }
    return major == '1' ? 0 : status::versionNotSupported;
}

/// The status that refuses this request line, given without its line end, or 0 (RFC 9112 section 3).
unsigned refusalOfRequestLine(std::string_view line) {
    const auto methodEnd = line.find(' ');
    if (methodEnd == std::string_view::npos || methodEnd == 0 || !allOf(TokenCharacter, line.substr(0, methodEnd))) {
        return status::badRequest;
    }
    const auto targetEnd = line.find(' ', methodEnd + 1);
    if (targetEnd == std::string_view::npos || targetEnd == methodEnd + 1) {
        return status::badRequest;
    }
    return refusalOfVersion(line.substr(targetEnd + 1));
}

std::size_t endOfRun(CharacterClass wanted, std::string_view input, std::size_t at, std::size_t end) {
    while (at < end && isOf(wanted, input[at])) {
        ++at;
    }
    return at;
}

} // namespace

HeaderScanner::Outcome HeaderScanner::scan(std::string_view input) {
    const auto end = std::min(input.size(), m_limits.headerOctets);
    while (m_status == 0 && m_state != State::Done && m_at < end) {
        step(input);
    }
    if (m_status == 0 && m_state != State::Done && m_at >= m_limits.headerOctets) {
        refuse(inRequestLine() ? status::uriTooLong : status::headerTooLarge);
    }
    if (m_status != 0) {
        return Outcome::Refused;
    }
    return m_state == State::Done ? Outcome::Complete : Outcome::NeedMore;
}

void HeaderScanner::step(std::string_view input) {
    const char octet = input[m_at];
    switch (m_state) {
    case State::Before: return skipEmptyLine(octet);
    case State::BeforeLineFeed: return expectLineFeed(octet, State::Before);
    case State::RequestLine: return scanRequestLine(input);
    case State::RequestLineFeed:
        refuse(refusalOfRequestLine(input.substr(m_begin, m_at - 1 - m_begin)));
        return m_status == 0 ? expectLineFeed(octet, State::FieldBegin) : void();
    case State::FieldBegin: return scanFieldBegin(octet);
    case State::FieldName: return scanFieldName(input);
    case State::FieldValue: return scanFieldValue(input);
    case State::FieldLineFeed: return expectLineFeed(octet, State::FieldBegin);
    case State::EndLineFeed: return expectLineFeed(octet, State::Done);
    case State::Done: return;
    }
}

void HeaderScanner::skipEmptyLine(char octet) {
    if (octet == '\r') {
        if (++m_emptyLines > maximumEmptyLines) {
            return refuse(status::badRequest);
        }
        ++m_at;
        m_state = State::BeforeLineFeed;
        return;
    }
    m_begin = m_lineBegin = m_at;
    m_state = State::RequestLine;
}

/// Where a run of good characters has to stop so that the same octet is the first too many in every cut.
std::size_t HeaderScanner::runEnd(std::string_view input, std::size_t limit) const {
    return std::min({input.size(), m_limits.headerOctets, m_lineBegin + limit});
}

void HeaderScanner::scanRequestLine(std::string_view input) {
    m_at = endOfRun(TargetCharacter, input, m_at, runEnd(input, m_limits.requestLineOctets));
    if (m_at >= std::min(input.size(), m_limits.headerOctets)) {
        return;
    }
    if (input[m_at] == '\r') {
        ++m_at;
        m_state = State::RequestLineFeed;
        return;
    }
    refuse(isOf(TargetCharacter, input[m_at]) ? status::uriTooLong : status::badRequest);
}

void HeaderScanner::scanFieldBegin(char octet) {
    m_lineBegin = m_at;
    if (octet == '\r') {
        ++m_at;
        m_state = State::EndLineFeed;
    } else if (isOf(TokenCharacter, octet)) {
        m_state = State::FieldName;
    } else {
        refuse(status::badRequest);
    }
}

void HeaderScanner::scanFieldName(std::string_view input) {
    m_at = endOfRun(TokenCharacter, input, m_at, runEnd(input, m_limits.fieldOctets));
    if (m_at >= std::min(input.size(), m_limits.headerOctets)) {
        return;
    }
    if (input[m_at] == ':') {
        ++m_at;
        m_state = State::FieldValue;
        return;
    }
    refuse(isOf(TokenCharacter, input[m_at]) ? status::headerTooLarge : status::badRequest);
}

void HeaderScanner::scanFieldValue(std::string_view input) {
    m_at = endOfRun(ValueCharacter, input, m_at, runEnd(input, m_limits.fieldOctets));
    if (m_at >= std::min(input.size(), m_limits.headerOctets)) {
        return;
    }
    if (input[m_at] == '\r') {
        ++m_at;
        m_state = State::FieldLineFeed;
        return;
    }
    refuse(isOf(ValueCharacter, input[m_at]) ? status::headerTooLarge : status::badRequest);
}

void HeaderScanner::expectLineFeed(char octet, State next) {
    if (octet != '\n') {
        return refuse(status::badRequest);
    }
    ++m_at;
    m_state = next;
}

} // namespace lab
