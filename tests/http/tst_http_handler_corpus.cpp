// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/http_handler.h"
#include "tests/contract/corpus.h"
#include "tests/http/handler_driver.h"

#include <QTest>

namespace lab::test {

namespace {

CachedFilesystem::Options smallMemory() {
    CachedFilesystem::Options options;
    options.smallFileOctets = 10'000; // so that some files of the corpus travel by descriptor
    return options;
}

} // namespace

/// Every row of the contract, asked of the handler alone: what it says must not depend on how octets arrive.
class TestHttpHandlerCorpus : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void answersAsExpected_data();
    void answersAsExpected();

private:
    std::string ask(const CorpusRow& row, std::size_t piece, bool& open);

    DocumentTree m_tree;
    std::vector<CorpusRow> m_rows;
    std::unique_ptr<CachedFilesystem> m_files;
    Limits m_limits;
};

void TestHttpHandlerCorpus::initTestCase() {
    m_rows = readCorpus(m_tree);
    QVERIFY2(m_rows.size() >= 200, "the contract has fewer rows than promised");
    m_files = CachedFilesystem::open(m_tree.root(), nullptr, smallMemory()).value();
}

void TestHttpHandlerCorpus::answersAsExpected_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        QTest::newRow(m_rows[i].name.c_str()) << static_cast<int>(i);
    }
}

std::string TestHttpHandlerCorpus::ask(const CorpusRow& row, std::size_t piece, bool& open) {
    HandlerDriver driver(makeHttpHandler(1, *m_files, m_limits, FileTransfer::TransmitFile));
    driver.feed(row.request, piece);
    open = driver.receiving() && !driver.finishedSending();
    if (row.halfClose) {
        driver.end();
        open = driver.receiving() && !driver.finishedSending();
    }
    return withoutDates(driver.output());
}

void TestHttpHandlerCorpus::answersAsExpected() {
    QFETCH(int, index);
    const auto& row = m_rows[static_cast<std::size_t>(index)];
    bool open = false;
    const auto output = ask(row, HandlerDriver::whole, open);
    std::string_view rest = output;
    try {
        for (const auto& expected : row.responses) {
            const auto response = takeResponse(rest, expected.withoutContent);
            QVERIFY2(response.has_value(), "a response is missing or not whole");
            auto dated = *response;
            for (auto& [name, value] : dated.fields) {
                value = name == "Date" ? std::string(DocumentTree::modified) : value;
            }
            checkResponse(dated, expected, m_tree);
        }
    } catch (const std::exception& error) {
        QFAIL(error.what());
    }
    QVERIFY2(rest.empty(), "more octets than the responses expected");
    QCOMPARE(open, row.staysOpen);

    bool openToo = false;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1460}}) {
        QVERIFY2(ask(row, piece, openToo) == output, "another answer when the octets arrive in pieces");
        QCOMPARE(openToo, open);
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestHttpHandlerCorpus)
#include "tst_http_handler_corpus.moc"
