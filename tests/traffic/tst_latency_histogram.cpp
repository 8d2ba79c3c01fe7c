// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/latency_histogram.h"
#include "engine/traffic/random_stream.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

namespace lab {

/// If these fail, the latencies that the lab shows are not those that were measured.
class LatencyHistogramTest : public QObject {
    Q_OBJECT

private slots:
    void keepsThreeDigits_data();
    void keepsThreeDigits();
    void quantilesMatchSortedValues();
    void mergedEqualsRecordedTogether();
    void emptyIsAllZero();
    void outOfRangeIsKeptAtTheEnds();
};

void LatencyHistogramTest::keepsThreeDigits_data() {
    QTest::addColumn<qint64>("nanoseconds");
    for (const qint64 value : {0LL, 1LL, 2047LL, 2048LL, 2049LL, 4095LL, 4096LL, 99'999LL, 1'234'567LL, 40'000'000LL,
                               30'000'000'000LL, 3'600'000'000'000LL}) {
        QTest::addRow("%lld", value) << value;
    }
}

void LatencyHistogramTest::keepsThreeDigits() {
    QFETCH(const qint64, nanoseconds);
    LatencyHistogram histogram;
    // Neighbours on both sides, so that the exact smallest and largest do not help.
    histogram.record(0);
    histogram.record(nanoseconds);
    histogram.record(LatencyHistogram::longestNanoseconds);
    const auto told = histogram.quantile(0.5);
    QVERIFY2(std::abs(static_cast<double>(told - nanoseconds)) <= static_cast<double>(nanoseconds) / 1000.0,
             qPrintable(QString::number(told)));
    QCOMPARE(histogram.count(), 3u);
}

void LatencyHistogramTest::quantilesMatchSortedValues() {
    RandomStream random(1, 1);
    LatencyHistogram histogram;
    std::vector<std::int64_t> values;
    double sum = 0;
    for (int count = 0; count < 100'000; ++count) {
        // From microseconds to seconds, evenly over the powers of ten.
        const auto value = static_cast<std::int64_t>(std::pow(10, 3 + 6 * random.uniform()));
        values.push_back(value);
        histogram.record(value);
        sum += static_cast<double>(value);
    }
    std::sort(values.begin(), values.end());
    for (const double fraction : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto rank = std::max(1.0, std::ceil(fraction * static_cast<double>(values.size())));
        const auto exact = static_cast<double>(values[static_cast<std::size_t>(rank) - 1]);
        const auto told = static_cast<double>(histogram.quantile(fraction));
        QVERIFY2(std::abs(told - exact) <= exact / 1000, qPrintable(QString("%1: %2").arg(fraction).arg(told)));
    }
    QCOMPARE(histogram.minimum(), values.front());
    QCOMPARE(histogram.maximum(), values.back());
    QCOMPARE(histogram.mean(), sum / static_cast<double>(values.size()));
}

void LatencyHistogramTest::mergedEqualsRecordedTogether() {
    RandomStream random(2, 1);
    LatencyHistogram one;
    LatencyHistogram two;
    LatencyHistogram both;
    for (int count = 0; count < 10'000; ++count) {
        const auto value = static_cast<std::int64_t>(random.exponential(1e6));
        (count % 3 == 0 ? one : two).record(value);
        both.record(value);
    }
    one.add(two);
    one.add(LatencyHistogram());
    QCOMPARE(one.count(), both.count());
    QCOMPARE(one.minimum(), both.minimum());
    QCOMPARE(one.maximum(), both.maximum());
    for (const double fraction : {0.01, 0.5, 0.99, 0.9999}) {
        QCOMPARE(one.quantile(fraction), both.quantile(fraction));
    }
}

void LatencyHistogramTest::emptyIsAllZero() {
    const auto summary = LatencyHistogram().summary();
    QCOMPARE(summary.minimum, 0.0);
    QCOMPARE(summary.mean, 0.0);
    QCOMPARE(summary.p999, 0.0);
    QCOMPARE(summary.maximum, 0.0);
}

void LatencyHistogramTest::outOfRangeIsKeptAtTheEnds() {
    LatencyHistogram histogram;
    histogram.record(-5);
    histogram.record(std::int64_t{1} << 60);
    QCOMPARE(histogram.minimum(), 0);
    QCOMPARE(histogram.maximum(), std::int64_t{LatencyHistogram::longestNanoseconds});
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::LatencyHistogramTest)
#include "tst_latency_histogram.moc"
