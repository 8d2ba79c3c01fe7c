// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/chunked_body.h"

#include "engine/http/characters.h"
#include "engine/http/status.h"

#include <algorithm>

namespace lab {

namespace {
constexpr unsigned maximumSizeDigits = 15; // so that a size cannot overflow
} // namespace

void ChunkedBody::beginLength(std::uint64_t octets) {
    m_state = State::Length;
    m_status = 0;
    m_left = octets;
}

void ChunkedBody::beginChunked() {
    m_state = State::SizeBegin;
    m_status = 0;
    m_total = 0;
    m_extras = 0;
    m_left = 0;
    m_digits = 0;
}

ChunkedBody::Outcome ChunkedBody::take(std::string_view& input) {
    while (m_status == 0 && m_state != State::Done && !input.empty()) {
        if (m_state == State::Length) {
            takeData(input, State::Done);
        } else if (m_state == State::Data) {
            takeData(input, State::DataReturn);
        } else {
            takeOctet(input.front());
            input.remove_prefix(1);
        }
    }
    if (m_status != 0) {
        return Outcome::Refused;
    }
    return m_state == State::Done ? Outcome::Complete : Outcome::NeedMore;
}

void ChunkedBody::takeData(std::string_view& input, State next) {
    const auto octets = std::min<std::uint64_t>(m_left, input.size());
    input.remove_prefix(static_cast<std::size_t>(octets));
    m_left -= octets;
    if (m_left == 0) {
        m_state = next;
    }
}

void ChunkedBody::takeOctet(char octet) {
    switch (m_state) {
    case State::SizeBegin:
    case State::Size:
    case State::Extension: return takeSize(octet);
    case State::SizeLineFeed: return octet == '\n' ? endSize() : expect(octet, '\n', m_state);
    case State::DataReturn: return expect(octet, '\r', State::DataLineFeed);
    case State::DataLineFeed: return expect(octet, '\n', State::SizeBegin);
    case State::EndLineFeed: return expect(octet, '\n', State::Done);
    case State::TrailerBegin:
    case State::TrailerName:
    case State::TrailerValue:
    case State::TrailerLineFeed: return takeTrailer(octet);
    case State::Length:
    case State::Data:
    case State::Done: return;
    }
}

void ChunkedBody::takeSize(char octet) {
    if (m_state != State::Extension && isOf(HexadecimalCharacter, octet)) {
        m_state = State::Size;
        return addSizeDigit(octet);
    }
    if (m_state != State::SizeBegin && octet == '\r') {
        m_state = State::SizeLineFeed;
        return;
    }
    // White space before an extension is not taken: intermediaries disagree about what it means.
    const bool extension = m_state == State::Size ? octet == ';' : m_state == State::Extension;
    if (!extension || !isOf(ValueCharacter, octet)) {
        m_status = status::badRequest;
        return;
    }
    m_state = State::Extension;
    countExtra(status::contentTooLarge);
}

void ChunkedBody::addSizeDigit(char digit) {
    if (++m_digits > maximumSizeDigits) {
        m_status = status::badRequest;
        return;
    }
    m_left = m_left << 4 | hexadecimalValue(digit);
}

void ChunkedBody::endSize() {
    m_digits = 0;
    m_state = m_left == 0 ? State::TrailerBegin : State::Data;
    if (m_left > m_limits.bodyOctets - m_total) {
        m_status = status::contentTooLarge;
        return;
    }
    m_total += m_left;
}

void ChunkedBody::takeTrailer(char octet) {
    if (m_state == State::TrailerLineFeed) {
        return expect(octet, '\n', State::TrailerBegin);
    }
    if (octet == '\r' && m_state != State::TrailerName) {
        m_state = m_state == State::TrailerBegin ? State::EndLineFeed : State::TrailerLineFeed;
        return;
    }
    if (m_state == State::TrailerValue
            ? !isOf(ValueCharacter, octet)
            : !isOf(TokenCharacter, octet) && !(octet == ':' && m_state == State::TrailerName)) {
        m_status = status::badRequest;
        return;
    }
    if (m_state != State::TrailerValue) {
        m_state = octet == ':' ? State::TrailerValue : State::TrailerName;
    }
    countExtra(status::headerTooLarge);
}

void ChunkedBody::expect(char octet, char wanted, State next) {
    if (octet != wanted) {
        m_status = status::badRequest;
        return;
    }
    m_state = next;
}

void ChunkedBody::countExtra(unsigned refusal) {
    if (++m_extras > m_limits.headerOctets) {
        m_status = refusal;
    }
}

} // namespace lab
