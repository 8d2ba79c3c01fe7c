// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/corpus.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/variants.h"

#include <QDeadlineTimer>
#include <QTest>

#include <chrono>
#include <list>

namespace lab::test {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view oneRequest = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n";
constexpr std::string_view lastRequest = "GET /5k.bin HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";
constexpr std::string_view largeRequest = "GET /5m.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n";

bool holdsResponse(const std::string& octets) {
    std::string_view rest = octets;
    return takeResponse(rest, false).has_value();
}

/// The only response that has come; status 0 when there is none.
Response responseIn(const RawClient& client) {
    std::string_view rest = client.received();
    return takeResponse(rest, false).value_or(Response{});
}

} // namespace

/// What every concurrency model promises about connections: large files, crowds, resets, peers that stall.
class TestContractConnections : public QObject {
    Q_OBJECT

private slots:
    void cleanupTestCase() { m_servers.stopAll(); }

    void sendsLargeFilesWhole_data() { addVariantRows(m_variants); }
    void sendsLargeFilesWhole();
    void servesMoreConnectionsThanThreads_data() { addVariantRows(m_variants); }
    void servesMoreConnectionsThanThreads();
    void survivesResets_data() { addVariantRows(m_variants); }
    void survivesResets();
    void servesFilesThatChange_data() { addVariantRows(m_plain); }
    void servesFilesThatChange();

    void answersAStalledHeader_data() { addVariantRows(m_hastyPlain); }
    void answersAStalledHeader();
    void answersAHeaderThatDrips_data() { addVariantRows(m_hastyPlain); }
    void answersAHeaderThatDrips();
    void answersStalledContent_data() { addVariantRows(m_hastyPlain); }
    void answersStalledContent();
    void closesIdleConnections_data() { addVariantRows(m_hastyPlain); }
    void closesIdleConnections();
    void givesUpOnPeersThatDoNotRead_data() { addVariantRows(m_hasty); }
    void givesUpOnPeersThatDoNotRead();

private:
    static std::vector<Variant> hasty(std::vector<Variant> all);
    Server& server(const std::vector<Variant>& variants);

    DocumentTree m_tree;
    const std::vector<Variant> m_variants = variants();
    const std::vector<Variant> m_hasty = hasty(variants());
    const std::vector<Variant> m_hastyPlain = hasty(plainVariants()); ///< for what no transfer takes part in
    const std::vector<Variant> m_plain = plainVariants();
    Servers m_servers;
};

/// With time limits that a test can wait for.
std::vector<Variant> TestContractConnections::hasty(std::vector<Variant> all) {
    for (auto& variant : all) {
        variant.name += ", short limits";
        variant.options.limits.header = 150ms;
        variant.options.limits.body = 150ms;
        variant.options.limits.idle = 150ms;
        variant.options.limits.write = 300ms;
        variant.options.limits.linger = 300ms;
    }
    return all;
}

Server& TestContractConnections::server(const std::vector<Variant>& variants) {
    QFETCH(int, variant);
    return m_servers.of(variants[static_cast<std::size_t>(variant)], m_tree.root());
}

void TestContractConnections::sendsLargeFilesWhole() {
    const auto wanted = m_tree.content("/5m.bin");
    RawClient client(server(m_variants).port());
    for (int times = 0; times < 2; ++times) {
        client.forget();
        client.send(largeRequest);
        QCOMPARE(client.readUntil(holdsResponse), RawClient::Ending::Enough);
        const auto response = responseIn(client);
        QCOMPARE(response.status, 200U);
        QVERIFY2(response.content == wanted, "the file did not arrive bit for bit");
    }
}

void TestContractConnections::servesMoreConnectionsThanThreads() {
    auto& asked = server(m_variants);
    const auto wanted = m_tree.content("/5k.bin");
    std::list<RawClient> clients;
    constexpr int crowd = 100;
    for (int i = 0; i < crowd; ++i) {
        clients.emplace_back(asked.port());
    }
    // The last to come speak first.
    for (auto client = clients.rbegin(); client != clients.rend(); ++client) {
        client->send(lastRequest);
    }
    for (auto& client : clients) {
        QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
        QVERIFY2(responseIn(client).content == wanted, "one of many did not get the file");
    }
    QTRY_COMPARE(asked.counts().open(), std::uint64_t{0});
}

