// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/raw_client.h"
#include "tests/process/process_watch.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <poll.h>
#include <thread>

namespace lab::test {

namespace {

constexpr std::string_view request = "GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n";

bool ask(RawClient& client) {
    client.forget();
    client.send(request);
    return client.readUntil([](const std::string& octets) {
        return octets.ends_with("Hello from the laboratory.\n");
    }) == RawClient::Ending::Enough;
}

/// This program as a server of its own that is to be killed: tells its processes, and waits.
int serveUntilKilled(const std::string& model, const std::string& root) {
    Recording recording;
    Trace trace(recording);
    const auto server = startServer(model, root, &trace);
    RawClient client(server->port());
    const bool answered = ask(client);
    std::cout << (answered ? "serving" : "silent");
    for (const auto process : descendants()) {
        std::cout << ' ' << process;
    }
    std::cout << std::endl;
    constexpr int longest = 60'000; // ms: nobody has killed it
    ::poll(nullptr, 0, longest);
    return 1;
}

} // namespace

/// That no process, descriptor or zombie outlives its server, however server, parent or lab came to their end.
class ProcessEndsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void nothingIsLeft_data() { everyModel(); }
    void nothingIsLeft();
    void connectionsAreServedToTheirEndWhileDraining_data() { everyModel(); }
    void connectionsAreServedToTheirEndWhileDraining();
    void theServerSurvivesItsParent_data() { everyModel(); }
    void theServerSurvivesItsParent();
    void noProcessOutlivesAKilledLab_data() { everyModel(); }
    void noProcessOutlivesAKilledLab();
    void withoutItsProgramTheModelSaysWhy_data() { everyModel(); }
    void withoutItsProgramTheModelSaysWhy();

private:
    static void everyModel() {
        QTest::addColumn<std::string>("model");
        for (const auto& model : processModels) {
            QTest::newRow(model.c_str()) << model;
        }
    }
    DocumentTree m_tree;
};

/// Whatever is made once in a program's life is made now.
void ProcessEndsTest::initTestCase() {
    const auto server = startServer("thread-pool", m_tree.root(), nullptr);
    RawClient client(server->port());
    QVERIFY(ask(client));
}

void ProcessEndsTest::nothingIsLeft() {
    QFETCH(std::string, model);
    const auto processes = descendants();
    const auto descriptors = openDescriptors();
    for (int times = 0; times < 5; ++times) {
        Recording recording;
        Trace trace(recording);
        const auto server = startServer(model, m_tree.root(), times % 2 == 0 ? &trace : nullptr);
        RawClient client(server->port());
        QVERIFY(ask(client));
        QVERIFY(descendants().size() > processes.size() + 1);
        if (times > 2) {
            server->stop();
        }
    }
    QCOMPARE(descendants(), processes);
    QCOMPARE(openDescriptors(), descriptors);
}

void ProcessEndsTest::connectionsAreServedToTheirEndWhileDraining() {
    QFETCH(std::string, model);
    auto server = startServer(model, m_tree.root(), nullptr);
    RawClient client(server->port(), 64 * 1024);
    client.send("GET /5m.bin HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n\r\n");
    QVERIFY(eventually([&] { return server->counts().open() == 1; }));
    RawClient idle(server->port());
    QVERIFY(ask(idle));
    std::jthread reader([&] { client.readToEnd(); });
    QCOMPARE(server->stop(), std::size_t{0}); // nobody had to be cut off
    reader.join();
    QVERIFY(client.received().ends_with(m_tree.content("/5m.bin")));
    QCOMPARE(idle.readToEnd(), RawClient::Ending::Closed);
    QCOMPARE(server->counts().closed, std::uint64_t{2});
}

/// All processes go with their parent, and a new one makes new ones.
void ProcessEndsTest::theServerSurvivesItsParent() {
    QFETCH(std::string, model);
    const auto former = descendants();
    Recording recording;
    Trace trace(recording);
    auto server = startServer(model, m_tree.root(), &trace);
    RawClient client(server->port());
    QVERIFY(ask(client));
    std::set<int> workers;
    for (const auto& worker : server->workers()) {
        workers.insert(worker.process);
    }
    for (const auto process : descendants()) {
        if (!former.contains(process) && !workers.contains(process)) {
            QCOMPARE(::kill(process, SIGKILL), 0);
        }
    }
    client.readToEnd();
    for (const auto worker : workers) {
        QVERIFY(eventually([&] { return hasGone(worker); }));
    }
    RawClient next(server->port());
    QVERIFY(ask(next));
    QCOMPARE(server->counts().open(), std::uint64_t{1});
    server.reset();
    trace.stop();
    const auto events = eventsOf(recording);
    QCOMPARE(countOf(events, EventType::ConnectionClosed), countOf(events, EventType::ConnectionAccepted));
    // Those that went before they could say that they had begun have only an end.
    QVERIFY(countOf(events, EventType::ProcessStarted) > 0);
    QVERIFY(countOf(events, EventType::ProcessStarted) <= countOf(events, EventType::ProcessEnded));
    QVERIFY(eventually([&] { return descendants() == former; }));
}

void ProcessEndsTest::noProcessOutlivesAKilledLab() {
    QFETCH(std::string, model);
    QProcess lab;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PROACTOR_LAB_TEST_SERVE"), QString::fromStdString(model));
    environment.insert(QStringLiteral("PROACTOR_LAB_TEST_ROOT"), QString::fromStdString(m_tree.root()));
    lab.setProcessEnvironment(environment);
    lab.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    lab.start(QCoreApplication::applicationFilePath(), {});
    QVERIFY(eventually([&] { return lab.canReadLine(); }));
    const auto words = QString::fromUtf8(lab.readLine()).simplified().split(QLatin1Char(' '));
    QCOMPARE(words.front(), QStringLiteral("serving"));
    QVERIFY(words.size() >= 3); // a parent and a worker at least
    lab.kill();
    QVERIFY(lab.waitForFinished());
    for (const auto& word : words.mid(1)) {
        QVERIFY2(eventually([&] { return hasGone(word.toInt()); }), qPrintable(word));
    }
}

void ProcessEndsTest::withoutItsProgramTheModelSaysWhy() {
    QFETCH(std::string, model);
    qputenv("PROACTOR_LAB_PROCESSES", "/nowhere/to/be/found");
    ServerOptions options;
    options.model = model;
    options.root = m_tree.root();
    const auto server = Server::start(std::move(options), nullptr);
    qunsetenv("PROACTOR_LAB_PROCESSES");
    QVERIFY(!server.has_value());
    QVERIFY2(server.error().message.find("proactor-lab-processes") != std::string::npos,
             server.error().message.c_str());
}

} // namespace lab::test

int main(int count, char** arguments) {
    if (const auto model = qEnvironmentVariable("PROACTOR_LAB_TEST_SERVE"); !model.isEmpty()) {
        return lab::test::serveUntilKilled(model.toStdString(),
                                           qEnvironmentVariable("PROACTOR_LAB_TEST_ROOT").toStdString());
    }
    QCoreApplication application(count, arguments);
    lab::test::ProcessEndsTest test;
    return QTest::qExec(&test, count, arguments);
}

#include "tst_process_ends.moc"
