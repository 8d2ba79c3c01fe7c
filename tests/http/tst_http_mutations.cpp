// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/http_handler.h"
#include "tests/contract/corpus.h"
#include "tests/http/handler_driver.h"

#include <QTest>

#include <random>

namespace lab::test {

namespace {

const std::vector<std::string> words{"\r\n",
                                     "\r",
                                     "\n",
                                     "\r\n\r\n",
                                     " ",
                                     "\t",
                                     ":",
                                     ",",
                                     std::string(1, '\0'),
                                     "%",
                                     "%00",
                                     "%2e%2e/",
                                     "../",
                                     "/",
                                     "\\",
                                     "HTTP/1.0",
                                     "HTTP/1.1",
                                     "Host: h\r\n",
                                     "Content-Length: 3\r\n",
                                     "Transfer-Encoding: chunked\r\n",
                                     "0\r\n\r\n",
                                     "Connection: close\r\n",
                                     "Range: bytes=0-3,5-6\r\n",
                                     "Expect: 100-continue\r\n",
                                     "http://h",
                                     "GET ",
                                     "HEAD ",
                                     "\xff"};

} // namespace

/// Requests of the corpus, damaged at random but always in the same way: whatever arrives, the answers are correct
/// HTTP, do not depend on how the octets were cut, and tell nothing from outside the root.
class TestHttpMutations : public QObject {
    Q_OBJECT

private slots:
    void staysCorrect();

private:
    std::string mutate(const std::string& request);
    std::string ask(const std::string& request, std::size_t piece);
    std::size_t below(std::size_t limit) { return m_generator() % limit; }

    DocumentTree m_tree;
    std::mt19937 m_generator{20'260'104};
    Limits m_limits;
    std::unique_ptr<CachedFilesystem> m_files;
};

std::string TestHttpMutations::mutate(const std::string& request) {
    auto result = request;
    for (auto count = 1 + below(4); count > 0; --count) {
        const auto at = below(result.size() + 1);
        switch (below(4)) {
        case 0: result.insert(at, words[below(words.size())]); break;
        case 1: result.erase(at, 1 + below(6)); break;
        case 2:
            result.replace(at, std::min<std::size_t>(1, result.size() - at), 1, static_cast<char>(below(256)));
            break;
        default: result.insert(at, result.substr(below(result.size() + 1), below(40))); break;
        }
    }
    return result;
}

std::string TestHttpMutations::ask(const std::string& request, std::size_t piece) {
    HandlerDriver driver(makeHttpHandler(1, *m_files, m_limits, FileTransfer::TransmitFile));
    driver.feed(request, piece);
    driver.end();
    if (!driver.closed()) {
        throw std::runtime_error("the connection goes on after the peer has ended it");
    }
    auto output = withoutDates(driver.output());
    // Whether the peer is told to go on depends on what has come already, and rightly so.
    constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";
    for (auto at = output.find(goOn); at != std::string::npos; at = output.find(goOn)) {
        output.erase(at, goOn.size());
    }
    return output;
}

void TestHttpMutations::staysCorrect() {
    m_files = std::move(CachedFilesystem::open(m_tree.root(), nullptr, {}).value());
    std::vector<std::string> seeds;
    for (const auto& row : readCorpus(m_tree)) {
        if (row.request.size() < 1'000) {
            seeds.push_back(row.request);
        }
    }
    constexpr int rounds = 12'000;
    for (int round = 0; round < rounds; ++round) {
        const auto request = mutate(seeds[below(seeds.size())]);
        const auto shown = QByteArray::fromStdString(request).toPercentEncoding();
        try {
            const auto output = ask(request, HandlerDriver::whole);
            QVERIFY2(ask(request, 1 + below(9)) == output, shown.constData());
            QVERIFY2(output.find(DocumentTree::secret) == std::string::npos, shown.constData());
            QVERIFY2(output.empty() || output.starts_with("HTTP/1.1 "), shown.constData());
        } catch (const std::exception& error) {
            QFAIL((error.what() + (": " + shown)).constData());
        }
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestHttpMutations)
#include "tst_http_mutations.moc"
