// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/listening_socket.h"
#include "engine/server/server_setting.h"
#include "engine/state/lab_state.h"
#include "engine/trace/recording.h"
#include "engine/trace/trace.h"
#include "tests/contract/corpus.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/variants.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <unistd.h>

namespace lab::test {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view largeRequest = "GET /5m.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n";
constexpr std::string_view rangesRequest =
    "GET /5m.bin HTTP/1.1\r\nHost: lab.test\r\nRange: bytes=0-99999,300000-400000\r\nConnection: close\r\n\r\n";
constexpr std::string_view changingRequest =
    "GET /changing.bin HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n";

bool holdsResponse(const std::string& octets) {
    std::string_view rest = octets;
    return takeResponse(rest, false).has_value();
}

Response responseIn(const RawClient& client) {
    std::string_view rest = client.received();
    return takeResponse(rest, false).value_or(Response{});
}

/// Every proactive model with every processor that can run here, and every way in which that sends files.
std::vector<Variant> proactiveVariants() {
    const auto& transfers = *findServerSetting("transfer");
    std::vector<Variant> all;
    for (const auto& model : models()) {
        if (model.family != Family::Proactive) {
            continue;
        }
        for (const auto& processor : processors()) {
            if (!processor.whyUnavailable().empty()) {
                continue;
            }
            for (const auto transfer : processor.transfers) {
                ServerOptions options;
                options.model = model.id;
                options.files.smallFileOctets = 10'000;
                options.processor = processor.kind;
                options.transfer = transfer;
                options.drainLimit = 200ms;
                all.push_back(
                    {options.model + ", " + std::string(processor.id) + ", " + transfers.text(options), options});
            }
        }
    }
    return all;
}

/// With time limits that a test can wait for.
std::vector<Variant> hasty(std::vector<Variant> all) {
    for (auto& variant : all) {
        variant.name += ", short limits";
        variant.options.limits.header = 150ms;
        variant.options.limits.idle = 300ms;
        variant.options.limits.write = 300ms;
    }
    return all;
}

} // namespace

/// What the proactive models promise with every Asynchronous Operation Processor and every transfer: if one of these
/// fails, a server that was told to use it loses octets, hangs, or dies of a file that somebody else cuts off.
class TestContractProcessors : public QObject {
    Q_OBJECT

private slots:
    void cleanupTestCase() { m_servers.stopAll(); }

    void sendsFilesWhole_data() { addVariantRows(m_variants); }
    void sendsFilesWhole();
    void sendsRanges_data() { addVariantRows(m_variants); }
    void sendsRanges();
    void cancelsAReadInTime_data() { addVariantRows(m_hasty); }
    void cancelsAReadInTime();
    void cancelsAWriteInTime_data() { addVariantRows(m_hasty); }
    void cancelsAWriteInTime();
    void survivesFilesCutOff_data() { addVariantRows(m_variants); }
    void survivesFilesCutOff();
    void endsWithOperationsOutstanding_data() { addVariantRows(m_variants); }
    void endsWithOperationsOutstanding();
    void freesItsPort_data() { addVariantRows(m_variants); }
    void freesItsPort();
    void tellsEveryOperation_data() { addVariantRows(m_variants); }
    void tellsEveryOperation();

private:
    const Variant& variant() const {
        QFETCH(int, variant);
        return m_variants[static_cast<std::size_t>(variant)];
    }
    Server& server() { return m_servers.of(variant(), m_tree.root()); }
    Server& hastyServer() {
        QFETCH(int, variant);
        return m_servers.of(m_hasty[static_cast<std::size_t>(variant)], m_tree.root());
    }
    std::unique_ptr<Server> startAnother(Trace* trace) const;

    DocumentTree m_tree;
    const std::vector<Variant> m_variants = proactiveVariants();
    const std::vector<Variant> m_hasty = hasty(m_variants);
    Servers m_servers;
};

std::unique_ptr<Server> TestContractProcessors::startAnother(Trace* trace) const {
    auto options = variant().options;
    options.root = m_tree.root();
    return std::move(Server::start(std::move(options), trace).value());
}

void TestContractProcessors::sendsFilesWhole() {
    const auto wanted = m_tree.content("/5m.bin");
    RawClient client(server().port());
    for (int times = 0; times < 3; ++times) {
        client.forget();
        client.send(largeRequest);
        QCOMPARE(client.readUntil(holdsResponse), RawClient::Ending::Enough);
        QVERIFY2(responseIn(client).content == wanted, "the file did not arrive bit for bit");
    }
}

