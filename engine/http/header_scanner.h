// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/limits.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lab {

/// Finds the end of a request header in octets that arrive piece by piece, and refuses at the first octet that
/// cannot be part of a correct one, however the octets were cut into pieces.
///
/// Role: the strictness in front of Beast's parser, which tolerates much. Decides: line ends (CRLF only), control
/// characters, white space before a colon, folded lines, the shape of the request line with its version, limits.
/// Every octet is looked at once. Threads: one at a time. Owner: a protocol handler.
class HeaderScanner {
public:
    enum class Outcome : std::uint8_t { NeedMore, Complete, Refused };

    /// `limits` is borrowed.
    explicit HeaderScanner(const Limits& limits)
        : m_limits(limits) {}

    /// `input` begins with the first octet of the request; a further call sees the same octets and more.
    Outcome scan(std::string_view input);

    /// Once Complete: where the request line begins, behind empty lines that were skipped, and where the header
    /// ends, its empty line included.
    std::size_t begin() const { return m_begin; }
    std::size_t end() const { return m_at; }

    /// Once Refused: the status of the answer: 400, 414, 431 or 505.
    unsigned status() const { return m_status; }

    /// An octet of a request line was seen, not just empty lines before it.
    bool begun() const { return m_state >= State::RequestLine; }

    /// For the next request.
    void reset() { *this = HeaderScanner(m_limits); }
    HeaderScanner& operator=(const HeaderScanner& other) {
        m_at = other.m_at;
        m_begin = other.m_begin;
        m_lineBegin = other.m_lineBegin;
        m_status = other.m_status;
        m_state = other.m_state;
        m_emptyLines = other.m_emptyLines;
        return *this;
    }

private:
    enum class State : std::uint8_t {
        Before,
        BeforeLineFeed,
        RequestLine,
        RequestLineFeed,
        FieldBegin,
        FieldName,
        FieldValue,
        FieldLineFeed,
        EndLineFeed,
        Done
    };

    void step(std::string_view input);
    void skipEmptyLine(char octet);
    void scanRequestLine(std::string_view input);
    void scanFieldBegin(char octet);
    void scanFieldName(std::string_view input);
    void scanFieldValue(std::string_view input);
    void expectLineFeed(char octet, State next);
    std::size_t runEnd(std::string_view input, std::size_t limit) const;
    void refuse(unsigned status) { m_status = status; }
    bool inRequestLine() const { return m_state <= State::RequestLineFeed; }

    const Limits& m_limits;
    std::size_t m_at = 0;
    std::size_t m_begin = 0;
    std::size_t m_lineBegin = 0;
    unsigned m_status = 0;
    State m_state = State::Before;
    std::uint8_t m_emptyLines = 0;
};

} // namespace lab
