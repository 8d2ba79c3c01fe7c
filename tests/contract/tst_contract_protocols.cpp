// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/protocol_list.h"
#include "engine/server/server_setting.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/variants.h"

#include <QDeadlineTimer>
#include <QTest>

#include <array>
#include <chrono>
#include <random>

namespace lab::test {

namespace {

using namespace std::chrono_literals;

std::string someOctets(std::size_t count) {
    std::mt19937 generator(static_cast<unsigned>(count));
    std::string octets(count, '\0');
    for (char& octet : octets) {
        octet = static_cast<char>(generator());
    }
    return octets;
}

/// Every model, speaking `protocol`.
std::vector<Variant> speaking(std::string_view protocol) {
    auto all = plainVariants();
    for (auto& variant : all) {
        variant.options.protocol = 0;
        static_cast<void>(findServerSetting("protocol")->set(variant.options, protocol).value());
        variant.name += ": " + std::string(protocol);
    }
    return all;
}

std::vector<Variant> hasty(std::vector<Variant> all) {
    for (auto& variant : all) {
        variant.name += ", short limits";
        variant.options.limits.idle = 150ms;
        variant.options.limits.write = 300ms;
    }
    return all;
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t times = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
        ++times;
    }
    return times;
}

} // namespace

/// What every model promises whatever is spoken: if these fail, a protocol works under one model and not under another.
class TestContractProtocols : public QObject {
    Q_OBJECT

private slots:
    void cleanupTestCase() { m_servers.stopAll(); }

    void echoesOneOctet_data() { addVariantRows(m_echo); }
    void echoesOneOctet();
    void echoesAMegabyte_data() { addVariantRows(m_echo); }
    void echoesAMegabyte();
    void echoesTwoAtOnce_data() { addVariantRows(m_echo); }
    void echoesTwoAtOnce();
    void closesWhoSaysNothing_data() { addVariantRows(m_hastyEcho); }
    void closesWhoSaysNothing();
    void holdsBackWhoDoesNotRead_data() { addVariantRows(m_hastyEcho); }
    void holdsBackWhoDoesNotRead();
    void endsInOrder_data() { addVariantRows(m_echo); }
    void endsInOrder();

    void answersAsHttp10_data() { addVariantRows(m_http10); }
    void answersAsHttp10();
    void keepsOnlyWhenAsked_data() { addVariantRows(m_http10); }
    void keepsOnlyWhenAsked();
    void knowsNoChunks_data() { addVariantRows(m_http10); }
    void knowsNoChunks();

private:
    Server& server(const std::vector<Variant>& variants) {
        QFETCH(int, variant);
        return m_servers.of(variants[static_cast<std::size_t>(variant)], m_tree.root());
    }
    std::string askHttp10(const std::string& request);

    DocumentTree m_tree;
    const std::vector<Variant> m_echo = speaking("echo");
    const std::vector<Variant> m_hastyEcho = hasty(speaking("echo"));
    const std::vector<Variant> m_http10 = speaking("http/1.0");
    Servers m_servers;
};

void TestContractProtocols::echoesOneOctet() {
    RawClient client(server(m_echo).port());
    for (const auto* octet : {"a", "b"}) {
        client.forget();
        client.send(octet);
        QCOMPARE(client.readUntil([](const auto& octets) { return !octets.empty(); }), RawClient::Ending::Enough);
        QCOMPARE(client.received(), std::string(octet));
    }
}

