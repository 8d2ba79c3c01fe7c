// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/corpus.h"

#include "engine/http/characters.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace lab::test {

namespace {

/// "{a*70000}", "{etag:PATH}" or "{modified}", without the braces; any other text stays as it was.
std::string expandBraces(const std::string& inner, const DocumentTree& tree) {
    if (inner == "modified") {
        return std::string(DocumentTree::modified);
    }
    if (inner.starts_with("etag:")) {
        return tree.entityTag(inner.substr(5));
    }
    const auto star = inner.rfind('*');
    if (star == std::string::npos || star == 0 || star + 1 == inner.size()) {
        return "{" + inner + "}";
    }
    std::string text;
    for (auto count = std::stoul(inner.substr(star + 1)); count > 0; --count) {
        text += inner.substr(0, star);
    }
    return text;
}

std::string unescape(std::string_view text, const DocumentTree& tree) {
    constexpr std::string_view letters = "rnt0\\";
    constexpr std::string_view meanings("\r\n\t\0\\", 5);
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
        if (close != std::string_view::npos) {
            result += expandBraces(unescape(text.substr(i + 1, close - i - 1), tree), tree);
            i = close;
        } else if (text[i] != '\\' || i + 1 == text.size()) {
            result += text[i];
        } else if (text[i + 1] == 'x' && i + 3 < text.size()) {
            result += static_cast<char>(hexadecimalValue(text[i + 2]) << 4 | hexadecimalValue(text[i + 3]));
            i += 3;
        } else {
            const auto letter = letters.find(text[++i]);
            if (letter == std::string_view::npos) {
                throw std::runtime_error("unknown escape");
            }
            result += meanings[letter];
        }
    }
    return result;
}

void addRequestLine(CorpusRow& row, std::string_view line, const DocumentTree& tree) {
    const bool continued = line.ends_with('\\') && !line.ends_with("\\\\");
    row.request += unescape(continued ? line.substr(0, line.size() - 1) : line, tree);
    row.request += continued ? "" : "\r\n";
}

void addExpectation(CorpusRow& row, std::string_view line, const DocumentTree& tree) {
    if (!line.starts_with(' ')) {
        Expectation expected;
        expected.status = static_cast<unsigned>(std::stoul(std::string(line)));
        expected.withoutContent = line.ends_with(" head");
        row.responses.push_back(expected);
        return;
    }
    const auto text = unescape(withoutOuterSpace(line), tree);
    const auto colon = text.find(": ");
    row.responses.back().checks.emplace_back(text.substr(0, colon),
                                             colon == std::string::npos ? "" : text.substr(colon + 2));
}

/// Takes one line of a corpus file into the rows.
void takeLine(std::vector<CorpusRow>& rows, const std::string& area, std::string_view line, const DocumentTree& tree) {
    if (line.empty() || line.front() == '#') {
        return;
    }
    const auto rest = line.substr(std::min<std::size_t>(line.size(), 2));
    if (line.starts_with("== ")) {
        rows.push_back({area + ": " + std::string(line.substr(3)), {}, false, false, {}, false});
        return;
    }
    auto& row = rows.back();
    switch (line.front()) {
    case '>': return addRequestLine(row, rest, tree);
    case '<': return addExpectation(row, rest, tree);
    case '+': (rest == "at once" ? row.atOnce : row.halfClose) = true; return;
    case '=': row.staysOpen = rest == "open"; return;
    default: throw std::runtime_error("not a line of a corpus");
    }
}

void readFile(std::vector<CorpusRow>& rows, const std::filesystem::path& path, const DocumentTree& tree) {
    std::ifstream file(path);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        try {
            takeLine(rows, path.stem().string(), line, tree);
        } catch (const std::exception& error) {
            throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": " + error.what());
        }
    }
}

} // namespace

std::vector<CorpusRow> readCorpus(const DocumentTree& tree) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(LAB_SOURCE_DIR "/tests/contract/corpus")) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<CorpusRow> rows;
    for (const auto& file : files) {
        readFile(rows, file, tree);
    }
    return rows;
}

} // namespace lab::test
