// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/http/limits.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lab {

/// Finds the end of a request's content, chunked or of a known length, and keeps nothing of it.
///
/// Role: so that the next request on the connection is found. Decides: strictness of the chunked coding (RFC 9112
/// section 7.1) and limits. Own code because Beast needs a chunk's header and the trailer whole in one buffer, and
/// takes folded lines and control characters there. Threads: one at a time. Owner: a protocol handler.
class ChunkedBody {
public:
    enum class Outcome : std::uint8_t { NeedMore, Complete, Refused };

    /// `limits` is borrowed.
    explicit ChunkedBody(const Limits& limits)
        : m_limits(limits) {}

    /// Begins with content of so many octets, at least 1 and within the limits.
    void beginLength(std::uint64_t octets);
    void beginChunked();

    /// Takes octets off the front of `input`, up to the end of the content.
    Outcome take(std::string_view& input);

    unsigned status() const { return m_status; } ///< once Refused: 400, 413 or 431

private:
    enum class State : std::uint8_t {
        Length,
        SizeBegin,
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        TrailerBegin,
        TrailerName,
        TrailerValue,
        TrailerLineFeed,
        EndLineFeed,
        Done
    };

    void takeData(std::string_view& input, State next);
    void takeOctet(char octet);
    void takeSize(char octet);
    void takeTrailer(char octet);
    void addSizeDigit(char digit);
    void endSize();
    void expect(char octet, char wanted, State next);
    void countExtra(unsigned refusal);

    const Limits& m_limits;
    State m_state = State::Done;
    unsigned m_status = 0;
    std::uint64_t m_left = 0;   ///< of the chunk, or of the content of a known length
    std::uint64_t m_total = 0;  ///< of all chunks so far
    std::uint64_t m_extras = 0; ///< octets of chunk extensions and trailer
    unsigned m_digits = 0;
};

} // namespace lab
