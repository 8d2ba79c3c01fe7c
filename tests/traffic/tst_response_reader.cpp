// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic/response_reader.h"

#include <QTest>

namespace lab {

using Progress = ResponseReader::Progress;

/// If these fail, answers are counted that did not come whole, or whole ones are not.
class ResponseReaderTest : public QObject {
    Q_OBJECT

private slots:
    void readsWholeInAnyPieces_data();
    void readsWholeInAnyPieces();
    void refuses_data();
    void refuses();
    void readsOneAfterTheOther();
    void bodyMayEndWithTheConnection();
    void cutOffIsBad();
};

void ResponseReaderTest::readsWholeInAnyPieces_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<unsigned>("status");
    QTest::addColumn<qint64>("body");
    QTest::addColumn<bool>("keepsAlive");
    QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") << 200u << qint64(5)
                            << true;
    QTest::newRow("empty") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << 200u << qint64(0) << true;
    QTest::newRow("close") << QByteArray("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
                           << 404u << qint64(2) << false;
    QTest::newRow("HTTP/1.0") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx") << 200u << qint64(1)
                              << false;
    QTest::newRow("chunked") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                           "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
                             << 200u << qint64(7) << true;
    QTest::newRow("after an interim response")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") << 200u
        << qint64(2) << true;
}

void ResponseReaderTest::readsWholeInAnyPieces() {
    QFETCH(const QByteArray, text);
    QFETCH(const unsigned, status);
    QFETCH(const qint64, body);
    QFETCH(const bool, keepsAlive);
    for (qsizetype piece = 1; piece <= text.size(); ++piece) {
        ResponseReader reader;
        auto progress = Progress::NeedMore;
        for (qsizetype at = 0; at < text.size(); at += piece) {
            QCOMPARE(progress, Progress::NeedMore);
            progress = reader.feed(text.mid(at, piece).toStdString());
        }
        QCOMPARE(progress, Progress::Done);
        QCOMPARE(reader.status(), status);
        QCOMPARE(reader.bodyOctets(), body);
        QCOMPARE(reader.keepsAlive(), keepsAlive);
    }
}

void ResponseReaderTest::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no response") << QByteArray("hello there\r\n\r\n");
    QTest::newRow("more than was asked for") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy");
    QTest::newRow("no length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
    QTest::newRow("endless header") << QByteArray("HTTP/1.1 200 OK\r\nA: ") + QByteArray(70'000, 'a');
}

void ResponseReaderTest::refuses() {
    QFETCH(const QByteArray, text);
    ResponseReader reader;
    QCOMPARE(reader.feed(text.toStdString()), Progress::Bad);
}

void ResponseReaderTest::readsOneAfterTheOther() {
    ResponseReader reader;
    QCOMPARE(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"), Progress::Done);
    reader.reset();
    QCOMPARE(reader.feed("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nthree"), Progress::Done);
    QCOMPARE(reader.status(), 404u);
    QCOMPARE(reader.bodyOctets(), 5);
}

void ResponseReaderTest::bodyMayEndWithTheConnection() {
    ResponseReader reader;
    QCOMPARE(reader.feed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsome"), Progress::NeedMore);
    QCOMPARE(reader.feed(" text"), Progress::NeedMore);
    QCOMPARE(reader.feedEnd(), Progress::Done);
    QCOMPARE(reader.bodyOctets(), 9);
}

void ResponseReaderTest::cutOffIsBad() {
    ResponseReader nothing;
    QCOMPARE(nothing.feedEnd(), Progress::Bad);
    ResponseReader header;
    QCOMPARE(header.feed("HTTP/1.1 200 OK\r\nContent-"), Progress::NeedMore);
    QCOMPARE(header.feedEnd(), Progress::Bad);
    ResponseReader body;
    QCOMPARE(body.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), Progress::NeedMore);
    QCOMPARE(body.feedEnd(), Progress::Bad);
}

} // namespace lab

QTEST_APPLESS_MAIN(lab::ResponseReaderTest)
#include "tst_response_reader.moc"
