// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/state/narration.h"
#include "engine/trace/readable.h"
#include "tests/state/synthetic_run.h"

#include <QtTest>

#include <cerrno>
#include <set>

using namespace lab;

namespace {

Glossary glossaryOf(std::string family) {
    Glossary glossary;
    glossary.info.family = std::move(family);
    glossary.names = {"",        "laboratory", "proactor-pool", "traffic", "burst", "/index.html",
                      "/5k.bin", "/5m.bin",    "worker-1",      "worker-2"};
    return glossary;
}

/// The sentence of the last event, seen in the state before it.
std::string last(const SyntheticRun& run, const std::string& family) {
    const auto before = SyntheticRun::fold(run.events(), run.events().size() - 1);
    return narrate(run.events().back(), before, glossaryOf(family));
}

} // namespace

/// The line under the stage is what a student reads: every event has a sentence, and it says what happened.
class NarrationTest : public QObject {
    Q_OBJECT

private slots:
    void everyTypeHasASentenceOfItsOwn();
    void sentencesAreWellFormed_data();
    void sentencesAreWellFormed();
    void readinessIsNotCompletion();
    void waitsBeneathAProcessorAreNotForHandles();
    void namesWhoWaitsTheirTurn();
    void tellsWhatWaitsWhere();
    void errorsInWords();
    void shortagesOfWorkersAreNotFailedAccepts();
    void saysWhatTheCacheHas_data();
    void saysWhatTheCacheHas();
    void saysWhoSendsAFile_data();
    void saysWhoSendsAFile();
    void saysWhatIsLeftToAPool();
    void headAndFileApartMayStall();
    void figuresForPeople_data();
    void figuresForPeople();
};

void NarrationTest::everyTypeHasASentenceOfItsOwn() {
    const std::string unknown = narrate(Event{.time = 0,
                                              .kindAndValue = 0,
                                              .connection = 0,
                                              .operation = 0,
                                              .typeAndSequence = 250,
                                              .actor = 0,
                                              .site = 0},
                                        {}, glossaryOf("reactive"));
    for (const auto* family : {"synchronous", "reactive", "proactive", ""}) {
        std::set<std::string> sentences;
        for (unsigned type = 0; type < static_cast<unsigned>(EventType::Count); ++type) {
            SyntheticRun run;
            run.begin();
            run.add(static_cast<EventType>(type), 2, 12, 7, 1, 5);
            const auto sentence = last(run, family);
            QVERIFY2(sentence != unknown, words(static_cast<EventType>(type)).data());
            QVERIFY2(sentences.insert(sentence).second, sentence.c_str());
        }
    }
}

void NarrationTest::sentencesAreWellFormed_data() {
    QTest::addColumn<QString>("family");
    for (const auto* family : {"synchronous", "reactive", "proactive", "adaptive", ""}) {
        QTest::newRow(family) << family;
    }
}

