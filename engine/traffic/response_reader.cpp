// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/response_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <limits>
#include <optional>

namespace lab {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

constexpr std::size_t longestHeader = 65'536;

} // namespace

/// Notes the status and counts the body.
class CountingParser final : public http::basic_parser<false> {
public:
    CountingParser() {
        eager(true);
        header_limit(longestHeader);
        body_limit(std::numeric_limits<std::uint64_t>::max());
    }
    unsigned status = 0;
    std::int64_t bodyOctets = 0;

private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int code, string_view, int, error_code&) override { status = static_cast<unsigned>(code); }
    void on_field_impl(http::field, string_view, string_view, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override {
        bodyOctets += static_cast<std::int64_t>(body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
        bodyOctets += static_cast<std::int64_t>(body.size());
        return body.size();
    }
    void on_finish_impl(error_code&) override {}
};

struct ResponseReader::Parser {
    std::optional<CountingParser> current;
};

ResponseReader::ResponseReader()
    : m_parser(std::make_unique<Parser>()) {
    reset();
}
ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

void ResponseReader::reset() {
    m_parser->current.emplace();
    m_rest.clear();
}

ResponseReader::Progress ResponseReader::parse(std::string_view octets, std::size_t& used) {
    auto& parser = *m_parser->current;
    used = 0;
    while (used < octets.size() && !parser.is_done()) {
        error_code error;
        const auto taken = parser.put(boost::asio::buffer(octets.data() + used, octets.size() - used), error);
        used += taken;
        if (error == http::error::need_more) {
            return Progress::NeedMore;
        }
        if (error) {
            return Progress::Bad;
        }
        if (taken == 0) {
            break;
        }
    }
    return parser.is_done() ? Progress::Done : Progress::NeedMore;
}

ResponseReader::Progress ResponseReader::feed(std::string_view octets) {
    if (!m_rest.empty()) {
        m_rest.append(octets);
        octets = m_rest;
    }
    std::size_t used = 0;
    auto progress = parse(octets, used);
    if (progress == Progress::Done && m_parser->current->status / 100 == 1) {
        // An interim response; the final one follows.
        std::string following(octets.substr(used));
        reset();
        return following.empty() ? Progress::NeedMore : feed(following);
    }
    if (progress == Progress::Done && used < octets.size()) {
        return Progress::Bad;
    }
    if (progress == Progress::NeedMore) {
        m_rest = std::string(octets.substr(used));
        progress = m_rest.size() > longestHeader ? Progress::Bad : progress;
    }
    return progress;
}

ResponseReader::Progress ResponseReader::feedEnd() {
    auto& parser = *m_parser->current;
    if (!parser.got_some()) {
        return Progress::Bad;
    }
    error_code error;
    parser.put_eof(error);
    return !error && parser.is_done() ? Progress::Done : Progress::Bad;
}

unsigned ResponseReader::status() const { return m_parser->current->status; }
bool ResponseReader::keepsAlive() const { return m_parser->current->keep_alive(); }
std::int64_t ResponseReader::bodyOctets() const { return m_parser->current->bodyOctets; }

} // namespace lab
