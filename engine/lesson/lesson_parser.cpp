// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/text_file.h"
#include "engine/lesson/lesson.h"
#include "engine/lesson/lesson_blocks.h"
#include "engine/lesson/lesson_words.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace lab {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view fence = "```";

/// Splits a lesson into pages and blocks. Knows as much of Markdown: headings and fences.
class LessonParser {
public:
    LessonParser(std::string_view text, const std::string& name)
        : m_rest(text)
        , m_name(name) {
        m_lesson.file = name;
        m_lesson.id = fs::path(name).stem().string();
    }

    Result<Lesson> parse() {
        while (nextLine()) {
            if (auto taken = takeLine(); !taken) {
                return taken.error();
            }
        }
        if (!m_fence.empty()) {
            return notClosed();
        }
        return finished();
    }

private:
    Error error(std::size_t line, const std::string& what) const {
        return {m_name + ":" + std::to_string(line) + ": " + what};
    }

    Error notClosed() const { return error(m_fenceLine, "this block is not closed: a line with ``` is missing"); }

    bool nextLine() {
        if (m_rest.empty()) {
            return false;
        }
        const auto end = std::min(m_rest.find('\n'), m_rest.size());
        m_line = m_rest.substr(0, end);
        if (m_line.ends_with('\r')) {
            m_line.remove_suffix(1);
        }
        m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
        ++m_number;
        return true;
    }

    Result<void> takeLine() {
        if (m_line.starts_with(fence)) {
            return takeFence();
        }
        if (m_block && m_line.starts_with("#")) {
            return notClosed();
        }
        if (m_block) {
            return m_block->add(m_line, m_number);
        }
        if (m_fence.empty() && m_line.starts_with("# ")) {
            return takeTitle();
        }
        if (m_fence.empty() && m_line.starts_with("## ")) {
            return takePage();
        }
        if (m_lesson.title.empty() && !trimmed(m_line).empty()) {
            return error(m_number, "a lesson begins with its title: \"# Title\"");
        }
        text() += std::string(m_line) + "\n";
        return {};
    }

    Result<void> takeFence() {
        if (!m_fence.empty()) {
            const bool ends = trimmed(m_line) == fence;
            if (!ends && m_block) {
                return error(m_number, "a block begins within the one of line " + std::to_string(m_fenceLine));
            }
            if (!m_block) {
                text() += std::string(m_line) + "\n";
            }
            return ends ? endBlock() : Result<void>();
        }
        m_fence = trimmed(m_line.substr(fence.size()));
        m_fenceLine = m_number;
        if (m_fence == "lab" || m_fence == "question") {
            if (m_lesson.pages.empty()) {
                return error(m_number, "this block stands before the first page: \"## Title of the page\"");
            }
            m_block.emplace(m_name, m_number);
        } else {
            m_fence = m_fence.empty() ? "text" : m_fence;
            text() += std::string(m_line) + "\n";
        }
        return {};
    }

    Result<void> endBlock() {
        const auto kind = std::exchange(m_fence, {});
        if (!m_block) {
            return {};
        }
        const auto block = *std::exchange(m_block, std::nullopt);
        auto& page = m_lesson.pages.back();
        if (kind == "lab") {
            if (std::exchange(m_hasLab, true)) {
                return error(block.line(), "the page has a lab block already");
            }
            return readLabBlock(block, page);
        }
        auto question = readQuestionBlock(block);
        if (!question) {
            return question.error();
        }
        page.questions.push_back(std::move(*question));
        return {};
    }

    Result<void> takeTitle() {
        if (!m_lesson.title.empty()) {
            return error(m_number, "the lesson has a title already; a page begins with \"## \"");
        }
        m_lesson.title = std::string(trimmed(m_line.substr(2)));
        return {};
    }

    Result<void> takePage() {
        if (m_lesson.title.empty()) {
            return error(m_number, "a lesson begins with its title: \"# Title\"");
        }
        LessonPage page;
        page.title = std::string(trimmed(m_line.substr(3)));
        page.line = m_number;
        m_lesson.pages.push_back(std::move(page));
        m_hasLab = false;
        return {};
    }

    /// Where text goes that is no block: the page's, or before the first one what the lesson is about.
    std::string& text() { return m_lesson.pages.empty() ? m_lesson.about : m_lesson.pages.back().text; }

    Result<Lesson> finished() {
        if (m_lesson.title.empty()) {
            return error(1, "a lesson begins with its title: \"# Title\"");
        }
        if (m_lesson.pages.empty()) {
            return error(m_number, "the lesson has no page: \"## Title of the page\"");
        }
        bool running = false;
        for (auto& page : m_lesson.pages) {
            running = running || page.setup;
            const auto line = !page.stops.empty()       ? page.stops.front().line
                              : !page.questions.empty() ? page.questions.front().line
                                                        : std::size_t{0};
            if (!running && line != 0) {
                return error(line, "nothing runs yet: a lab block with \"scenario\" and \"model\" comes first");
            }
            page.text = std::string(stripped(page.text));
        }
        m_lesson.about = std::string(stripped(m_lesson.about));
        return std::move(m_lesson);
    }

    /// Without empty lines at both ends.
    static std::string_view stripped(std::string_view text) {
        const auto begin = std::min(text.find_first_not_of('\n'), text.size());
        const auto end = text.find_last_not_of(" \n");
        return end == std::string_view::npos ? std::string_view{} : text.substr(begin, end + 1 - begin);
    }

    std::string_view m_rest;
    const std::string& m_name;
    std::string_view m_line;
    std::size_t m_number = 0;
    Lesson m_lesson;
    std::string m_fence; ///< what follows the fence that is open; empty: none
    std::size_t m_fenceLine = 0;
    std::optional<LessonBlock> m_block; ///< while a block of the lab's is open
    bool m_hasLab = false;              ///< the page has its lab block
};

} // namespace

Result<Lesson> parseLesson(std::string_view text, const std::string& name) { return LessonParser(text, name).parse(); }

Result<Lesson> readLesson(const std::string& file) {
    const auto text = readTextFile(file, "a lesson", longestByHand);
    return text ? parseLesson(*text, file) : text.error();
}

std::vector<std::string> lessonFiles(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        const auto name = entry.path().filename().string();
        if (entry.path().extension() == ".md" && std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace lab
