// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/cli/command.h"
#include "engine/concurrency/model.h"
#include "engine/run/trouble_watch.h"
#include "engine/trace/recording_file.h"
#include "tests/base/descriptor_limit.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <ostream>
#include <streambuf>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace lab {

/// If these fail, `serve` does not tell where it listens, does not answer, or does not end as it should.
class ServeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aServerAtRestIsTold_data(); // first: it starts threads, which gcc's thread sanitizer forbids after a fork
    void aServerAtRestIsTold();
    void servesUntilInterrupted_data();
    void servesUntilInterrupted();
    void portInUseIsTold();
    void configurationIsReadAgain();
    void processesAreReconfigured();
    void everyTroubleIsTold();
    void moreOfATroubleIsNoNews();

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

/// Text that one thread writes and another one reads.
class SharedText : public std::streambuf {
public:
    /// All that there is once it has `end` in it; empty: it does not come.
    std::string await(const std::string& end) {
        std::unique_lock lock(m_mutex);
        constexpr std::chrono::seconds patience{60};
        const bool hasCome = m_written.wait_for(lock, patience, [&] { return m_text.find(end) != std::string::npos; });
        return hasCome ? m_text : std::string();
    }

private:
    int_type overflow(int_type letter) override {
        const auto octet = traits_type::to_char_type(letter);
        xsputn(&octet, 1);
        return letter;
    }
    std::streamsize xsputn(const char* octets, std::streamsize count) override {
        const std::lock_guard lock(m_mutex);
        m_text.append(octets, static_cast<std::size_t>(count));
        m_written.notify_all();
        return count;
    }

    std::mutex m_mutex;
    std::condition_variable m_written;
    std::string m_text;
};

/// The command in a thread of this process, whose descriptors the test knows. Signals reach that thread and no other.
class ServeHere {
public:
    explicit ServeHere(std::vector<std::string> arguments) {
        sigset_t own;
        sigemptyset(&own);
        sigaddset(&own, SIGTERM);
        sigaddset(&own, SIGHUP);
        ::pthread_sigmask(SIG_BLOCK, &own, &m_former);
        m_thread = std::thread([this, arguments = std::move(arguments)] {
            std::ostream out(&m_out);
            std::ostream err(&m_err);
            const auto commands = engineCommands();
            m_code = runCommandLine(commands, arguments, out, err);
        });
    }
    ~ServeHere() {
        end();
        ::pthread_sigmask(SIG_SETMASK, &m_former, nullptr);
    }

    SharedText& out() { return m_out; }
    SharedText& err() { return m_err; }
    void signal(int number) { ::pthread_kill(m_thread.native_handle(), number); }
    /// Interrupts it, and returns the code with which it ends.
    int end() {
        if (m_thread.joinable()) {
            signal(SIGTERM);
            m_thread.join();
        }
        return m_code;
    }

private:
    SharedText m_out;
    SharedText m_err;
    int m_code = -1;
    sigset_t m_former{};
    std::thread m_thread;
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
    const auto servicesOf = [](const char* mark) {
        return QByteArray(R"("services": [{"service": "headers", "set": "X-Mark: )") + mark + "\"}]}";
    };
    // Others under the same model with the same options cannot be had; with others of these, or another model, they can.
    write(R"({"server": {"model": "prefork", "threads": 3}, )" + servicesOf("never"));
    hangUp();
    auto& process = program.process();
    process.setReadChannel(QProcess::StandardError);
    const auto refused = program.firstLine();
    QVERIFY2(refused.contains("the processes of prefork keep the services"), refused.constData());
    process.setReadChannel(QProcess::StandardOutput);
    for (const char* model : {"prefork", "process-per-connection", "reactor"}) {
        write(QByteArray(R"({"server": {"model": ")") + model + "\"}, " + servicesOf(model));
        hangUp();
        QCOMPARE(program.firstLine(),
                 "configured anew: " + (model == QByteArray("prefork") ? "" : model + QByteArray(", ")) + "headers\n");
        const auto answer = fetch(port, "/hello.txt");
        QVERIFY2(answer.contains(QByteArray("X-Mark: ") + model + "\r\n"), answer.constData());
    }
    // Services that cannot be had leave the processes with those that they have.
    write(R"({"server": {"model": "prefork"}, )" + servicesOf("kept"));
    hangUp();
    QCOMPARE(program.firstLine(), QByteArray("configured anew: prefork, headers\n"));
    write(R"({"server": {"model": "process-per-connection"},
              "services": [{"service": "access-log", "file": "/nowhere/access.log"}]})");
    hangUp();
    process.setReadChannel(QProcess::StandardError);
    const auto impossible = program.firstLine();
    QVERIFY2(impossible.contains("/nowhere/access.log") && impossible.endsWith("; nothing has changed\n"),
             impossible.constData());
    QVERIFY(fetch(port, "/hello.txt").contains("X-Mark: kept\r\n"));
    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 0);
}

