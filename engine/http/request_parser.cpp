// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/request_parser.h"

#include "engine/http/characters.h"
#include "engine/http/request_target.h"
#include "engine/http/status.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <charconv>
#include <cstring>
#include <limits>

namespace lab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

/// Takes what Beast's parser finds, and judges the fields that decide about framing.
class RequestParser::Sink : public http::basic_parser<true> {
public:
    explicit Sink(RequestParser& parser)
        : m_parser(parser)
        , m_request(parser.m_request) {}

    /// The status that refuses the header, or 0, when all fields were seen.
    unsigned verdict();

private:
    using View = beast::string_view;
    using ErrorCode = beast::error_code;
    static std::string_view standard(View view) { return {view.data(), view.size()}; }

    void on_request_impl(http::verb verb, View method, View target, int version, ErrorCode& error) override;
    void on_field_impl(http::field field, View name, View value, ErrorCode& error) override;
    void on_response_impl(int, View, int, ErrorCode&) override {}
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    std::size_t on_body_impl(View body, ErrorCode&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, View body, ErrorCode&) override { return body.size(); }
    void on_finish_impl(ErrorCode&) override {}

    void takeHost(std::string_view value);
    void takeConnection(std::string_view value);
    void takeContentLength(std::string_view value);
    void takeTransferEncoding(std::string_view value);
    void takeExpect(std::string_view value);
    void takeSingle(std::string_view& place, unsigned bit, std::string_view value);
    static void takeList(std::string_view& place, bool& present, std::string& joined, std::string_view value);
    void refuse(unsigned status) { m_status = m_status == 0 ? status : m_status; }

    RequestParser& m_parser;
    Request& m_request;
    bool m_saysHttp11 = false; ///< whatever this server makes of it
    unsigned m_status = 0;
    unsigned m_singlesSeen = 0;
    unsigned m_hosts = 0;
    unsigned m_codings = 0;
    bool m_unknownCoding = false;
    bool m_chunkedIsLast = false;
    bool m_chunkedRepeated = false;
    bool m_hasTransferEncoding = false;
    bool m_hasContentLength = false;
    bool m_close = false;
    bool m_keepAlive = false;
};

void RequestParser::Sink::on_request_impl(http::verb verb, View, View target, int version, ErrorCode&) {
    switch (verb) {
    case http::verb::get: m_request.method = Method::Get; break;
    case http::verb::head: m_request.method = Method::Head; break;
    case http::verb::unknown: m_request.method = Method::Unknown; break;
    default: m_request.method = Method::Other; break;
    }
    m_request.isConnect = verb == http::verb::connect;
    m_saysHttp11 = version >= 11;
    m_request.isHttp11 = m_saysHttp11 && m_parser.m_highest == HttpVersion::Http11;
    m_request.target = standard(target);
}

void RequestParser::Sink::on_field_impl(http::field field, View, View text, ErrorCode&) {
    const auto value = standard(text);
    auto& conditions = m_request.preconditions;
    switch (field) {
    case http::field::host: return takeHost(value);
    case http::field::connection: return takeConnection(value);
    case http::field::content_length: return takeContentLength(value);
    case http::field::transfer_encoding: return takeTransferEncoding(value);
    case http::field::expect: return takeExpect(value);
    case http::field::range: return takeSingle(conditions.range, 1, value);
    case http::field::if_range: return takeSingle(conditions.ifRange, 2, value);
    case http::field::if_modified_since: return takeSingle(conditions.ifModifiedSince, 4, value);
    case http::field::if_unmodified_since: return takeSingle(conditions.ifUnmodifiedSince, 8, value);
    case http::field::if_match:
        return takeList(conditions.ifMatch, conditions.hasIfMatch, m_parser.m_joinedMatch, value);
    case http::field::if_none_match:
        return takeList(conditions.ifNoneMatch, conditions.hasIfNoneMatch, m_parser.m_joinedNoneMatch, value);
    default: return;
    }
}

void RequestParser::Sink::takeHost(std::string_view value) {
    if (++m_hosts > 1 || !isAuthority(value)) {
        refuse(status::badRequest);
    }
    m_request.authority = value;
}

void RequestParser::Sink::takeConnection(std::string_view value) {
    while (!value.empty()) {
        const auto option = takeListElement(value);
        m_close = m_close || equalsIgnoringCase(option, "close");
        m_keepAlive = m_keepAlive || equalsIgnoringCase(option, "keep-alive");
    }
}

