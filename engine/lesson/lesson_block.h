// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A line of a fenced block: `key: value`.
struct BlockEntry {
    std::string key;
    std::string value;
    std::size_t line = 0;
};

/// A fenced block of a lesson, split into its lines.
///
/// Threads: one at a time. Owner: the lesson's parser.
class LessonBlock {
public:
    /// `file` as errors name it; `line` of the fence that opens the block.
    LessonBlock(std::string file, std::size_t line)
        : m_file(std::move(file))
        , m_line(line) {}

    /// One more line. One that begins with two blanks goes on with the value of the line before.
    /// Error: it is no `key: value`.
    Result<void> add(std::string_view text, std::size_t line);

    /// Error: a key that is not in `known`, or one twice that is not in `repeatable`.
    Result<void> check(std::span<const std::string_view> known,
                       std::initializer_list<std::string_view> repeatable) const;
    Result<void> check(std::initializer_list<std::string_view> known,
                       std::initializer_list<std::string_view> repeatable) const {
        return check(std::span(known.begin(), known.end()), repeatable);
    }

    std::span<const BlockEntry> entries() const { return m_entries; }
    const BlockEntry* find(std::string_view key) const; ///< the first one; null where there is none
    std::size_t line() const { return m_line; }

    /// "file:line: what"
    Error error(std::size_t line, const std::string& what) const;
    Error error(const BlockEntry& entry, const std::string& what) const {
        return error(entry.line, entry.key + ": " + what);
    }

private:
    std::string m_file;
    std::size_t m_line;
    std::vector<BlockEntry> m_entries;
};

} // namespace lab