/// Any event, any kind, any value, in states that match and such that do not.
void NarrationTest::sentencesAreWellFormed() {
    QFETCH(QString, family);
    const auto glossary = glossaryOf(family.toStdString());
    SyntheticRun run(3);
    run.begin();
    run.reactive(500, 6);
    run.proactive(500, 6);
    run.synchronous(500, 3);
    run.damaged(8'000);
    LabState state;
    for (const auto& event : run.events()) {
        const auto sentence = QString::fromStdString(narrate(event, state, glossary));
        QVERIFY2(sentence.endsWith('.') || sentence.endsWith('?'), qPrintable(sentence));
        QVERIFY2(sentence.size() >= 12 && sentence.size() < 320, qPrintable(sentence));
        QVERIFY2(!sentence.contains("  ") && !sentence.contains("..") && !sentence.contains(" ."),
                 qPrintable(sentence));
        state.apply(event);
    }
}

void NarrationTest::readinessIsNotCompletion() {
    SyntheticRun reactive;
    reactive.begin(1);
    reactive.add(EventType::CallEntered, 2, 0, 0, SystemCall::Epoll, 3);
    reactive.add(EventType::HookEntered, 2, 12, 0, Hook::HandleInput);
    QCOMPARE(
        last(reactive, "reactive"),
        std::string("The dispatcher calls handle_input of #12: the socket is ready, so the one thread reads it now."));

    SyntheticRun proactive;
    proactive.begin();
    proactive.add(EventType::OperationInitiated, 2, 12, 7, Operation::Read, 8192);
    proactive.add(EventType::OperationInitiated, 2, 13, 8, Operation::Read, 8192);
    proactive.add(EventType::OperationCompleted, 2, 12, 7, Operation::Read, 312);
    QCOMPARE(last(proactive, "proactive"),
             std::string("The Asynchronous Operation Processor has performed the read of #12: 312 octets have come."));
    proactive.add(EventType::QueuePushed, 2, 12, 7, Queue::Completion, 1);
    proactive.add(EventType::QueuePopped, 3, 12, 7, Queue::Completion, 0);
    proactive.add(EventType::HookEntered, 3, 12, 7, Hook::HandleRead);
    QCOMPARE(last(proactive, "proactive"),
             std::string("worker-2 carries the completed read of #12 to its handler’s hook, handle_read. One operation "
                         "waits in the kernel; no thread does so for a connection."));
}

void NarrationTest::waitsBeneathAProcessorAreNotForHandles() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::OperationInitiated, 2, 12, 7, Operation::Read, 8192);
    run.add(EventType::CallEntered, 3, 0, 0, SystemCall::Epoll, 0);
    QCOMPARE(last(run, "proactive"),
             std::string("worker-2 waits in epoll_wait until the one operation under way can be performed."));
    QCOMPARE(last(run, "reactive"),
             std::string("worker-2 waits in epoll_wait with no handle to watch, until another thread wakes it."));
}

void NarrationTest::namesWhoWaitsTheirTurn() {
    SyntheticRun run;
    run.begin(1);
    for (const unsigned connection : {12U, 9U, 10U}) {
        run.add(EventType::ConnectionAccepted, 2, connection, 0, Origin::Traffic, 40'000 + connection);
        run.add(EventType::HandleReady, 2, connection, 0, Interest::Read);
    }
    run.add(EventType::HandleReady, 2, 0, 0, Interest::Accept);
    run.add(EventType::HookEntered, 2, 12, 0, Hook::HandleInput);
    QVERIFY(QString::fromStdString(last(run, "reactive")).endsWith("#9, #10 and the acceptor wait their turn."));
}

void NarrationTest::tellsWhatWaitsWhere() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::CallEntered, 3, 0, 0, SystemCall::Accept);
    run.add(EventType::CallEntered, 2, 14, 0, SystemCall::Read, 8192);
    run.add(EventType::CallLeft, 2, 14, 0, SystemCall::Read, 87);
    QVERIFY(QString::fromStdString(last(run, "synchronous")).contains("in the kernel with 87 octets"));
    run.add(EventType::RequestParsed, 2, 14, 0, Method::Get, 87);
    QCOMPARE(
        last(run, "synchronous"),
        std::string("worker-1 has parsed the request of #14: a GET, 87 octets. One other thread waits in the kernel."));
}

void NarrationTest::errorsInWords() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::CallLeft, 2, 14, 0, SystemCall::Read, -ECONNRESET);
    QVERIFY(QString::fromStdString(last(run, "synchronous")).endsWith("without success: connection reset by peer."));
    run.add(EventType::AcceptFailed, 2, 0, 0, static_cast<unsigned>(EMFILE), 100);
    QCOMPARE(last(run, "reactive"),
             std::string("The Acceptor cannot take a client in: too many open files. It tries again in 100 ms."));
    run.add(EventType::ClientFailed, 1, 4, 0, ClientFailure::Connect, ECONNREFUSED);
    QCOMPARE(last(run, "reactive"), std::string("Client 4 could not connect (connection refused)."));
}

void NarrationTest::shortagesOfWorkersAreNotFailedAccepts() {
    SyntheticRun run;
    run.begin();
    run.add(EventType::WorkerRefused, 2, 14, 0, Worker::Thread, 200);
    QCOMPARE(last(run, "synchronous"),
             std::string("The system has no thread to give for #14: it is accepted, but will be closed unserved. The "
                         "Acceptor takes the next client in after 200 ms."));
    run.add(EventType::WorkerRefused, 2, 14, 0, Worker::Thread, 0); // a thread that serves, and accepts nobody
    QVERIFY(!QString::fromStdString(last(run, "synchronous")).contains("Acceptor"));
}

