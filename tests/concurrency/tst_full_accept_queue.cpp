// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/concurrency/late_client.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/variants.h"
#include "tests/process/process_watch.h"

#include <QTest>

#include <algorithm>
#include <list>

namespace lab::test {

/// That a server goes on when more clients have come than its accept queue takes. If this fails, one of those who stayed
/// was lost, or nobody is served afterwards.
class TestFullAcceptQueue : public QObject {
    Q_OBJECT

private slots:
    void servesWhoStays_data() { addVariantRows(m_plain); }
    void servesWhoStays();

private:
    const std::vector<Variant> m_plain = plainVariants();
};

/// Everybody of the server is held, so that nobody takes clients out of the queue. (io_uring is not among these: there
/// the kernel goes on taking them out for a server that has asked for that once.)
void TestFullAcceptQueue::servesWhoStays() {
    QFETCH(int, variant);
    auto options = m_plain[static_cast<std::size_t>(variant)].options;
    options.threads = 2;
    options.backlog = 2;
    TracedServer traced(options);
    traced.gate().hold();
    std::list<LateClient> crowd(16); // more than the queue and all who are held on the way have room for
    for (auto& client : crowd) {
        client.call(traced.port());
    }
    const auto connected = std::count_if(crowd.begin(), crowd.end(), [](auto& client) { return client.isConnected(); });
    QVERIFY(connected > 0);
    QVERIFY(connected < static_cast<std::ptrdiff_t>(crowd.size()));
    crowd.front().reset(); // from within the queue
    crowd.pop_front();
    crowd.back().giveUp(); // outside of it
    crowd.pop_back();
    traced.gate().open();
    QVERIFY(areServed(crowd));
    QVERIFY(eventually([&] { return traced.counts().open() == 0; }));
    QCOMPARE(traced.counts().requests, std::uint64_t{crowd.size()});
    QCOMPARE(traced.count([](const Event& event) { return event.type() == EventType::AcceptFailed; }), std::size_t{0});
    std::list<LateClient> other(1);
    other.front().call(traced.port());
    QVERIFY(areServed(other));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestFullAcceptQueue)
#include "tst_full_accept_queue.moc"
