// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/http_date.h"
#include "tests/contract/corpus.h"
#include "tests/contract/require.h"

#include <sstream>
#include <stdexcept>

namespace lab::test {

namespace {

struct Piece {
    std::size_t first = 0;
    std::size_t last = 0;
};

Piece readPiece(const std::string& text) {
    const auto dash = text.find('-');
    return {std::stoull(text.substr(0, dash)), std::stoull(text.substr(dash + 1))};
}

void checkContent(const Response& response, const std::string& argument, const DocumentTree& tree) {
    if (argument == "empty") {
        return require(response.content.empty(), "content where there should be none");
    }
    const auto last = argument.rfind(' '); // a path may have spaces, too
    const bool piecewise =
        last != std::string::npos && argument.find_first_not_of("0123456789-", last + 1) == std::string::npos;
    const auto space = piecewise ? last : std::string::npos;
    auto wanted = tree.content(argument.substr(0, space));
    if (space != std::string::npos) {
        const auto piece = readPiece(argument.substr(space + 1));
        wanted = wanted.substr(piece.first, piece.last - piece.first + 1);
    }
    require(response.content == wanted, "the content is not " + argument);
}

/// RFC 9110 section 14.6.
void checkParts(const Response& response, const std::string& argument, const DocumentTree& tree) {
    std::istringstream words(argument);
    std::string path;
    words >> path;
    const auto file = tree.content(path);
    const auto type = response.field("Content-Type").value_or("");
    constexpr std::string_view prefix = "multipart/byteranges; boundary=";
    require(type.starts_with(prefix), "not multipart: " + type);
    const auto delimiter = "\r\n--" + type.substr(prefix.size());
    std::string_view rest = response.content;
    for (std::string word; words >> word;) {
        const auto piece = readPiece(word);
        require(rest.starts_with(delimiter + "\r\n"), "a part does not begin with the boundary");
        rest.remove_prefix(delimiter.size() + 2);
        const auto header = rest.substr(0, rest.find("\r\n\r\n"));
        const auto range = "Content-Range: bytes " + word + "/" + std::to_string(file.size());
        require(header.find(range) != std::string_view::npos, "a part lacks " + range);
        rest.remove_prefix(header.size() + 4);
        const auto octets = piece.last - piece.first + 1;
        require(rest.substr(0, octets) == file.substr(piece.first, octets), "the part is not " + word);
        rest.remove_prefix(octets);
    }
    require(rest == delimiter + "--\r\n", "more after the last part");
}

void checkOne(const Response& response, const std::string& kind, const std::string& argument,
              const DocumentTree& tree) {
    if (kind == "content") {
        return checkContent(response, argument, tree);
    }
    if (kind == "parts") {
        return checkParts(response, argument, tree);
    }
    if (kind.starts_with('!')) {
        return require(!response.field(kind.substr(1)), "has " + kind.substr(1));
    }
    const auto value = response.field(kind);
    require(value.has_value(), "lacks " + kind);
    require(argument.empty() || *value == argument, kind + " is '" + *value + "', not '" + argument + "'");
}

/// What holds for every response.
void checkAlways(const Response& response, const Expectation& expected) {
    require(response.status == expected.status,
            "status " + std::to_string(response.status) + ", not " + std::to_string(expected.status));
    if (response.status >= 200) {
        const auto date = response.field("Date");
        require(date && parseHttpDate(*date, wallSeconds()).has_value(), "no Date");
    }
    const bool hasPage = response.status >= 400 || response.status == 301;
    if (hasPage) {
        require(response.field("Content-Type") == "text/html; charset=utf-8", "the page is not HTML");
        const auto title = "<title>" + std::to_string(response.status) + " ";
        require(expected.withoutContent || response.content.find(title) != std::string::npos, "no page");
    }
    require(response.content.find(DocumentTree::secret) == std::string::npos, "tells what is outside the root");
}

} // namespace

void checkResponse(const Response& response, const Expectation& expected, const DocumentTree& tree) {
    checkAlways(response, expected);
    for (const auto& [kind, argument] : expected.checks) {
        checkOne(response, kind, argument, tree);
    }
}

} // namespace lab::test