void NarrationTest::saysWhatTheCacheHas_data() {
    QTest::addColumn<int>("source");
    QTest::addColumn<QStringList>("said");
    QTest::addColumn<QStringList>("never");
    const auto row = [](FileSource source, const QStringList& said, const QStringList& never) {
        QTest::newRow(words(source).data()) << static_cast<int>(source) << said << never;
    };
    row(FileSource::CacheHit, {"memory", "no disk is asked"}, {"descriptor"});
    row(FileSource::CacheMiss, {"has read it and keeps it"}, {"descriptor"});
    row(FileSource::DescriptorHit, {"kept open", "page cache", "disk"}, {"no disk", "memory"});
    row(FileSource::DescriptorMiss, {"keeps the descriptor", "not read before they are sent"}, {"has read it"});
    row(FileSource::Opened, {"for this answer alone", "no room"}, {"no cache"});
    row(FileSource::Uncached, {"for this answer alone", "no cache"}, {"no room"});
}

/// Of a large file nothing is in memory, and without a cache there is nothing that could have no room.
void NarrationTest::saysWhatTheCacheHas() {
    QFETCH(int, source);
    QFETCH(QStringList, said);
    QFETCH(QStringList, never);
    SyntheticRun run;
    run.begin();
    run.add(EventType::FileFound, 2, 14, 0, static_cast<unsigned>(source), 7);
    const auto sentence = QString::fromStdString(last(run, "reactive"));
    for (const auto& part : said) {
        QVERIFY2(sentence.contains(part), qPrintable(sentence));
    }
    for (const auto& part : never) {
        QVERIFY2(!sentence.contains(part), qPrintable(sentence));
    }
}

void NarrationTest::saysWhoSendsAFile_data() {
    QTest::addColumn<QString>("processor");
    QTest::addColumn<QString>("said");
    QTest::newRow("Asio") << "Asio on epoll"
                          << "a thread of the server calls sendfile each time the socket has room.";
    QTest::newRow("io_uring") << "io_uring"
                              << "the processor submits a read and a send, linked, for each 64 KiB.";
    QTest::newRow("unknown") << ""
                             << "the Asynchronous Operation Processor sends it.";
}

void NarrationTest::saysWhoSendsAFile() {
    QFETCH(QString, processor);
    QFETCH(QString, said);
    SyntheticRun run;
    run.begin();
    run.add(EventType::ResponseStarted, 2, 14, 0, Transfer::TransmitFile, responseValue(200, 5'000'312));
    auto glossary = glossaryOf("proactive");
    glossary.info.processor = processor.toStdString();
    const auto before = SyntheticRun::fold(run.events(), run.events().size() - 1);
    const auto sentence = QString::fromStdString(narrate(run.events().back(), before, glossary));
    QVERIFY2(sentence.endsWith(said + " The handler is called when all is sent."), qPrintable(sentence));
}

