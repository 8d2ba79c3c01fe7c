// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange/json_stream.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/locale/encoding_utf.hpp>

#include <ostream>

namespace lab {

void JsonStream::separate() {
    if (!m_first) {
        m_buffer += ',';
    }
    m_first = false;
}

JsonStream& JsonStream::raw(std::string_view text) {
    separate();
    m_buffer += text;
    return *this;
}

JsonStream& JsonStream::open(char bracket) {
    separate();
    m_buffer += bracket;
    m_first = true;
    return *this;
}

JsonStream& JsonStream::close(char bracket) {
    m_buffer += bracket;
    m_first = false;
    if (m_buffer.size() >= flushAt) {
        flush();
    }
    return *this;
}

JsonStream& JsonStream::member(std::string_view name) {
    value(name);
    m_buffer += ':';
    m_first = true;
    return *this;
}

JsonStream& JsonStream::value(std::string_view text) {
    const auto plain = [](char letter) { return letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\'; };
    bool isPlain = true;
    for (const char letter : text) {
        isPlain = isPlain && plain(letter);
    }
    separate();
    if (isPlain) {
        m_buffer += '"';
        m_buffer += text;
        m_buffer += '"';
    } else {
        const auto valid = boost::locale::conv::utf_to_utf<char>(text.data(), text.data() + text.size());
        m_buffer += boost::json::serialize(boost::json::string(valid));
    }
    return *this;
}

JsonStream& JsonStream::microseconds(std::uint64_t nanoseconds) {
    const auto fraction = std::to_string(nanoseconds % 1000);
    return raw(std::to_string(nanoseconds / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction);
}

JsonStream& JsonStream::newLine() {
    // Before the comma or after it, white space means nothing.
    m_buffer += '\n';
    return *this;
}

void JsonStream::flush() {
    m_out.write(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
    m_buffer.clear();
}

} // namespace lab
