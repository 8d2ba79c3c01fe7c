// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/protocol/http_handler.h"
#include "engine/trace/trace.h"
#include "tests/contract/corpus.h"
#include "tests/http/handler_driver.h"

#include <QTest>

namespace lab::test {

namespace {

constexpr std::string_view get = "GET /hello.txt HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view getAndClose = "GET /hello.txt HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

unsigned statusOf(std::string_view output) {
    const auto response = takeResponse(output, false);
    return response ? response->status : 0;
}

} // namespace

/// What the handler asks of its connection: when to read, to end, to wait for the peer, and what it records.
class TestHttpHandler : public QObject {
    Q_OBJECT

private slots:
    void init();
    void asksForTheRightDeadline();
    void answersExpiredDeadlines();
    void continuesOnlyWhereThePeerWaits();
    void lingersWhereInputMayRemain();
    void lingeringHasAnEnd();
    void countsRequestsThatAreDone();
    void endsWhenTheServerEnds();
    void keepsItsMemoryBounded();
    void announcesHowContentTravels_data();
    void announcesHowContentTravels();
    void recordsARequest();

private:
    HandlerDriver make(FileTransfer transfer = FileTransfer::TransmitFile) {
        return HandlerDriver(makeHttpHandler(7, *m_files, m_limits, transfer));
    }

