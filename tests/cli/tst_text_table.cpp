// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/suggestion.h"
#include "engine/analysis/text_table.h"

#include <QTest>

#include <limits>
#include <sstream>

namespace lab {

/// If these fail, tables on the terminal are not aligned, or numbers in them are not what they should be.
class TextTableTest : public QObject {
    Q_OBJECT

private slots:
    void alignsColumns();
    void writesNumbers();
    void suggestsWhatIsClose();
};

void TextTableTest::alignsColumns() {
    TextTable table;
    table.addColumn("model", TextTable::Align::Left);
    table.addColumn("n");
    table.addColumn("note", TextTable::Align::Left);
    table.addRow({"reactor", "12,345", "µs"});
    table.addRow({"größer", "1", "x"});
    table.addRow({"short"});
    std::ostringstream out;
    table.print(out);
    QCOMPARE(out.str(), "model         n  note\n"
                        "reactor  12,345  µs\n"
                        "größer        1  x\n"
                        "short\n");
}

void TextTableTest::writesNumbers() {
    QCOMPARE(withSeparators(std::uint64_t{0}), "0");
    QCOMPARE(withSeparators(std::uint64_t{999}), "999");
    QCOMPARE(withSeparators(std::uint64_t{1000}), "1,000");
    QCOMPARE(withSeparators(std::uint64_t{12'345'678}), "12,345,678");
    QCOMPARE(withSeparators(std::int64_t{-1'000}), "-1,000");
    QCOMPARE(withSeparators(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
    QCOMPARE(withDecimals(3.14159, 2), "3.14");
    QCOMPARE(plainNumber(20'000), "20000");
    QCOMPARE(plainNumber(0.01), "0.01");
}

void TextTableTest::suggestsWhatIsClose() {
    constexpr std::string_view known[] = {"reactor", "proactor", "proactor-pool", "thread-pool"};
    QCOMPARE(suggestion("reactro", known), "; did you mean \"reactor\"?");
    QCOMPARE(suggestion("Proactor", known), "; did you mean \"proactor\"?");
    QCOMPARE(suggestion("threadpool", known), "; did you mean \"thread-pool\"?");
    QCOMPARE(suggestion("nginx", known), "");
    QCOMPARE(suggestion("", known), "");
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::TextTableTest)
#include "tst_text_table.moc"
