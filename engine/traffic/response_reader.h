// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lab {

/// Reads one response after the other from the octets of a connection; bodies are counted, not kept.
///
/// Beast's parser inside. Threads: one at a time. Owner: the client.
class ResponseReader {
public:
    enum class Progress : std::uint8_t { NeedMore, Done, Bad };

    ResponseReader();
    ~ResponseReader();
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;

    /// Begins with the next response; what was left of the last one is forgotten.
    void reset();

    /// The next octets of the connection. Octets behind a whole response are Bad: nothing was asked for.
    Progress feed(std::string_view octets);

    /// The peer will send no more: whole only when the body's end is the connection's.
    Progress feedEnd();

    unsigned status() const;
    bool keepsAlive() const; ///< the connection can be used again
    std::int64_t bodyOctets() const;

private:
    struct Parser;
    Progress parse(std::string_view octets, std::size_t& used);

    std::unique_ptr<Parser> m_parser;
    std::string m_rest; ///< of a header that has not come whole
};

} // namespace lab
