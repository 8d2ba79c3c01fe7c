// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/http/request_target.h"

#include <QTest>

#include <random>

namespace lab::test {

/// From what stands in a request line to a path under the document root.
class TestRequestTarget : public QObject {
    Q_OBJECT

private slots:
    void splitsAndDecodes_data();
    void splitsAndDecodes();
    void neverLeadsUpwards();
};

void TestRequestTarget::splitsAndDecodes_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<unsigned>("refusal");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    const auto row = [](const char* target, unsigned refusal, const char* path, const char* query) {
        QTest::newRow(target) << QByteArray(target) << refusal << QByteArray(path) << QByteArray(query);
    };
    row("/", 0, "/", "");
    row("/a/b?c=d?e", 0, "/a/b", "?c=d?e");
    row("/%41%2520", 0, "/A%20", "");
    row("http://h", 0, "/", "");
    row("http://h/a?b", 0, "/a", "?b");
    row("https://h/", 421, "", "");
    row("/..", 404, "", "");
    row("/a%2f..%2fb", 404, "", "");
    row("/a%5Cb", 404, "", "");
    row("//a", 404, "", "");
    row("/%", 400, "", "");
    row("/%00", 400, "", "");
    row("h:80", 400, "", "");
}

void TestRequestTarget::splitsAndDecodes() {
    QFETCH(QByteArray, target);
    QFETCH(unsigned, refusal);
    std::string storage;
    const auto text = target.toStdString();
    const auto read = readTarget(text, storage);
    QCOMPARE(read.refusal, refusal);
    if (refusal == 0) {
        QTEST(QByteArray(read.path.data(), static_cast<qsizetype>(read.path.size())), "path");
        QTEST(QByteArray(read.query.data(), static_cast<qsizetype>(read.query.size())), "query");
    }
}

/// However a path is written: one that is not refused has no segment that leads up, and no NUL.
void TestRequestTarget::neverLeadsUpwards() {
    const std::vector<std::string> words{"/", ".", "..",  "%2e", "%2E", "%2f", "%5c", "\\",
                                         "a", "%", "%25", "2e",  "%00", "?",   "~",   "http://h"};
    std::mt19937 generator(20'260'103);
    std::string storage;
    int accepted = 0;
    constexpr int rounds = 100'000;
    for (int round = 0; round < rounds; ++round) {
        std::string target = "/";
        for (auto count = generator() % 7; count > 0; --count) {
            target += words[generator() % words.size()];
        }
        const auto read = readTarget(target, storage);
        if (read.refusal != 0) {
            continue;
        }
        ++accepted;
        const auto enclosed = std::string(read.path) + "/";
        QVERIFY2(enclosed.starts_with('/') && enclosed.find("/../") == std::string::npos &&
                     enclosed.find('\0') == std::string::npos && enclosed.find('\\') == std::string::npos &&
                     read.path.find("//") == std::string_view::npos,
                 target.c_str());
    }
    QVERIFY(accepted > 1'000);
}

} // namespace lab::test

QTEST_APPLESS_MAIN(lab::test::TestRequestTarget)
#include "tst_request_target.moc"