/// Digits only; several equal values count as one (RFC 9112 section 6.3, rule 5).
void RequestParser::Sink::takeContentLength(std::string_view value) {
    do {
        const auto element = takeListElement(value);
        std::uint64_t length = 0;
        const auto [end, error] = std::from_chars(element.data(), element.data() + element.size(), length);
        const bool whole = end == element.data() + element.size() && error == std::errc{};
        if (!whole || (m_hasContentLength && length != m_request.contentLength)) {
            return refuse(status::badRequest);
        }
        m_hasContentLength = true;
        m_request.contentLength = length;
    } while (!value.empty());
}

void RequestParser::Sink::takeTransferEncoding(std::string_view value) {
    m_hasTransferEncoding = true;
    while (!value.empty()) {
        const auto coding = takeListElement(value);
        if (coding.empty()) {
            continue;
        }
        ++m_codings;
        const bool chunked = equalsIgnoringCase(coding, "chunked");
        m_chunkedRepeated = m_chunkedRepeated || (chunked && m_request.chunked);
        m_unknownCoding = m_unknownCoding || !chunked;
        m_request.chunked = m_request.chunked || chunked;
        m_chunkedIsLast = chunked;
    }
}

void RequestParser::Sink::takeExpect(std::string_view value) {
    while (!value.empty()) {
        const auto expectation = takeListElement(value);
        const bool known = equalsIgnoringCase(expectation, "100-continue");
        m_request.expectsContinue = m_request.expectsContinue || known;
        m_request.expectsOther = m_request.expectsOther || (!known && !expectation.empty());
    }
}

/// A field that may come once only means nothing when it comes again: the request is answered without it.
void RequestParser::Sink::takeSingle(std::string_view& place, unsigned bit, std::string_view value) {
    place = (m_singlesSeen & bit) != 0 ? std::string_view{} : value;
    m_singlesSeen |= bit;
}

void RequestParser::Sink::takeList(std::string_view& place, bool& present, std::string& joined,
                                   std::string_view value) {
    if (present) {
        std::string both(place);
        both.append(", ").append(value);
        joined.swap(both);
        place = joined;
    } else {
        place = value;
    }
    present = true;
}

unsigned RequestParser::Sink::verdict() {
    if (m_status != 0) {
        return m_status;
    }
    if (m_saysHttp11 && m_hosts == 0) {
        return status::badRequest;
    }
    // RFC 9112 section 6.1: neither beside a length, nor from a peer that cannot know of transfer codings.
    if (m_hasTransferEncoding && (m_hasContentLength || !m_saysHttp11 || m_codings == 0)) {
        return status::badRequest;
    }
    if (m_chunkedRepeated || (m_request.chunked && !m_chunkedIsLast)) {
        return status::badRequest;
    }
    if (m_unknownCoding || (m_hasTransferEncoding && !m_request.isHttp11)) { // HTTP/1.0 knows none
        return status::notImplemented;
    }
    m_request.keepAlive = m_request.isHttp11 ? !m_close : m_keepAlive && !m_close;
    m_request.expectsContinue = m_request.expectsContinue && m_request.isHttp11;
    m_request.expectsOther = m_request.expectsOther && m_request.isHttp11;
    return 0;
}

namespace {

/// Beast knows 1.0 and 1.1; a later 1.x means the same to us (RFC 9110 section 2.5).
void lowerMinorVersion(std::span<char> header) {
    const auto* lineEnd = static_cast<char*>(std::memchr(header.data(), '\r', header.size()));
    if (lineEnd != nullptr && lineEnd > header.data()) {
        char& minor = header[static_cast<std::size_t>(lineEnd - header.data()) - 1];
        minor = minor > '1' ? '1' : minor;
    }
}

} // namespace

unsigned RequestParser::parse(std::span<char> header) {
    lowerMinorVersion(header);
    m_request = Request{};
    Sink sink(*this);
    sink.header_limit(std::numeric_limits<std::uint32_t>::max());
    sink.skip(true); // the content is ChunkedBody's affair, or that of a mere count
    sink.eager(true);
    beast::error_code error;
    sink.put(boost::asio::const_buffer(header.data(), header.size()), error);
    const auto verdict = sink.verdict();
    if (verdict == 0 && (error || !sink.is_done())) {
        return status::badRequest;
    }
    return verdict;
}

} // namespace lab