/// Nobody is told that the kernel has what a thread of the server performs.
void NarrationTest::saysWhatIsLeftToAPool() {
    const auto glossary = glossaryOf("adaptive");
    SyntheticRun run;
    run.begin();
    const auto sentence = [&] {
        const auto before = SyntheticRun::fold(run.events(), run.events().size() - 1);
        return QString::fromStdString(narrate(run.events().back(), before, glossary));
    };
    run.add(EventType::OperationInitiated, 2, 14, 70, Operation::Read, 4'096);
    run.add(EventType::OperationInitiated, 2, 15, 71, Operation::Transmit, 5'000'312);
    run.add(EventType::QueuePushed, 2, 15, 71, Queue::Ready, 1);
    QVERIFY2(sentence().contains("for another thread"), qPrintable(sentence()));
    run.add(EventType::HookEntered, 2, 14, 70, Hook::HandleRead);
    QVERIFY2(sentence().contains("in the kernel; one is left to the pool."), qPrintable(sentence()));
    run.add(EventType::QueuePopped, 3, 15, 71, Queue::Ready);
    run.add(EventType::OperationCompleted, 3, 15, 71, Operation::Transmit, 5'000'312);
    QVERIFY2(sentence().contains("by calls of its own"), qPrintable(sentence()));
    run.add(EventType::OperationCompleted, 2, 14, 70, Operation::Read, 80);
    QVERIFY2(sentence().startsWith("The Asynchronous Operation Processor has performed"), qPrintable(sentence()));
}

void NarrationTest::headAndFileApartMayStall() {
    auto glossary = glossaryOf("reactive");
    SyntheticRun run;
    run.begin(1);
    const auto sentence = [&] {
        const auto before = SyntheticRun::fold(run.events(), run.events().size() - 1);
        return QString::fromStdString(narrate(run.events().back(), before, glossary));
    };
    run.add(EventType::ClientConnecting, 1, 4, 0, 0, 40'000);
    run.add(EventType::ClientConnected, 1, 4);
    run.add(EventType::ConnectionAccepted, 2, 12, 0, Origin::Traffic, 40'000);
    run.add(EventType::ClientRequestSent, 1, 4, 0, 0, 6);
    run.add(EventType::ResponseStarted, 2, 12, 0, Transfer::Sendfile, responseValue(200, 50'225));
    run.add(EventType::CallPerformed, 2, 12, 0, SystemCall::Writev, 225);
    QVERIFY(!sentence().contains("segment")); // how it is corked is not known
    glossary.info.settings["cork"] = "msg-more";
    QVERIFY(!sentence().contains("segment"));
    glossary.info.settings["cork"] = "none";
    QVERIFY(sentence().contains("the head leaves in a segment of its own"));
    run.add(EventType::CallPerformed, 2, 12, 0, SystemCall::Sendfile, 50'000);
    QVERIFY(!sentence().contains("segment"));
    run.add(EventType::OctetsHeldBack, 2, 12, 0, HeldBack::Nagle, 50'000);
    QVERIFY(sentence().startsWith("The kernel holds the last 50,000 octets for #12 back: they fill no segment"));
    const auto since = run.events().back().time;
    run.add(EventType::ResponseSent, 2, 12, 0, 0, 50'225);
    run.add(EventType::ClientResponseReceived, 1, 4, 0, 1, 50'225).time = since + 40'000'000;
    QVERIFY2(sentence().contains("The last 50,000 octets came 40 ms after the server’s last write"),
             qPrintable(sentence()));
    run.add(EventType::ClientRequestSent, 1, 4, 0, 0, 6);
    run.add(EventType::ClientResponseReceived, 1, 4, 0, 1, 50'225);
    QVERIFY2(!sentence().contains("held"), qPrintable(sentence())); // that was the answer before
}

void NarrationTest::figuresForPeople_data() {
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("expected");
    const auto row = [](const std::string& figure, const char* expected) {
        QTest::newRow(expected) << QString::fromStdString(figure) << QString(expected);
    };
    row(readableDuration(0), "0 ns");
    row(readableDuration(999), "999 ns");
    row(readableDuration(1'000), "1 µs");
    row(readableDuration(12'340), "12.3 µs");
    row(readableDuration(999'960), "1 ms");
    row(readableDuration(1'500'000), "1.5 ms");
    row(readableDuration(123'456'789), "123 ms");
    row(readableDuration(2'250'000'000), "2.25 s");
    row(readableNumber(0), "0");
    row(readableNumber(999), "999");
    row(readableNumber(88'310), "88,310");
    row(readableNumber(-1'234'567), "-1,234,567");
    row(readableNumber(-100), "-100");
    row(readableOctets(1), "1 octet");
    row(readableOctets(5'312), "5,312 octets");
    row(readableCount(0, "thread", "threads"), "no threads");
    row(readableCount(1, "thread", "threads"), "one thread");
    row(readableCount(7, "thread", "threads"), "seven threads");
    row(readableCount(1'300, "thread", "threads"), "1,300 threads");
}

void NarrationTest::figuresForPeople() {
    QFETCH(QString, figure);
    QFETCH(QString, expected);
    QCOMPARE(figure, expected);
}

QTEST_APPLESS_MAIN(NarrationTest)
#include "tst_narration.moc"