void TestContractConnections::survivesResets() {
    auto& asked = server(m_variants);
    const auto before = asked.counts().accepted;
    constexpr int times = 10;
    for (int i = 0; i < times; ++i) {
        RawClient within(asked.port());
        within.send(oneRequest.substr(0, 10));
        within.reset();
        RawClient unread(asked.port());
        unread.send(largeRequest);
        unread.readUntil([](const std::string& octets) { return !octets.empty(); });
        unread.reset();
        RawClient pipelining(asked.port());
        pipelining.send(std::string(largeRequest) + std::string(largeRequest));
        pipelining.reset();
    }
    RawClient other(asked.port());
    other.send(lastRequest);
    QCOMPARE(other.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(responseIn(other).status, 200U);
    QVERIFY(asked.counts().accepted > before);
    QTRY_COMPARE_WITH_TIMEOUT(asked.counts().open(), std::uint64_t{0}, 20'000);
}

void TestContractConnections::servesFilesThatChange() {
    const auto ask = [this] {
        RawClient client(server(m_plain).port());
        client.send("GET /changing.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n");
        client.readToEnd();
        return responseIn(client);
    };
    // Each of several processes looks for itself, once a second: so often in a row that nobody is left who has not.
    const auto becomes = [](const auto& holds) {
        constexpr int enough = 12;
        QDeadlineTimer limit(20'000);
        for (int inARow = 0; inARow < enough;) {
            inARow = holds() ? inARow + 1 : 0;
            if (limit.hasExpired()) {
                return false;
            }
            if (inARow == 0) {
                QTest::qWait(50);
            }
        }
        return true;
    };
    m_tree.write("changing.txt", "before\n");
    QVERIFY(becomes([&] { return ask().content == "before\n"; }));
    const auto tag = ask().field("ETag");
    m_tree.write("changing.txt", "afterwards\n");
    QVERIFY(becomes([&] { return ask().content == "afterwards\n"; }));
    QVERIFY(ask().field("ETag") != tag);
    QVERIFY(QFile::remove(QString::fromStdString(m_tree.root() + "/changing.txt")));
    QVERIFY(becomes([&] { return ask().status == 404U; }));
}

void TestContractConnections::answersAStalledHeader() {
    RawClient client(server(m_hastyPlain).port());
    client.send("GET /hello.txt HTTP/1.1\r\nHost:");
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(responseIn(client).status, 408U);
    QCOMPARE(responseIn(client).field("Connection"), std::optional<std::string>("close"));
}

/// The limit is for the whole header: sending a little now and then does not extend it.
void TestContractConnections::answersAHeaderThatDrips() {
    RawClient client(server(m_hastyPlain).port());
    client.send("GET /hello.txt HTTP/1.1\r\n");
    auto ending = RawClient::Ending::TimedOut;
    constexpr int drops = 200; // ten seconds of them
    for (int i = 0; i < drops && ending == RawClient::Ending::TimedOut && client.received().empty(); ++i) {
        client.send("X-A: b\r\n");
        ending = client.readUntil(holdsResponse, 50ms);
    }
    QCOMPARE(responseIn(client).status, 408U);
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
}

void TestContractConnections::answersStalledContent() {
    RawClient client(server(m_hastyPlain).port());
    client.send("POST /hello.txt HTTP/1.1\r\nHost: lab.test\r\nContent-Length: 10\r\n\r\nabc");
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(responseIn(client).status, 408U);
}

void TestContractConnections::closesIdleConnections() {
    auto& asked = server(m_hastyPlain);
    RawClient silent(asked.port());
    QCOMPARE(silent.readToEnd(), RawClient::Ending::Closed);
    QVERIFY2(silent.received().empty(), "an answer to a request that never came");

    RawClient client(asked.port());
    client.send(oneRequest);
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(responseIn(client).status, 200U);
    std::string_view rest = client.received();
    takeResponse(rest, false);
    QVERIFY2(rest.empty(), "more than the answer to the only request");
}

void TestContractConnections::givesUpOnPeersThatDoNotRead() {
    auto& asked = server(m_hasty);
    const auto before = asked.counts().accepted;
    // Of a size that does not grow while the server waits: what the kernel takes on our behalf counts as taken.
    RawClient client(asked.port(), 64 * 1024);
    std::string many;
    for (int i = 0; i < 20; ++i) {
        many += largeRequest; // more than any socket's buffers hold
    }
    client.send(many);
    QTRY_VERIFY_WITH_TIMEOUT(asked.counts().accepted > before, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(asked.counts().open(), std::uint64_t{0}, 20'000);
    RawClient other(asked.port());
    other.send(lastRequest);
    other.readToEnd();
    QCOMPARE(responseIn(other).status, 200U);
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestContractConnections)
#include "tst_contract_connections.moc"
