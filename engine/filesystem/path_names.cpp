// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/path_names.h"

namespace lab {

namespace {

std::string printable(std::string_view path) {
    constexpr std::size_t maximumCharacters = 80;
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view mark = "...";
    std::string text;
    for (const char character : path) {
        const auto octet = static_cast<unsigned char>(character);
        const bool plain = octet >= 0x20 && octet < 0x7f;
        if (text.size() + (plain ? 1 : 3) > maximumCharacters) {
            text.resize(std::min(text.size(), maximumCharacters - mark.size()));
            return text.append(mark);
        }
        if (plain) {
            text.push_back(character);
        } else {
            text.append({'%', digits[octet >> 4], digits[octet & 15]});
        }
    }
    return text;
}

} // namespace

NameId PathNames::of(std::string_view path) {
    if (m_recording == nullptr) {
        return 0;
    }
    auto name = printable(path);
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_names.find(name); known != m_names.end()) {
        return known->second;
    }
    if (m_names.size() >= m_maximum) {
        return m_recording->intern("(other paths)");
    }
    const auto id = m_recording->intern(name);
    m_names.emplace(std::move(name), id);
    return id;
}

} // namespace lab
