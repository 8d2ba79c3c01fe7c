// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/byte_ranges.h"

#include <QTest>

#include <random>

namespace lab::test {

/// Which octets a Range field asks for.
class TestByteRanges : public QObject {
    Q_OBJECT

private slots:
    void readsRanges();
    void neverLeavesTheFile();
};

void TestByteRanges::readsRanges() {
    const auto read = readRanges("bytes=0-4, 10-, -3", 20);
    QCOMPARE(read.kind, RangeRequest::Kind::Parts);
    QVERIFY((read.ranges == std::vector<ByteRange>{{0, 4}, {10, 19}, {17, 19}}));
    QCOMPARE(contentRange(read.ranges.front(), 20), std::string("bytes 0-4/20"));
    QCOMPARE(readRanges("bytes=20-", 20).kind, RangeRequest::Kind::Unsatisfiable);
    QCOMPARE(readRanges("bytes=0-0,0-0", 1).kind, RangeRequest::Kind::Whole);
    QCOMPARE(readRanges("bytes=9223372036854775807-9223372036854775807", 20).kind, RangeRequest::Kind::Unsatisfiable);
    QVERIFY((readRanges("bytes=0-18446744073709551616", 20).ranges == std::vector<ByteRange>{{0, 19}}));
}

/// Anything at all may stand in the field: what comes out lies in the file, and is never more than the file.
void TestByteRanges::neverLeavesTheFile() {
    const std::vector<std::string> words{"bytes=",
                                         "bytes",
                                         "=",
                                         ",",
                                         "-",
                                         "0",
                                         "1",
                                         "7",
                                         "99",
                                         "-5",
                                         "0-0",
                                         "3-",
                                         " ",
                                         "\t",
                                         "9223372036854775807",
                                         "99999999999999999999"};
    std::mt19937 generator(20'260'102);
    int parts = 0;
    constexpr int rounds = 100'000;
    for (int round = 0; round < rounds; ++round) {
        std::string field = "bytes=";
        for (auto count = generator() % 10; count > 0; --count) {
            field += words[generator() % words.size()];
        }
        const auto size = static_cast<std::int64_t>(generator() % 12);
        const auto read = readRanges(field, size);
        QCOMPARE(read.kind == RangeRequest::Kind::Parts, !read.ranges.empty());
        std::int64_t octets = 0;
        for (const auto& range : read.ranges) {
            QVERIFY(range.first >= 0 && range.first <= range.last && range.last < size);
            octets += range.octets();
        }
        QVERIFY(octets <= size);
        parts += read.ranges.empty() ? 0 : 1;
    }
    QVERIFY(parts > 1'000);
}

} // namespace lab::test

QTEST_APPLESS_MAIN(lab::test::TestByteRanges)
#include "tst_byte_ranges.moc"
