// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/load_judge.h"
#include "engine/run/lab_run.h"
#include "tests/concurrency/traced_server.h"

#include <QTest>

namespace lab::test {

namespace {

constexpr std::int64_t interval = 50'000'000; // ns

/// An interval in which so many octets went, so large a share of them in large files.
MeasuredLoad loadOf(double octets, double largeShare) {
    return {.nanoseconds = interval,
            .busy = 0.5,
            .answers = 20,
            .octets = static_cast<std::int64_t>(octets),
            .largeOctets = static_cast<std::int64_t>(octets * largeShare)};
}

/// What each way brings on some machine.
double rateOf(const LoadJudge::Way& way, double mapped, double pool) {
    return 1e6 * (way.transfer == FileTransfer::MmapWritev ? mapped : 1.0) * (way.byPool ? pool : 1.0);
}

/// Large load for a while; returns all decisions.
std::vector<LoadJudge::Decision> large(LoadJudge& judge, double mapped, double pool, int intervals = 40) {
    std::vector<LoadJudge::Decision> all;
    for (int count = 0; count < intervals; ++count) {
        const auto some = judge.judge(loadOf(rateOf(judge.way(), mapped, pool), 0.9));
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

/// Both of them can send in the same two ways.
LoadJudge someJudge() {
    const std::vector<FileTransfer> transfers{FileTransfer::Sendfile, FileTransfer::MmapWritev};
    return LoadJudge(transfers, transfers);
}

} // namespace

/// If these fail, the adaptive server settles on the worse way, or never settles.
class TestLoadJudge : public QObject {
    Q_OBJECT

private slots:
    void smallFilesChangeNothing();
    void theBetterWayStays_data();
    void theBetterWayStays();
    void whatWasFoundIsRemembered();
    void aHopelessWayIsLeftAtOnce();
    void tryingCostsLittle();
    void oneLargeFileIsNoReason();
    void aRunTellsWhatItDecides();
};

void TestLoadJudge::smallFilesChangeNothing() {
    LoadJudge judge = someJudge();
    for (int count = 0; count < 100; ++count) {
        QVERIFY(judge.judge(loadOf(1e5 * (count % 7), 0.1)).empty());
    }
    QVERIFY(!judge.way().byPool);
}

void TestLoadJudge::theBetterWayStays_data() {
    QTest::addColumn<double>("mapped");
    QTest::addColumn<double>("pool");
    QTest::newRow("both no better") << 0.5 << 0.9;
    QTest::newRow("mapped is better") << 1.5 << 0.9;
    QTest::newRow("the pool is better") << 0.5 << 1.5;
    QTest::newRow("both are better") << 2.0 << 1.5;
    QTest::newRow("hardly better is not worth it") << 1.03 << 1.02;
    QTest::newRow("nor is the processor, hardly better") << 0.8 << 0.98;
}

void TestLoadJudge::theBetterWayStays() {
    QFETCH(double, mapped);
    QFETCH(double, pool);
    LoadJudge judge = someJudge();
    const auto decisions = large(judge, mapped, pool);
    constexpr double worthIt = 1.05;
    QCOMPARE(judge.way().transfer, mapped > worthIt ? FileTransfer::MmapWritev : FileTransfer::Sendfile);
    QCOMPARE(judge.way().byPool, pool * worthIt > 1);
    QVERIFY(!decisions.empty());
    // Small files again: the processor sends them, whatever was found.
    for (int count = 0; count < 3; ++count) {
        judge.judge(loadOf(1e5, 0.0));
    }
    QVERIFY(!judge.way().byPool);
}

/// The second time nothing is tried anew so soon.
void TestLoadJudge::whatWasFoundIsRemembered() {
    LoadJudge judge = someJudge();
    large(judge, 2.0, 1.5, 20);
    for (int count = 0; count < 3; ++count) {
        judge.judge(loadOf(1e5, 0.0));
    }
    const auto decisions = large(judge, 2.0, 1.5, 10);
    QCOMPARE(decisions.size(), std::size_t{2});
    QCOMPARE(decisions.front().what, Adaptation::ToPool);
    QCOMPARE(decisions.back().what, Adaptation::ToMmapWritev);
    QCOMPARE(decisions.front().figure, 90U); // percent of the octets in large files
}

/// A way that brings half is not stayed with for longer than it takes to see that.
void TestLoadJudge::aHopelessWayIsLeftAtOnce() {
    LoadJudge judge = someJudge();
    int mapped = 0;
    for (int count = 0; count < 40; ++count) {
        mapped += judge.way().transfer == FileTransfer::MmapWritev ? 1 : 0;
        judge.judge(loadOf(rateOf(judge.way(), 0.5, 0.9), 0.9));
    }
    QCOMPARE(mapped, 2); // one to settle, one to see
}

/// Ways that bring next to nothing are tried nevertheless, but not so often that it is felt.
void TestLoadJudge::tryingCostsLittle() {
    LoadJudge judge = someJudge();
    constexpr int intervals = 150; // 7.5 s
    double sent = 0;
    int tried = 0;
    for (int count = 0; count < intervals; ++count) {
        const double brings = rateOf(judge.way(), 0.1, 10);
        sent += brings;
        tried += judge.way().byPool ? 0 : 1;
        judge.judge(loadOf(brings, 0.9));
    }
    QVERIFY(tried > 0);
    QVERIFY2(sent > 0.95 * intervals * 1e7, qPrintable(QString::number(sent)));
}

void TestLoadJudge::oneLargeFileIsNoReason() {
    LoadJudge judge = someJudge();
    for (int count = 0; count < 20; ++count) {
        QVERIFY(judge.judge(loadOf(1e6, count % 2 == 0 ? 0.9 : 0.1)).empty());
    }
}

void TestLoadJudge::aRunTellsWhatItDecides() {
    LabRun::Options options;
    options.scenario = parseScenario(R"({
        "title": "Large files", "seed": 3, "files": [{"path": "large.bin", "octets": 1000000}],
        "phases": [{"name": "all", "seconds": 600, "groups": [{"name": "takers", "clients": 6}]}]})",
                                     "large.json")
                           .value();
    options.server = optionsOf("adaptive", 2);
    auto run = std::move(LabRun::start(std::move(options)).value());
    const auto hasDecided = [&] {
        const auto view = run->recording()->view();
        std::size_t decisions = 0;
        for (auto index = view.first(); index < view.end(); ++index) {
            decisions += view[index].type() == EventType::ServerAdapted ? 1 : 0;
        }
        return decisions >= 3; // the other transfer, back or not, the pool
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasDecided(), 60'000);
    run->stop();
    QCOMPARE(run->result().errors, std::uint64_t{0});
    QCOMPARE(run->result().retries, std::uint64_t{0});
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestLoadJudge)
#include "tst_load_judge.moc"
