// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/chunked_body.h"

#include <QTest>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <random>

namespace lab::test {

namespace {

/// Where the content ends; nothing when it is refused or not whole.
std::optional<std::size_t> endOf(std::string_view content, std::size_t piece, const Limits& limits) {
    ChunkedBody body(limits);
    body.beginChunked();
    std::size_t taken = 0;
    while (taken < content.size()) {
        auto input = content.substr(taken, piece);
        const auto before = input.size();
        const auto outcome = body.take(input);
        taken += before - input.size();
        if (outcome != ChunkedBody::Outcome::NeedMore) {
            return outcome == ChunkedBody::Outcome::Complete ? std::optional(taken) : std::nullopt;
        }
    }
    return std::nullopt;
}

/// The same by Beast's parser.
std::optional<std::size_t> endByBeast(std::string_view content) {
    namespace http = boost::beast::http;
    const std::string message = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(content);
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    boost::beast::error_code error;
    const auto taken = parser.put(boost::asio::buffer(message), error);
    if (error || !parser.is_done()) {
        return std::nullopt;
    }
    return taken - (message.size() - content.size());
}

} // namespace

/// Where chunked content ends. A server that sees another end than the peer answers a request that nobody sent.
class TestChunkedBody : public QObject {
    Q_OBJECT

private slots:
    void endsWhereThePeerMeans_data();
    void endsWhereThePeerMeans();
    void knowsALength();
    void neverSeesAnotherEndThanBeast();
};

void TestChunkedBody::endsWhereThePeerMeans_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray("0\r\n\r\n");
    QTest::newRow("one chunk") << QByteArray("3\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("an end inside a chunk") << QByteArray("5\r\n0\r\n\r\n\r\n0\r\n\r\n");
    QTest::newRow("extension and trailer") << QByteArray("1;a=b\r\nx\r\n00;c\r\nX-A: b\r\nX-B:\r\n\r\n");
}

void TestChunkedBody::endsWhereThePeerMeans() {
    QFETCH(QByteArray, content);
    const Limits limits;
    const auto all = content.toStdString() + "GET / HTTP/1.1\r\n";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, all.size()}) {
        QCOMPARE(endOf(all, piece, limits), std::optional(static_cast<std::size_t>(content.size())));
    }
}

void TestChunkedBody::knowsALength() {
    const Limits limits;
    ChunkedBody body(limits);
    body.beginLength(5);
    std::string_view input = "abc";
    QCOMPARE(body.take(input), ChunkedBody::Outcome::NeedMore);
    QVERIFY(input.empty());
    input = "deGET";
    QCOMPARE(body.take(input), ChunkedBody::Outcome::Complete);
    QVERIFY(input == "GET");
}

/// Whatever is taken here is taken by Beast too, and ends at the same octet; here more is refused.
void TestChunkedBody::neverSeesAnotherEndThanBeast() {
    const std::vector<std::string> words{"0",  "1",     "5", "a",    "A", "\r\n", "\r\n", "\r",        "\n",
                                         "\t", "abcde", " ", "X-A:", "b", ":",    "+",    "0\r\n\r\n", "3\r\nabc\r\n"};
    const Limits limits;
    std::mt19937 generator(20'260'101);
    int accepted = 0;
    constexpr int rounds = 60'000;
    for (int round = 0; round < rounds; ++round) {
        std::string content;
        for (auto count = 1 + generator() % 8; count > 0; --count) {
            content += words[generator() % words.size()];
        }
        content += generator() % 2 == 0 ? "0\r\n\r\n" : "";
        const auto end = endOf(content, 1 + generator() % 5, limits);
        if (end) {
            ++accepted;
            const auto other = endByBeast(content);
            QVERIFY2(other.has_value(), content.c_str());
            QCOMPARE(*end, *other);
        }
    }
    QVERIFY2(accepted > 1'000, "the random content is hardly ever good: the test says little");
}

} // namespace lab::test

QTEST_APPLESS_MAIN(lab::test::TestChunkedBody)
#include "tst_chunked_body.moc"
