// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/conditions.h"
#include "engine/http/http_date.h"

#include <QTest>

#include <clocale>

namespace lab::test {

/// Dates and versions: what a cache on the way relies on.
class TestConditions : public QObject {
    Q_OBJECT

private slots:
    void readsTheThreeFormsOfDates();
    void refusesWhatIsNoDate_data();
    void refusesWhatIsNoDate();
    void writesDatesInEnglish();
    void dateFieldIsOfNow();
    void aDateOfThisSecondIsNoStrongValidator();
};

void TestConditions::readsTheThreeFormsOfDates() {
    constexpr std::time_t moment = 784'111'777;
    constexpr std::time_t now = 1'800'000'000; // 2027
    QCOMPARE(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", now), std::optional(moment));
    QCOMPARE(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", now), std::optional(moment));
    QCOMPARE(parseHttpDate("Sun Nov  6 08:49:37 1994", now), std::optional(moment));
    // Less than 50 years ahead is ahead; more is past (RFC 9110 section 5.6.7).
    QCOMPARE(parseHttpDate("Friday, 01-Jan-60 00:00:00 GMT", now), std::optional<std::time_t>(2'840'140'800));
    QCOMPARE(parseHttpDate("Saturday, 01-Jan-78 00:00:00 GMT", now), std::optional<std::time_t>(252'460'800));
}

void TestConditions::refusesWhatIsNoDate_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
         {"", "now", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 25:49:37 GMT",
          "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TestConditions::refusesWhatIsNoDate() {
    QFETCH(QByteArray, text);
    QVERIFY(!parseHttpDate(std::string_view(text.constData(), static_cast<std::size_t>(text.size())), 0));
}

/// A program with a window sets the user's locale.
void TestConditions::writesDatesInEnglish() {
    std::setlocale(LC_ALL, "");
    QCOMPARE(formatHttpDate(784'111'777), std::string("Sun, 06 Nov 1994 08:49:37 GMT"));
    QCOMPARE(formatHttpDate(0), std::string("Thu, 01 Jan 1970 00:00:00 GMT"));
}

void TestConditions::dateFieldIsOfNow() {
    const auto before = wallSeconds();
    const std::string field(dateField());
    const auto after = wallSeconds();
    QVERIFY(field.starts_with("Date: ") && field.ends_with(" GMT\r\n"));
    const auto date = parseHttpDate(std::string_view(field).substr(6, field.size() - 8), after);
    QVERIFY(date && *date >= before && *date <= after);
}

void TestConditions::aDateOfThisSecondIsNoStrongValidator() {
    constexpr std::time_t moment = 784'111'777;
    Preconditions conditions;
    conditions.ifRange = "Sun, 06 Nov 1994 08:49:37 GMT";
    const Validators file{"\"tag\"", moment};
    QVERIFY(!ifRangeHolds(conditions, file, moment));
    QVERIFY(ifRangeHolds(conditions, file, moment + 1));
}

} // namespace lab::test

QTEST_APPLESS_MAIN(lab::test::TestConditions)
#include "tst_conditions.moc"