    DocumentTree m_tree;
    Limits m_limits;
    std::unique_ptr<CachedFilesystem> m_files;
};

void TestHttpHandler::init() {
    m_limits = Limits{};
    CachedFilesystem::Options options;
    options.smallFileOctets = 10'000;
    m_files = std::move(CachedFilesystem::open(m_tree.root(), nullptr, options).value());
}

void TestHttpHandler::asksForTheRightDeadline() {
    auto driver = make();
    QCOMPARE(driver.deadline(), Deadline::Header);
    driver.feed(get.substr(0, 5));
    QCOMPARE(driver.deadline(), Deadline::Header);
    driver.feed(get.substr(5));
    QCOMPARE(driver.deadline(), Deadline::Idle);
    driver.feed("\r\n");
    QCOMPARE(driver.deadline(), Deadline::Idle); // an empty line is not the beginning of a request
    driver.feed("G");
    QCOMPARE(driver.deadline(), Deadline::Header);
    driver.feed("ET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab");
    QCOMPARE(driver.deadline(), Deadline::Body);
    driver.feed("c");
    QCOMPARE(driver.deadline(), Deadline::Idle);
}

void TestHttpHandler::answersExpiredDeadlines() {
    auto silent = make();
    silent.expire();
    QVERIFY(silent.closed());
    QVERIFY(silent.output().empty());
    QCOMPARE(silent.handler().closeReason(), CloseReason::DeadlineExpired);

    for (const std::string_view beginning : {"GET", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"}) {
        auto stalled = make();
        stalled.feed(beginning);
        stalled.expire();
        QCOMPARE(statusOf(stalled.output()), 408U);
        QVERIFY(stalled.finishedSending());
        QCOMPARE(stalled.deadline(), Deadline::Linger);
        stalled.end();
        QVERIFY(stalled.closed());
        QCOMPARE(stalled.handler().closeReason(), CloseReason::DeadlineExpired);
    }

    auto idle = make();
    idle.feed(get);
    idle.takeOutput();
    idle.expire();
    QVERIFY(idle.closed());
    QVERIFY(idle.output().empty());
}

void TestHttpHandler::continuesOnlyWhereThePeerWaits() {
    const std::string header = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    auto waiting = make();
    waiting.feed(header);
    QCOMPARE(waiting.takeOutput(), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
    QCOMPARE(waiting.requestsDone(), 0U);
    waiting.feed("abc");
    QCOMPARE(statusOf(waiting.output()), 405U);
    QCOMPARE(waiting.requestsDone(), 1U);

    auto impatient = make();
    impatient.feed(header + "abc");
    QCOMPARE(statusOf(impatient.output()), 405U);
}

void TestHttpHandler::lingersWhereInputMayRemain() {
    auto orderly = make();
    orderly.feed(getAndClose);
    QVERIFY(orderly.closed() && !orderly.finishedSending());
    QCOMPARE(orderly.handler().closeReason(), CloseReason::Finished);

    auto more = make();
    more.feed(std::string(getAndClose) + "GET /");
    QVERIFY(more.finishedSending());
    more.end();
    QVERIFY(more.closed());

    auto broken = make();
    broken.feed("rubbish\r\n");
    QVERIFY(broken.finishedSending());
    broken.feed("whatever else the peer had to say");
    QVERIFY(broken.receiving());
    QCOMPARE(broken.deadline(), Deadline::Linger);
    broken.expire();
    QVERIFY(broken.closed());
    QCOMPARE(statusOf(broken.output()), 400U);
}

void TestHttpHandler::lingeringHasAnEnd() {
    auto driver = make();
    driver.feed("rubbish\r\n");
    const std::string more(64 * 1024, 'x');
    int pieces = 0;
    while (driver.receiving() && pieces < 10'000) {
        driver.feed(more);
        ++pieces;
    }
    QVERIFY2(driver.closed(), "a peer that never stops sending is listened to for ever");
    QVERIFY(driver.largestBuffer() <= 65'536);
}

void TestHttpHandler::countsRequestsThatAreDone() {
    auto driver = make();
    driver.feed(std::string(get) + std::string(get));
    driver.feed(getAndClose);
    QCOMPARE(driver.requestsDone(), 3U);
    QCOMPARE(driver.handler().requestsServed(), 3U);
}

void TestHttpHandler::endsWhenTheServerEnds() {
    auto driver = make();
    driver.feed(get);
    driver.takeOutput();
    driver.handler().refuseMoreRequests();
    driver.feed(get);
    std::string_view output = driver.output();
    const auto response = takeResponse(output, false);
    QVERIFY(response);
    QCOMPARE(response->field("Connection"), std::optional<std::string>("close"));
    QVERIFY(driver.closed());
    QCOMPARE(driver.handler().closeReason(), CloseReason::ServerStopping);
}

void TestHttpHandler::keepsItsMemoryBounded() {
    auto driver = make();
    driver.feed("GET / HTTP/1.1\r\nHost: h\r\n", 1);
    for (int i = 0; i < 3'000 && driver.receiving() && !driver.finishedSending(); ++i) {
        driver.feed("X-Name: and some value for it\r\n");
    }
    QCOMPARE(statusOf(driver.output()), 431U);
    QVERIFY(driver.largestBuffer() <= 65'536);

    auto pipelining = make();
    std::string many;
    for (int i = 0; i < 5'000; ++i) {
        many += get;
    }
    pipelining.feed(many);
    QCOMPARE(pipelining.requestsDone(), 5'000U);
    QVERIFY2(pipelining.largestBuffer() <= 4'096, "pipelined requests need no larger buffer");
}

void TestHttpHandler::announcesHowContentTravels_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("byRead");
    QTest::addColumn<int>("byTransmit");
    const auto row = [](const char* line, Transfer byRead, Transfer byTransmit) {
        QTest::newRow(line) << QByteArray(line) << static_cast<int>(byRead) << static_cast<int>(byTransmit);
    };
    row("GET /hello.txt", Transfer::Memory, Transfer::Memory);
    row("GET /large.bin", Transfer::ReadWrite, Transfer::TransmitFile);
    row("HEAD /large.bin", Transfer::None, Transfer::None);
    row("GET /missing", Transfer::Memory, Transfer::Memory);
}

void TestHttpHandler::announcesHowContentTravels() {
    QFETCH(QByteArray, line);
    QFETCH(int, byRead);
    QFETCH(int, byTransmit);
    for (const auto transfer : {FileTransfer::ReadWrite, FileTransfer::TransmitFile}) {
        Recording recording;
        Trace trace(recording);
        {
            const TraceThread thread(&trace, "test");
            auto driver = make(transfer);
            driver.feed(line.toStdString() + " HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        trace.stop();
        const auto view = recording.view();
        int started = 0;
        for (auto i = view.first(); i < view.end(); ++i) {
            if (view[i].type() == EventType::ResponseStarted) {
                ++started;
                QCOMPARE(static_cast<int>(view[i].kind()), transfer == FileTransfer::ReadWrite ? byRead : byTransmit);
            }
        }
        QCOMPARE(started, 1);
    }
}

void TestHttpHandler::recordsARequest() {
    Recording recording;
    Trace trace(recording);
    std::string output;
    {
        const TraceThread thread(&trace, "test");
        m_files = std::move(CachedFilesystem::open(m_tree.root(), &recording, {}).value());
        auto driver = make();
        driver.feed(get);
        output = driver.output();
    }
    trace.stop();
    const auto view = recording.view();
    std::vector<Event> events;
    for (auto i = view.first(); i < view.end(); ++i) {
        // Opening and reading the file are calls of the same connection; how many is the filesystem's business.
        if (view[i].connection == 7 && view[i].type() != EventType::CallPerformed) {
            events.push_back(view[i]);
        }
    }
    QCOMPARE(events.size(), std::size_t{3});
    QCOMPARE(events[0].type(), EventType::RequestParsed);
    QCOMPARE(events[0].kindAs<Method>(), Method::Get);
    QCOMPARE(events[0].value(), static_cast<std::int64_t>(get.size()));
    QCOMPARE(events[1].type(), EventType::FileFound);
    QCOMPARE(events[1].kindAs<FileSource>(), FileSource::CacheMiss);
    QCOMPARE(recording.name(static_cast<NameId>(events[1].value())), std::string("/hello.txt"));
    QCOMPARE(events[2].type(), EventType::ResponseStarted);
    QCOMPARE(events[2].value(), responseValue(200, static_cast<std::int64_t>(output.size())));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestHttpHandler)
#include "tst_http_handler.moc"
