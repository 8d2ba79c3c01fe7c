// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/status.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

namespace lab {

namespace {

struct StatusText {
    unsigned status;
    std::string_view reason;
    std::string_view explanation; ///< empty: no page
};

constexpr std::array texts{
    StatusText{status::ok, "OK", ""},
    StatusText{status::partialContent, "Partial Content", ""},
    StatusText{status::movedPermanently, "Moved Permanently", "This is a directory: its address ends in a slash."},
    StatusText{status::notModified, "Not Modified", ""},
    StatusText{status::badRequest, "Bad Request", "The request breaks the rules of HTTP."},
    StatusText{status::unauthorized, "Unauthorized", "This needs a name and a password."},
    StatusText{status::notFound, "Not Found", "There is no such file here."},
    StatusText{status::methodNotAllowed, "Method Not Allowed", "Files here answer to GET and HEAD."},
    StatusText{status::requestTimeout, "Request Timeout", "The request did not arrive whole in time."},
    StatusText{status::preconditionFailed, "Precondition Failed", "A condition of the request does not hold."},
    StatusText{status::contentTooLarge, "Content Too Large", "The content of the request is longer than is read."},
    StatusText{status::uriTooLong, "URI Too Long", "The address asked for is longer than is read."},
    StatusText{status::rangeNotSatisfiable, "Range Not Satisfiable", "The file has no octets in the range asked for."},
    StatusText{status::expectationFailed, "Expectation Failed", "The request expects what is not offered here."},
    StatusText{status::misdirected, "Misdirected Request", "This server does not answer for that scheme."},
    StatusText{status::headerTooLarge, "Request Header Fields Too Large", "The request header is longer than is read."},
    StatusText{status::internalServerError, "Internal Server Error", "The server has failed in answering."},
    StatusText{status::notImplemented, "Not Implemented", "The request uses a method or a coding unknown here."},
    StatusText{status::unavailable, "Service Unavailable", "The server is short of resources: try again later."},
    StatusText{status::versionNotSupported, "HTTP Version Not Supported",
               "Of HTTP, only versions 1.x are spoken here."},
};

struct StatusEntry {
    std::string line;   ///< as HTTP/1.1
    std::string line10; ///< as HTTP/1.0
    std::string page;
};

StatusEntry makeEntry(const StatusText& text) {
    const auto title = std::to_string(text.status) + " " + std::string(text.reason);
    StatusEntry entry{"HTTP/1.1 " + title + "\r\n", "HTTP/1.0 " + title + "\r\n", {}};
    if (!text.explanation.empty()) {
        entry.page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + title +
                     "</title></head>\n<body>\n<h1>" + title + "</h1>\n<p>" + std::string(text.explanation) +
                     "</p>\n</body>\n</html>\n";
    }
    return entry;
}

const StatusEntry& entryOf(unsigned status) {
    static const auto entries = [] {
        std::vector<StatusEntry> made;
        for (const auto& text : texts) {
            made.push_back(makeEntry(text));
        }
        return made;
    }();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].status == status) {
            return entries[i];
        }
    }
    assert(!"a status that has no text");
    return entries.front();
}

} // namespace

std::string_view statusLine(unsigned status, HttpVersion version) {
    const auto& entry = entryOf(status);
    return version == HttpVersion::Http11 ? entry.line : entry.line10;
}

bool isErrorStatus(unsigned status) {
    return status >= status::badRequest &&
           std::any_of(texts.begin(), texts.end(), [status](const StatusText& text) { return text.status == status; });
}

std::string_view statusPage(unsigned status) { return entryOf(status).page; }

} // namespace lab
