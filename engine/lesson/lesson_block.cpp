// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_block.h"

#include "engine/analysis/suggestion.h"
#include "engine/base/text_file.h"
#include "engine/lesson/lesson_words.h"

#include <algorithm>

namespace lab {

Error LessonBlock::error(std::size_t line, const std::string& what) const {
    return {m_file + ":" + std::to_string(line) + ": " + what};
}

Result<void> LessonBlock::add(std::string_view text, std::size_t line) {
    if (trimmed(text).empty()) {
        return {};
    }
    if (text.starts_with("  ")) {
        if (m_entries.empty()) {
            return error(line, "nothing that this could go on with");
        }
        m_entries.back().value += (m_entries.back().value.empty() ? "" : " ") + std::string(trimmed(text));
        return {};
    }
    const auto [key, value, found] = splitAt(text, ':');
    if (!found || key.empty() || key.find(' ') != std::string_view::npos) {
        return error(line, "not understood: a line is written \"key: value\"");
    }
    m_entries.push_back({std::string(key), std::string(value), line});
    return {};
}

Result<void> LessonBlock::check(std::span<const std::string_view> known,
                                std::initializer_list<std::string_view> repeatable) const {
    const auto in = [](std::string_view key, const auto& list) {
        return std::find(list.begin(), list.end(), key) != list.end();
    };
    for (const auto& entry : m_entries) {
        if (!in(entry.key, known)) {
            return error(entry.line, "there is no key \"" + entry.key + "\"" + suggestion(entry.key, known));
        }
        if (!in(entry.key, repeatable) && find(entry.key) != &entry) {
            return error(entry, "given twice");
        }
        if (entry.value.empty()) {
            return error(entry, "its value is missing");
        }
    }
    return {};
}

const BlockEntry* LessonBlock::find(std::string_view key) const {
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const auto& entry) { return entry.key == key; });
    return found == m_entries.end() ? nullptr : &*found;
}

} // namespace lab
