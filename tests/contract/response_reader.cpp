// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/response_reader.h"

#include "engine/http/characters.h"

#include <stdexcept>

namespace lab::test {

namespace {

void demand(bool condition, const std::string& sentence) {
    if (!condition) {
        throw std::runtime_error(sentence);
    }
}

unsigned readStatusLine(std::string_view line) {
    constexpr std::string_view version = "HTTP/1.1 ";
    demand(line.starts_with(version) && line.size() > version.size() + 4 && line[version.size() + 3] == ' ',
           "not a status line: " + std::string(line));
    const auto digits = line.substr(version.size(), 3);
    demand(allOf(DigitCharacter, digits), "not a status code: " + std::string(digits));
    return static_cast<unsigned>(std::stoul(std::string(digits)));
}

std::pair<std::string, std::string> readField(std::string_view line) {
    const auto colon = line.find(": ");
    demand(colon != std::string_view::npos && colon > 0, "not a field: " + std::string(line));
    const auto name = line.substr(0, colon);
    const auto value = line.substr(colon + 2);
    demand(allOf(TokenCharacter, name) && allOf(ValueCharacter, value), "bad field: " + std::string(line));
    return {std::string(name), std::string(value)};
}

Response readHeader(std::string_view header) {
    Response response;
    bool first = true;
    while (!header.empty()) {
        const auto end = header.find("\r\n");
        const auto line = header.substr(0, end);
        demand(line.find_first_of("\r\n") == std::string_view::npos, "a bare CR or LF in the header");
        if (first) {
            response.status = readStatusLine(line);
        } else {
            response.fields.push_back(readField(line));
        }
        first = false;
        header.remove_prefix(end + 2);
    }
    return response;
}

} // namespace

std::optional<std::string> Response::field(std::string_view name) const {
    std::optional<std::string> found;
    for (const auto& [key, value] : fields) {
        if (equalsIgnoringCase(key, name)) {
            demand(!found, "the field is there twice: " + std::string(name));
            found = value;
        }
    }
    return found;
}

std::optional<Response> takeResponse(std::string_view& input, bool withoutContent) {
    constexpr std::string_view emptyLine = "\r\n\r\n";
    const auto headerEnd = input.find(emptyLine);
    if (headerEnd == std::string_view::npos) {
        return std::nullopt;
    }
    auto response = readHeader(input.substr(0, headerEnd + 2));
    const auto rest = input.substr(headerEnd + emptyLine.size());
    const auto length = response.field("Content-Length");
    const bool neverContent = response.status == 304 || response.status < 200;
    demand(!response.field("Transfer-Encoding"), "a transfer coding that nobody asked for");
    demand(length.has_value() != neverContent, "Content-Length missing, or where none may be");
    const auto octets = withoutContent || neverContent ? std::size_t{0} : std::stoull(*length);
    if (rest.size() < octets) {
        return std::nullopt;
    }
    response.content = rest.substr(0, octets);
    input = rest.substr(octets);
    return response;
}

std::string withoutDates(std::string octets) {
    constexpr std::string_view field = "\r\nDate: ";
    for (auto at = octets.find(field); at != std::string::npos; at = octets.find(field, at)) {
        at += field.size();
        const auto end = octets.find("\r\n", at);
        if (end == std::string::npos) {
            break;
        }
        octets.replace(at, end - at, end - at, '-');
    }
    return octets;
}

} // namespace lab::test
