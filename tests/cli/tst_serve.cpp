// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/model.h"
#include "engine/trace/recording_file.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lab {

/// If these fail, `serve` does not tell where it listens, does not answer, or does not end as it should.
class ServeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void servesUntilInterrupted_data();
    void servesUntilInterrupted();
    void portInUseIsTold();
    void configurationIsReadAgain();
    void processesAreReconfigured();

private:
    QTemporaryDir m_folder;
};

namespace {

/// The program, killed when the test is over.
class Program {
public:
    explicit Program(const QStringList& arguments) { m_process.start(LAB_COMMAND_LINE, arguments); }
    ~Program() {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    /// The line that says where it listens, with its end.
    QByteArray firstLine() {
        while (!m_process.canReadLine() && m_process.waitForReadyRead(60'000)) {
        }
        return m_process.readLine();
    }
    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

QByteArray fetch(std::uint16_t port, const char* path) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    QByteArray answer;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const auto request = QByteArray("GET ") + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
        ::send(descriptor, request.constData(), static_cast<std::size_t>(request.size()), MSG_NOSIGNAL);
        char buffer[4096];
        for (ssize_t count = 0; (count = ::recv(descriptor, buffer, sizeof buffer, 0)) > 0;) {
            answer.append(buffer, count);
        }
    }
    ::close(descriptor);
    return answer;
}

std::uint16_t portOf(const QByteArray& line) {
    static const QRegularExpression pattern("^listening on http://127\\.0\\.0\\.1:(\\d+)/\n$");
    return static_cast<std::uint16_t>(pattern.match(QString::fromUtf8(line)).captured(1).toUInt());
}

} // namespace

void ServeTest::initTestCase() {
    QFile file(m_folder.filePath("hello.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("hello, world\n");
}

void ServeTest::servesUntilInterrupted_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("signal");
    for (const auto& model : models()) {
        const auto id = QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
        QTest::newRow(qPrintable(id + ", SIGTERM")) << id << SIGTERM;
    }
    QTest::newRow("reactor, SIGINT") << "reactor" << SIGINT;
}

void ServeTest::servesUntilInterrupted() {
    QFETCH(const QString, model);
    QFETCH(const int, signal);
    const auto trace = m_folder.filePath(model + ".lab");
    Program program({"serve", "--model", model, "--root", m_folder.path(), "--trace", trace});
    const auto line = program.firstLine();
    const auto port = portOf(line);
    QVERIFY2(port != 0, line.constData());
    const auto answer = fetch(port, "/hello.txt");
    QVERIFY2(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\nhello, world\n"), answer.constData());
    QVERIFY(fetch(port, "/nothing").startsWith("HTTP/1.1 404 "));
    QCOMPARE(::kill(static_cast<pid_t>(program.process().processId()), signal), 0);
    QVERIFY(program.process().waitForFinished(60'000));
    QCOMPARE(program.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.process().exitCode(), 0);
    QCOMPARE(program.process().readAllStandardError(), QByteArray());
    QCOMPARE(program.process().readAllStandardOutput(), QByteArray());
    const auto read = readRecording(trace.toStdString());
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    QVERIFY(read->whole);
}

void ServeTest::portInUseIsTold() {
    Program first({"serve", "--model", "reactor", "--root", m_folder.path()});
    const auto port = portOf(first.firstLine());
    QVERIFY(port != 0);
    Program second({"serve", "--model", "reactor", "--root", m_folder.path(), "--port", QString::number(port)});
    QVERIFY(second.process().waitForFinished(60'000));
    QCOMPARE(second.process().exitCode(), 1);
    QCOMPARE(second.process().readAllStandardOutput(), QByteArray());
    const auto error = second.process().readAllStandardError();
    QVERIFY2(error.contains(QByteArray::number(port)) && error.contains("another program uses this port"),
             error.constData());
}

/// A service comes and goes while it serves; a wrong file changes nothing, and says why.
void ServeTest::configurationIsReadAgain() {
    const auto file = m_folder.filePath("services.json");
    const auto write = [&](const QByteArray& text) {
        QFile configuration(file);
        configuration.open(QIODevice::WriteOnly);
        configuration.write(text);
    };
    write("{\"services\": [{\"service\": \"headers\", \"set\": \"X-Mark: first\"}]}");
    Program program({"serve", "--model", "reactor", "--root", m_folder.path(), "--config", file, "--filter",
                     "headers:set=X-Filter: kept"});
    const auto port = portOf(program.firstLine());
    QVERIFY(port != 0);
    const auto hangUp = [&] { ::kill(static_cast<pid_t>(program.process().processId()), SIGHUP); };
    const auto header = [&] { return fetch(port, "/hello.txt"); };
    QVERIFY(header().contains("X-Mark: first\r\n") && header().contains("X-Filter: kept\r\n"));
    write("{\"services\": [{\"service\": \"headers\", \"set\": \"X-Mark: second\"}]}");
    hangUp();
    QCOMPARE(program.firstLine(), QByteArray("configured anew: headers, headers-2\n"));
    QVERIFY(header().contains("X-Mark: second\r\n") && header().contains("X-Filter: kept\r\n"));
    write("{\"services\": [{\"service\": \"headres\"}]}");
    hangUp();
    auto& process = program.process();
    process.setReadChannel(QProcess::StandardError);
    const auto error = program.firstLine();
    QVERIFY2(error.contains("services.json:1: services[0].service: there is no service \"headres\"") &&
                 error.endsWith("; nothing has changed\n"),
             error.constData());
    QVERIFY(header().contains("X-Mark: second\r\n"));
    program.process().setReadChannel(QProcess::StandardOutput);
    write("{\"server\": {\"model\": \"thread-pool\", \"threads\": 3}, \"services\": []}");
    hangUp();
    QCOMPARE(program.firstLine(), QByteArray("configured anew: thread-pool, headers\n"));
    QVERIFY(!header().contains("X-Mark") && header().contains("X-Filter: kept\r\n"));
    process.setReadChannel(QProcess::StandardError);
    write("{\"server\": {\"model\": \"thread-pool\", \"processor\": \"io_uring\"}, \"services\": []}");
    hangUp();
    const auto senseless = program.firstLine();
    QVERIFY2(senseless.contains("thread-pool does not take the option processor") &&
                 senseless.endsWith("; nothing has changed\n"),
             senseless.constData());
    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 0);
}

/// Services cannot be changed there, and what stays as it is does not need to be.
void ServeTest::processesAreReconfigured() {
    const auto file = m_folder.filePath("processes.json");
    const auto write = [&](const QByteArray& text) {
        QFile configuration(file);
        configuration.open(QIODevice::WriteOnly);
        configuration.write(text);
    };
    const QByteArray services = R"("services": [{"service": "headers", "set": "X-Mark: first"}])";
    write(R"({"server": {"model": "prefork", "threads": 2}, )" + services + "}");
    Program program({"serve", "--root", m_folder.path(), "--config", file});
    const auto port = portOf(program.firstLine());
    QVERIFY(port != 0);
    const auto hangUp = [&] { ::kill(static_cast<pid_t>(program.process().processId()), SIGHUP); };
    hangUp();
    QCOMPARE(program.firstLine(), QByteArray("configured anew: headers\n"));
    write(R"({"server": {"model": "prefork", "threads": 3}, )" + services + "}");
    hangUp();
    QCOMPARE(program.firstLine(), QByteArray("configured anew: headers\n"));
    write(R"({"server": {"model": "reactor"}, "services": [{"service": "headers", "set": "X-Mark: second"}]})");
    hangUp();
    QCOMPARE(program.firstLine(), QByteArray("configured anew: reactor, headers\n"));
    QVERIFY(fetch(port, "/hello.txt").contains("X-Mark: second\r\n"));
    ::kill(static_cast<pid_t>(program.process().processId()), SIGTERM);
    QVERIFY(program.process().waitForFinished(60'000));
    QCOMPARE(program.process().exitCode(), 0);
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::ServeTest)
#include "tst_serve.moc"