/// In pieces of any size, and with the sending side shut down behind the last.
void TestContractProtocols::echoesAMegabyte() {
    auto& asked = server(m_echo);
    const auto octets = someOctets(1'000'000);
    RawClient client(asked.port());
    std::mt19937 generator(7);
    for (std::size_t at = 0; at < octets.size();) {
        const auto piece = std::min<std::size_t>(1 + generator() % 60'000, octets.size() - at);
        client.send(std::string_view(octets).substr(at, piece));
        at += piece;
    }
    client.halfClose();
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QVERIFY2(client.received() == octets, "the octets did not come back as they went");
    QTRY_COMPARE_WITH_TIMEOUT(asked.counts().open(), std::uint64_t{0}, 20'000);
    QVERIFY(asked.counts().requests > 0);
}

void TestContractProtocols::echoesTwoAtOnce() {
    auto& asked = server(m_echo);
    // A model that serves one connection after the other gets the second when the first is over.
    RawClient first(asked.port());
    RawClient second(asked.port());
    const std::array octets{someOctets(100'001), someOctets(77'777)};
    first.send(octets[0], 10'000);
    first.halfClose();
    second.send(octets[1], 3'000);
    second.halfClose();
    QCOMPARE(first.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(second.readToEnd(), RawClient::Ending::Closed);
    QVERIFY2(first.received() == octets[0] && second.received() == octets[1], "octets of one came to the other");
}

void TestContractProtocols::closesWhoSaysNothing() {
    RawClient client(server(m_hastyEcho).port());
    client.send("so far");
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(client.received(), std::string("so far"));
}

/// What has not gone back is not read, so that the server holds no more of it than one piece.
void TestContractProtocols::holdsBackWhoDoesNotRead() {
    auto& asked = server(m_hastyEcho);
    const auto before = asked.counts().accepted;
    RawClient client(asked.port(), 16 * 1024);
    const std::string piece(100'000, 'x');
    // Sends without reading until nothing goes any more: then the server has stopped reading.
    std::size_t sent = 0;
    QDeadlineTimer limit(20'000);
    while (!limit.hasExpired()) {
        const auto taken = client.sendSome(piece);
        sent += taken;
        if (taken == 0 && !client.waitUntilWritable(200ms)) {
            break;
        }
    }
    QVERIFY2(sent < 64'000'000, "the server takes octets without an end");
    QTRY_VERIFY_WITH_TIMEOUT(asked.counts().accepted > before, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(asked.counts().open(), std::uint64_t{0}, 20'000);
}

/// A server that ends gives back what it has got, and does not wait for who says nothing more.
void TestContractProtocols::endsInOrder() {
    QFETCH(int, variant);
    auto options = m_echo[static_cast<std::size_t>(variant)].options;
    options.root = m_tree.root();
    auto ending = std::move(Server::start(options, nullptr).value());
    RawClient client(ending->port());
    client.send("before the end");
    client.readUntil([](const auto& octets) { return octets.size() == 14; });
    QCOMPARE(ending->stop(), std::size_t{0});
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(client.received(), std::string("before the end"));
}

std::string TestContractProtocols::askHttp10(const std::string& request) {
    RawClient client(server(m_http10).port());
    client.send(request);
    return client.readToEnd() == RawClient::Ending::Closed ? client.received() : "the server does not close";
}

/// The version in the answer is the server's, whatever the request says (RFC 9110 section 6.2).
void TestContractProtocols::answersAsHttp10() {
    for (const std::string request :
         {"GET /hello.txt HTTP/1.0\r\n\r\n", "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n",
          "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nExpect: 100-continue\r\n\r\n"}) {
        const auto answer = askHttp10(request);
        QVERIFY2(answer.starts_with("HTTP/1.0 200 OK\r\n"), answer.c_str());
        QVERIFY2(answer.ends_with("\r\n\r\n" + m_tree.content("/hello.txt")), answer.c_str());
        QVERIFY2(answer.find("HTTP/1.1") == std::string::npos, answer.c_str());
    }
    QVERIFY(askHttp10("GET /nothing HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404 "));
    QVERIFY(askHttp10("rubbish\r\n\r\n").starts_with("HTTP/1.0 400 "));
    QVERIFY(askHttp10("GET /hello.txt HTTP/1.1\r\n\r\n").starts_with("HTTP/1.0 400 ")); // without Host
}

void TestContractProtocols::keepsOnlyWhenAsked() {
    const std::string asking = "GET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    const auto two = askHttp10(asking + "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n" + asking);
    QCOMPARE(count(two, "HTTP/1.0 200 OK\r\n"), std::size_t{2});
    QCOMPARE(count(two, "Connection: keep-alive\r\n"), std::size_t{1});
    QCOMPARE(count(two, "Connection: close\r\n"), std::size_t{1});
}

/// Content in chunks would be taken for requests where it is not understood: so the connection ends.
void TestContractProtocols::knowsNoChunks() {
    const auto hidden = "2\r\nab\r\n0\r\n\r\nGET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    const auto later = askHttp10("POST / HTTP/1.1\r\nHost: lab.test\r\nConnection: keep-alive\r\n"
                                 "Transfer-Encoding: chunked\r\n\r\n" +
                                 std::string(hidden));
    QVERIFY2(later.starts_with("HTTP/1.0 501 "), later.c_str());
    QCOMPARE(count(later, "HTTP/1.0 "), std::size_t{1});
    const auto own = askHttp10("POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" +
                               std::string(hidden));
    QVERIFY2(own.starts_with("HTTP/1.0 400 "), own.c_str());
    QCOMPARE(count(own, "HTTP/1.0 "), std::size_t{1});
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestContractProtocols)
#include "tst_contract_protocols.moc"
