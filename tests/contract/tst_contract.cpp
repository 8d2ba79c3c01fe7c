// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/corpus.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/variants.h"

#include <QTest>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

namespace lab::test {

namespace {

constexpr std::string_view probe = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n";

/// True when `octets` hold all the responses, whole.
bool holdAll(std::string_view octets, const std::vector<Expectation>& expected) {
    for (const auto& one : expected) {
        if (!takeResponse(octets, one.withoutContent)) {
            return false;
        }
    }
    return true;
}

bool holdOne(const std::string& octets) { return holdAll(octets, {{200, false, {}}}); }

} // namespace

/// What every concurrency model answers, over real sockets, to every request of the corpus; so that a new model
/// inherits every promise.
class TestContract : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_servers.stopAll(); }

    void answersAsExpected_data();
    void answersAsExpected();
    void answersAlikeOctetByOctet_data() { addVariantRows(m_plain); }
    void answersAlikeOctetByOctet();
    void answersInEveryCombination_data() { addVariantRows(m_combinations); }
    void answersInEveryCombination();

private:
    std::string ask(Server& server, const CorpusRow& row, std::size_t piece);
    void check(const std::string& octets, const CorpusRow& row) const;

    DocumentTree m_tree;
    const std::vector<Variant> m_variants = variants();
    const std::vector<Variant> m_plain = plainVariants();
    const std::vector<Variant> m_combinations = combinations();
    std::vector<CorpusRow> m_rows;
    std::vector<CorpusRow> m_fileRows; ///< of these, those that get octets of files
    Servers m_servers;
    std::map<std::string, std::string> m_answers; ///< by the row's name, as the first variant gave them, without dates
};

void TestContract::initTestCase() {
    m_rows = readCorpus(m_tree);
    QVERIFY2(m_rows.size() >= 200, "the contract has fewer rows than promised");
    std::copy_if(m_rows.begin(), m_rows.end(), std::back_inserter(m_fileRows), [](const CorpusRow& row) {
        return std::any_of(row.responses.begin(), row.responses.end(),
                           [](const auto& response) { return response.status == 200 || response.status == 206; });
    });
    QVERIFY2(!m_variants.empty(), "there is no model to hold to the contract");
}

void TestContract::answersAsExpected_data() {
    QTest::addColumn<int>("variant");
    QTest::addColumn<int>("row");
    for (std::size_t variant = 0; variant < m_variants.size(); ++variant) {
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            const auto name = m_variants[variant].name + ": " + m_rows[row].name;
            QTest::newRow(name.c_str()) << static_cast<int>(variant) << static_cast<int>(row);
        }
    }
}

/// Sends the row's request on a new connection; returns the octets of the answer. Throws when the connection does not
/// stay open, or end in good order, as the row says.
std::string TestContract::ask(Server& server, const CorpusRow& row, std::size_t piece) {
    RawClient client(server.port());
    client.send(row.request, piece);
    if (row.halfClose) {
        client.halfClose();
    }
    if (!row.staysOpen) {
        const auto ending = client.readToEnd();
        if (ending != RawClient::Ending::Closed) {
            throw std::runtime_error(ending == RawClient::Ending::Reset ? "the connection was reset"
                                                                        : "the server does not close");
        }
        return client.received();
    }
    client.readUntil([&row](const std::string& octets) { return holdAll(octets, row.responses); });
    auto answer = client.received();
    client.forget();
    client.send(probe);
    if (client.readUntil(holdOne) != RawClient::Ending::Enough) {
        throw std::runtime_error("the connection is of no use afterwards");
    }
    return answer;
}

void TestContract::check(const std::string& octets, const CorpusRow& row) const {
    std::string_view rest = octets;
    for (const auto& expected : row.responses) {
        const auto response = takeResponse(rest, expected.withoutContent);
        if (!response) {
            throw std::runtime_error("a response is missing or not whole");
        }
        checkResponse(*response, expected, m_tree);
    }
    if (!rest.empty()) {
        throw std::runtime_error("more octets than the responses expected");
    }
}

void TestContract::answersAsExpected() {
    QFETCH(int, variant);
    QFETCH(int, row);
    const auto& asked = m_rows[static_cast<std::size_t>(row)];
    try {
        auto& server = m_servers.of(m_variants[static_cast<std::size_t>(variant)], m_tree.root());
        const auto answer = ask(server, asked, RawClient::whole);
        check(answer, asked);
        const auto [first, isFirst] = m_answers.try_emplace(asked.name, withoutDates(answer));
        QVERIFY2(isFirst || first->second == withoutDates(answer), "not octet for octet what the first model says");
    } catch (const std::exception& error) {
        QFAIL(error.what());
    }
}

void TestContract::answersAlikeOctetByOctet() {
    QFETCH(int, variant);
    constexpr std::size_t shortEnough = 600; // the long ones are cut in pieces in the handler's own test
    std::string current;
    try {
        auto& server = m_servers.of(m_plain[static_cast<std::size_t>(variant)], m_tree.root());
        for (const auto& row : m_rows) {
            current = row.name;
            if (row.atOnce || row.request.size() > shortEnough) {
                continue;
            }
            const auto answer = ask(server, row, 1);
            check(answer, row);
        }
    } catch (const std::exception& error) {
        QFAIL((current + ": " + error.what()).c_str());
    }
}

/// A part of the corpus that asks for files, since all else has nothing to do with transfer and cache: every seventh
/// row, beginning with another one for each combination.
void TestContract::answersInEveryCombination() {
    QFETCH(int, variant);
    std::string current;
    try {
        auto& server = m_servers.of(m_combinations[static_cast<std::size_t>(variant)], m_tree.root());
        constexpr std::size_t step = 7;
        for (auto row = static_cast<std::size_t>(variant) % step; row < m_fileRows.size(); row += step) {
            current = m_fileRows[row].name;
            check(ask(server, m_fileRows[row], RawClient::whole), m_fileRows[row]);
        }
    } catch (const std::exception& error) {
        QFAIL((current + ": " + error.what()).c_str());
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestContract)
#include "tst_contract.moc"
