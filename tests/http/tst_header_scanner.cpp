// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/header_scanner.h"

#include <QTest>

namespace lab::test {

/// Where a header ends, and at which octet a broken one is refused.
class TestHeaderScanner : public QObject {
    Q_OBJECT

private slots:
    void findsTheEnd();
    void skipsEmptyLinesBefore();
    void countsLimitsToTheOctet_data();
    void countsLimitsToTheOctet();
    void refusesAtTheFirstBadOctet_data();
    void refusesAtTheFirstBadOctet();

private:
    static Limits small();
};

Limits TestHeaderScanner::small() {
    Limits limits;
    limits.requestLineOctets = 30;
    limits.fieldOctets = 20;
    limits.headerOctets = 100;
    return limits;
}

void TestHeaderScanner::findsTheEnd() {
    const Limits limits;
    HeaderScanner scanner(limits);
    const std::string header = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string input = header + "GET /next";
    QVERIFY(!scanner.begun());
    for (std::size_t octets = 1; octets < header.size(); ++octets) {
        QCOMPARE(scanner.scan(std::string_view(input).substr(0, octets)), HeaderScanner::Outcome::NeedMore);
        QVERIFY(scanner.begun());
    }
    QCOMPARE(scanner.scan(input), HeaderScanner::Outcome::Complete);
    QCOMPARE(scanner.begin(), std::size_t{0});
    QCOMPARE(scanner.end(), header.size());
    scanner.reset();
    QVERIFY(!scanner.begun());
}

/// Empty lines are not the beginning of a request: a connection that sent only them is idle.
void TestHeaderScanner::skipsEmptyLinesBefore() {
    const Limits limits;
    HeaderScanner scanner(limits);
    QCOMPARE(scanner.scan("\r\n\r\n"), HeaderScanner::Outcome::NeedMore);
    QVERIFY(!scanner.begun());
    QCOMPARE(scanner.scan("\r\n\r\nGET / HTTP/1.0\r\n\r\n"), HeaderScanner::Outcome::Complete);
    QCOMPARE(scanner.begin(), std::size_t{4});
    QCOMPARE(scanner.end(), std::size_t{22});
}

void TestHeaderScanner::countsLimitsToTheOctet_data() {
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<unsigned>("status"); // 0: accepted
    const QByteArray line = "GET / HTTP/1.1\r\n";
    QTest::newRow("line as long as may be") << QByteArray("GET /" + QByteArray(16, 'a') + " HTTP/1.1\r\n\r\n") << 0U;
    QTest::newRow("line too long") << QByteArray("GET /" + QByteArray(17, 'a') + " HTTP/1.1\r\n\r\n") << 414U;
    QTest::newRow("line without end") << QByteArray(31, 'G') << 414U;
    QTest::newRow("field as long as may be") << line + "A: " + QByteArray(17, 'a') + "\r\n\r\n" << 0U;
    QTest::newRow("field too long") << line + "A: " + QByteArray(18, 'a') + "\r\n\r\n" << 431U;
    QTest::newRow("name too long") << line + QByteArray(21, 'a') << 431U;
    QTest::newRow("header as long as may be") << line + QByteArray("A: 34567\r\n").repeated(8) + "\r\n" << 0U;
    QTest::newRow("header too long") << line + QByteArray("A: 34567\r\n").repeated(8) + "B:\r\n\r\n" << 431U;
}

void TestHeaderScanner::countsLimitsToTheOctet() {
    QFETCH(QByteArray, input);
    QFETCH(unsigned, status);
    const auto limits = small();
    const std::string_view octets(input.constData(), static_cast<std::size_t>(input.size()));
    HeaderScanner whole(limits);
    const auto wanted = status == 0 ? HeaderScanner::Outcome::Complete : HeaderScanner::Outcome::Refused;
    QCOMPARE(whole.scan(octets), wanted);
    QCOMPARE(whole.status(), status);

    HeaderScanner slow(limits);
    auto outcome = HeaderScanner::Outcome::NeedMore;
    for (std::size_t seen = 1; seen <= octets.size() && outcome == HeaderScanner::Outcome::NeedMore; ++seen) {
        outcome = slow.scan(octets.substr(0, seen));
    }
    QCOMPARE(outcome, wanted);
    QCOMPARE(slow.status(), status);
    QCOMPARE(slow.end(), whole.end());
}

void TestHeaderScanner::refusesAtTheFirstBadOctet_data() {
    QTest::addColumn<QByteArray>("good"); // so far there is nothing to object to
    QTest::addColumn<QByteArray>("bad");  // one octet
    const QByteArray line = "GET / HTTP/1.1\r\n";
    QTest::newRow("LF for a request line") << QByteArray("GET / HTTP/1.1") << QByteArray("\n");
    QTest::newRow("no version") << QByteArray("GET /\r") << QByteArray("\n");
    QTest::newRow("control character in the target") << QByteArray("GET /") << QByteArray("\x01");
    QTest::newRow("bare CR in the target") << QByteArray("GET /\r") << QByteArray("a");
    QTest::newRow("white space before a field") << line << QByteArray(" ");
    QTest::newRow("folded line") << line + "A: b\r\n" << QByteArray("\t");
    QTest::newRow("space before the colon") << line + "A" << QByteArray(" ");
    QTest::newRow("NUL in a value") << line + "A: b" << QByteArray(1, '\0');
    QTest::newRow("bare CR in a value") << line + "A: b\r" << QByteArray("c");
    QTest::newRow("bare CR at the end") << line + "\r" << QByteArray("a");
    QTest::newRow("third empty line") << QByteArray("\r\n\r\n") << QByteArray("\r");
}

void TestHeaderScanner::refusesAtTheFirstBadOctet() {
    QFETCH(QByteArray, good);
    QFETCH(QByteArray, bad);
    const Limits limits;
    HeaderScanner scanner(limits);
    const auto all = (good + bad).toStdString();
    QCOMPARE(scanner.scan(std::string_view(all).substr(0, all.size() - 1)), HeaderScanner::Outcome::NeedMore);
    QCOMPARE(scanner.scan(all), HeaderScanner::Outcome::Refused);
    QCOMPARE(scanner.status(), 400U);
}

} // namespace lab::test

QTEST_APPLESS_MAIN(lab::test::TestHeaderScanner)
#include "tst_header_scanner.moc"