/// Not only the first one.
void ServeTest::everyTroubleIsTold() {
    const auto file = m_folder.filePath("trouble.json");
    const auto writeLog = [&](const QByteArray& name) {
        QFile configuration(file);
        configuration.open(QIODevice::WriteOnly);
        configuration.write(R"({"services": [{"service": "access-log", "file": "/dev/full", "name": ")" + name +
                            "\"}]}");
    };
    writeLog("first");
    Program program({"serve", "--model", "reactor", "--root", m_folder.path(), "--config", file});
    const auto port = portOf(program.firstLine());
    QVERIFY(port != 0);
    auto& process = program.process();
    process.setReadChannel(QProcess::StandardError);
    for (const char* name : {"first", "second"}) {
        QVERIFY(fetch(port, "/hello.txt").startsWith("HTTP/1.1 200 "));
        const auto told = program.firstLine();
        QVERIFY2(told.contains(QByteArray(name) + ": ") && told.endsWith("; still serving\n"), told.constData());
        writeLog("second");
        process.setReadChannel(QProcess::StandardOutput);
        ::kill(static_cast<pid_t>(process.processId()), SIGHUP);
        QCOMPARE(program.firstLine(), QByteArray("configured anew: second\n"));
        process.setReadChannel(QProcess::StandardError);
    }
    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 1);
}

/// A log that loses more and more lines would fill the terminal, and come back to whoever has closed the remark.
void ServeTest::moreOfATroubleIsNoNews() {
    TroubleWatch watch;
    QVERIFY(!watch.look(""));
    QCOMPARE(watch.look("log: disk full; lines missing: 9"),
             std::optional<std::string>("log: disk full; lines missing: 9"));
    QVERIFY(!watch.look("log: disk full; lines missing: 10"));
    QVERIFY(watch.look("log: no permission; lines missing: 10"));
    QVERIFY(watch.look("log: disk full; lines missing: 11"));
    QVERIFY(!watch.look(""));
    QVERIFY(watch.look("log: disk full; lines missing: 12"));
}

void ServeTest::aServerAtRestIsTold_data() {
    if (const auto* reason = test::whyDescriptorsAreNeeded()) {
        QSKIP(reason);
    }
    QTest::addColumn<bool>("recovers");
    QTest::newRow("it goes on when it can") << true;
    QTest::newRow("it ends as one that has failed") << false;
}

/// There is a descriptor to read the file with, but none for the next model, nor for the former one.
void ServeTest::aServerAtRestIsTold() {
    QFETCH(const bool, recovers);
    const auto file = m_folder.filePath("rest.json");
    const auto write = [&](const QByteArray& model) {
        QFile configuration(file);
        configuration.open(QIODevice::WriteOnly);
        configuration.write(R"({"services": [], "server": {"model": ")" + model + "\"}}");
    };
    write("reactor");
    FileDescriptor onlyOne(::dup(STDIN_FILENO));
    ServeHere here({"serve", "--root", m_folder.path().toStdString(), "--config", file.toStdString()});
    const auto port = portOf(QByteArray::fromStdString(here.out().await("/\n")));
    QVERIFY(port != 0);
    QVERIFY(fetch(port, "/hello.txt").startsWith("HTTP/1.1 200 "));
    write("proactor");
    const auto last = static_cast<rlim_t>(onlyOne.get());
    onlyOne.reset();
    std::optional<test::DescriptorLimit> limit(last + 1);
    here.signal(SIGHUP);
    const auto told = here.err().await("\n");
    QVERIFY2(told.find("and the former model could not be started again") != std::string::npos &&
                 told.ends_with("; nobody is served now; it is tried again and again\n"),
             told.c_str());
    if (!recovers) {
        QCOMPARE(here.end(), 1);
        QVERIFY(!here.err().await("nobody was served in the end: ").empty());
        return;
    }
    limit.reset();
    QVERIFY(!here.out().await("serving again: reactor\n").empty());
    QVERIFY(fetch(port, "/hello.txt").startsWith("HTTP/1.1 200 "));
    QCOMPARE(here.end(), 0);
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::ServeTest)
#include "tst_serve.moc"