/// Memory before, between and behind stretches of the file.
void TestContractProcessors::sendsRanges() {
    const auto whole = m_tree.content("/5m.bin");
    RawClient client(server().port());
    client.send(rangesRequest);
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    const auto response = responseIn(client);
    QCOMPARE(response.status, 206U);
    QVERIFY(response.content.find(whole.substr(0, 100'000)) != std::string::npos);
    QVERIFY(response.content.find(whole.substr(300'000, 100'001)) != std::string::npos);
}

void TestContractProcessors::cancelsAReadInTime() {
    RawClient client(hastyServer().port());
    client.send("GET /hello.txt HTTP/1.1\r\nHost:");
    QCOMPARE(client.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(responseIn(client).status, 408U);
}

void TestContractProcessors::cancelsAWriteInTime() {
    auto& asked = hastyServer();
    const auto before = asked.counts().accepted;
    RawClient client(asked.port(), 64 * 1024);
    std::string many;
    for (int i = 0; i < 10; ++i) {
        many += largeRequest;
    }
    client.send(many);
    QTRY_VERIFY_WITH_TIMEOUT(asked.counts().accepted > before, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(asked.counts().open(), std::uint64_t{0}, 20'000);
}

void TestContractProcessors::survivesFilesCutOff() {
    constexpr std::size_t before = 8'000'000;
    m_tree.write("changing.bin", std::string(before, 'x'));
    auto& asked = server();
    RawClient client(asked.port(), 64 * 1024);
    client.send(changingRequest);
    client.readUntil([](const std::string& octets) { return octets.size() > 1000; });
    QCOMPARE(::truncate((m_tree.root() + "/changing.bin").c_str(), 10), 0);
    client.readToEnd();
    QVERIFY(client.received().size() < before);
    RawClient other(asked.port());
    other.send("GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n");
    other.readToEnd();
    QCOMPARE(responseIn(other).status, 200U);
}

/// Nobody waits for operations that will not end by themselves, and none touches memory that is gone.
void TestContractProcessors::endsWithOperationsOutstanding() {
    auto another = startAnother(nullptr);
    RawClient silent(another->port());
    RawClient reading(another->port(), 64 * 1024);
    reading.send(largeRequest);
    reading.readUntil([](const std::string& octets) { return !octets.empty(); });
    QTRY_COMPARE(another->counts().accepted, std::uint64_t{2});
    const auto from = std::chrono::steady_clock::now();
    another->stop();
    QVERIFY(std::chrono::steady_clock::now() - from < 10s);
    QCOMPARE(another->counts().open(), std::uint64_t{0});
}

/// Who stops a server and starts the next one on the same port must not be told that it is in use.
void TestContractProcessors::freesItsPort() {
    for (int times = 0; times < 5; ++times) {
        const auto server = startAnother(nullptr);
        RawClient client(server->port());
        client.send(rangesRequest);
        QCOMPARE(client.readUntil(holdsResponse), RawClient::Ending::Enough);
        QCOMPARE(server->stop(), std::size_t{0});
        const auto again = ListeningSocket::open("127.0.0.1", server->port(), 1);
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    }
}

/// Each operation is initiated, performed, queued and dispatched, in this order, and nothing of it is told twice.
void TestContractProcessors::tellsEveryOperation() {
    Recording recording;
    {
        Trace trace(recording);
        auto another = startAnother(&trace);
        for (int times = 0; times < 3; ++times) {
            RawClient client(another->port());
            client.send(std::string(largeRequest) +
                        "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n");
            client.readToEnd();
        }
        another->stop();
    }
    static constexpr std::array order{EventType::OperationInitiated, EventType::OperationCompleted,
                                      EventType::QueuePushed,        EventType::QueuePopped,
                                      EventType::HookEntered,        EventType::HookLeft};
    std::map<std::uint32_t, std::size_t> told;
    LabState state;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        const auto& event = view[index];
        state.apply(event);
        const auto place = std::find(order.begin(), order.end(), event.type());
        if (event.operation != 0 && place != order.end()) {
            QCOMPARE(told[event.operation]++, static_cast<std::size_t>(place - order.begin()));
        }
    }
    QVERIFY(told.size() > 6);
    QCOMPARE(state.totals.requests, std::uint64_t{6});
    const bool hasRings = variant().options.processor == ProcessorKind::IoUring;
    QCOMPARE(state.submissionRing.passed > 6, hasRings);
    QCOMPARE(state.completionRing.passed > 6, hasRings);
    QVERIFY(state.submissionRing.highWater >= state.submissionRing.depth);
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestContractProcessors)
#include "tst_contract_processors.moc"
