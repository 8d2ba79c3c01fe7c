// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace lab {

/// Writes JSON to a stream, member by member, through a buffer of its own.
///
/// Knows no grammar beyond commas: objects and arrays are opened and closed by the caller. On one thread.
class JsonStream {
public:
    explicit JsonStream(std::ostream& out)
        : m_out(out) {
        m_buffer.reserve(flushAt + 4096);
    }
    ~JsonStream() { flush(); }

    JsonStream& open(char bracket);            ///< '{' or '[', as a value
    JsonStream& close(char bracket);           ///< '}' or ']'
    JsonStream& member(std::string_view name); ///< the value has to follow
    JsonStream& value(std::string_view text);  ///< a string; octets that are not UTF-8 are left out
    JsonStream& value(const char* text) { return value(std::string_view(text)); }
    JsonStream& value(bool truth) { return raw(truth ? "true" : "false"); }
    template <std::integral Number>
    JsonStream& value(Number number) {
        return raw(std::to_string(number));
    }
    /// Nanoseconds as microseconds with three decimals.
    JsonStream& microseconds(std::uint64_t nanoseconds);
    JsonStream& newLine();
    template <typename Value>
    JsonStream& add(std::string_view name, const Value& content) {
        return member(name).value(content);
    }

    void flush();

private:
    static constexpr std::size_t flushAt = 1 << 16;
    JsonStream& raw(std::string_view text);
    void separate();

    std::ostream& m_out;
    std::string m_buffer;
    bool m_first = true; ///< nothing stands before the next value in its object or array
};

} // namespace lab
