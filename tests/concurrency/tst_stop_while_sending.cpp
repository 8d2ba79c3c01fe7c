// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

namespace lab::test {

namespace {

constexpr std::uint64_t hugeOctets = 96 << 20;

/// Takes its answer in small pieces and never stops for long, so that no time limit strikes.
class SlowReader {
public:
    explicit SlowReader(std::uint16_t port)
        : m_client(port, 32 * 1024) {
        m_client.send("GET /huge.bin HTTP/1.1\r\nHost: lab.test\r\n\r\n");
        m_thread = std::jthread([this] { read(); });
    }

    std::uint64_t octets() const { return m_octets.load(); }
    void join() { m_thread.join(); }

private:
    void read() {
        using std::chrono_literals::operator""ms;
        auto ending = RawClient::Ending::Enough;
        while (ending == RawClient::Ending::Enough) {
            m_client.forget();
            ending = m_client.readUntil([](const std::string& octets) { return !octets.empty(); });
            m_octets += m_client.received().size();
            std::this_thread::sleep_for(2ms);
        }
    }

    RawClient m_client;
    std::atomic<std::uint64_t> m_octets{0};
    std::jthread m_thread;
};

} // namespace

/// If it fails, a server that is to stop waits for a peer that takes its time, however short the drain limit is.
class TestStopWhileSending : public QObject {
    Q_OBJECT

private slots:
    void aLongAnswerIsCutOff_data();
    void aLongAnswerIsCutOff();
};

void TestStopWhileSending::aLongAnswerIsCutOff_data() {
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("transfer");
    for (const char* model : {"thread-per-session", "thread-pool", "half-sync-half-async", "reactor", "proactor"}) {
        for (const char* transfer : {"sendfile", "read-write", "mmap-writev", "splice", "transmit-file"}) {
            auto options = optionsOf(model, 2);
            if (findServerSetting("transfer")->set(options, transfer) && refusal(*findModel(model), options).empty()) {
                QTest::addRow("%s, %s", model, transfer) << std::string(model) << std::string(transfer);
            }
        }
    }
}

/// The peer takes octets all the time.
void TestStopWhileSending::aLongAnswerIsCutOff() {
    QFETCH(std::string, model);
    QFETCH(std::string, transfer);
    auto options = optionsOf(model, 2);
    QVERIFY(findServerSetting("transfer")->set(options, transfer));
    options.drainLimit = std::chrono::milliseconds(50);
    TracedServer traced(options);
    traced.tree().write("huge.bin", "");
    std::filesystem::resize_file(traced.tree().root() + "/huge.bin", hugeOctets);
    SlowReader reader(traced.port());
    while (reader.octets() < 200'000) {
        std::this_thread::yield();
    }
    QCOMPARE(traced.server().stop(), std::size_t{1});
    reader.join();
    QVERIFY2(reader.octets() < hugeOctets / 2, std::to_string(reader.octets()).c_str());
    QCOMPARE(traced.counts().open(), std::uint64_t{0});
    QCOMPARE(traced.count([](const Event& event) {
        return event.type() == EventType::ConnectionClosed &&
               event.kindAs<CloseReason>() == CloseReason::ServerStopping;
    }),
             std::size_t{1});
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestStopWhileSending)
#include "tst_stop_while_sending.moc"
