// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/configuration/service_configurator.h"
#include "engine/http/accepted_coding.h"
#include "tests/configuration/one_request.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/variants.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace lab::test {

namespace {

std::string textOfLength(std::size_t octets) {
    std::string text;
    for (int line = 0; text.size() < octets; ++line) {
        text += "line " + std::to_string(line) + " of a text that can be compressed\n";
    }
    return text;
}

std::string unpacked(const std::string& packed) {
    z_stream stream{};
    constexpr int gzipOnly = 15 + 16;
    std::string text(4'000'000, '\0');
    inflateInit2(&stream, gzipOnly);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
    text.resize(whole ? stream.total_out : 0);
    inflateEnd(&stream);
    return text;
}

ServiceSpec serviceOf(const std::string& id, std::vector<ParameterSpec> parameters = {}) {
    return {.service = id, .name = {}, .parameters = std::move(parameters)};
}

} // namespace

/// What each filter promises, under every model. If one of these fails, the filter does something else than it says, or
/// the model does not ask it.
class ServicesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void compresses_data() { addVariantRows(m_plain); }
    void compresses();
    void changesFields_data() { addVariantRows(m_plain); }
    void changesFields();
    void logsEachRequest_data() { addVariantRows(m_plain); }
    void logsEachRequest();
    void delays_data() { addVariantRows(m_plain); }
    void delays();
    void makesFaults_data() { addVariantRows(m_plain); }
    void makesFaults();
    void faultsFollowTheSeed();
    void acceptedCodings_data();
    void acceptedCodings();
    void wordsOfPeersStayInTheirLine();
    void fullDiskIsTold_data();
    void fullDiskIsTold();
    void logIsOpenedAnew();
    void pipeWithoutReaderIsRefused();
    void pipeThatIsFullKeepsNobodyWaiting();
    void readerOfThePipeMayGo();

private:
    std::string makePipe(const char* name) const;
    std::unique_ptr<Server> start(std::vector<ServiceSpec> services);
    std::unique_ptr<Server> start(const std::string& model, std::vector<ServiceSpec> services);

    const DocumentTree m_tree;
    const std::vector<Variant> m_plain = plainVariants();
    const std::string m_text = textOfLength(30'000);
    const std::string m_short = textOfLength(4'000);
    QTemporaryDir m_folder;
};

void ServicesTest::initTestCase() {
    m_tree.write("text.txt", m_text);
    m_tree.write("short.txt", m_short);
}

/// Under the model of the present row.
std::unique_ptr<Server> ServicesTest::start(std::vector<ServiceSpec> services) {
    QFETCH(int, variant);
    auto options = m_plain[static_cast<std::size_t>(variant)].options;
    options.root = m_tree.root();
    options.services = std::move(services);
    return std::move(Server::start(std::move(options), nullptr).value());
}

std::unique_ptr<Server> ServicesTest::start(const std::string& model, std::vector<ServiceSpec> services) {
    ServerOptions options;
    options.model = model;
    options.root = m_tree.root();
    options.services = std::move(services);
    return std::move(Server::start(std::move(options), nullptr).value());
}

/// From memory (short) and from a file; with all that caches and clients go by.
void ServicesTest::compresses() {
    const auto server = start({serviceOf("gzip")});
    for (const auto& [path, content] : {std::pair{"/text.txt", m_text}, std::pair{"/short.txt", m_short}}) {
        const auto packed = ask(server->port(), path, "Accept-Encoding: br, gzip\r\n");
        const auto weak = "W/" + m_tree.entityTag(path);
        QCOMPARE(packed.status, 200U);
        QCOMPARE(packed.field("Content-Encoding").value_or(""), std::string("gzip"));
        QCOMPARE(packed.field("Vary").value_or(""), std::string("Accept-Encoding"));
        QCOMPARE(packed.field("ETag").value_or(""), weak);
        QCOMPARE(packed.field("Accept-Ranges").value_or(""), std::string("none"));
        QVERIFY(packed.content.size() < content.size());
        QCOMPARE(unpacked(packed.content), content);

        auto head = ask(server->port(), path, "Accept-Encoding: gzip\r\n", "HEAD");
        auto fields = packed.fields;
        const auto isDate = [](const auto& field) { return field.first == "Date" || field.first == "date"; };
        std::erase_if(fields, isDate);
        std::erase_if(head.fields, isDate);
        QCOMPARE(head.fields, fields);

        const auto same = ask(server->port(), path, "Accept-Encoding: gzip\r\nIf-None-Match: " + weak + "\r\n");
        QCOMPARE(same.status, 304U);
        QCOMPARE(same.field("ETag").value_or(""), weak);
        QCOMPARE(same.field("Vary").value_or(""), std::string("Accept-Encoding"));

        const auto plain = ask(server->port(), path, "Accept-Encoding: gzip;q=0\r\n");
        QCOMPARE(plain.content, content);
        QVERIFY(!plain.field("Content-Encoding"));
        QCOMPARE(plain.field("Vary").value_or(""), std::string("Accept-Encoding"));
        QCOMPARE(plain.field("ETag").value_or(""), m_tree.entityTag(path));

        const auto part = ask(server->port(), path, "Accept-Encoding: gzip\r\nRange: bytes=0-9\r\n");
        QCOMPARE(part.status, 206U);
        QCOMPARE(part.content, content.substr(0, 10));
        QVERIFY(!part.field("Content-Encoding"));
    }
    const auto binary = ask(server->port(), "/5k.bin", "Accept-Encoding: gzip\r\n");
    QCOMPARE(binary.content, m_tree.content("/5k.bin"));
    QVERIFY(!binary.field("Vary"));
    const auto small = ask(server->port(), "/hello.txt", "Accept-Encoding: gzip\r\n");
    QVERIFY(!small.field("Content-Encoding"));
}

void ServicesTest::changesFields() {
    const auto server = start({serviceOf("headers", {{"remove", {"last-modified"}},
                                                     {"set", {"ETag: \"mine\""}},
                                                     {"add", {"X-Lab: one", "X-Lab-Too: two words"}}})});
    for (const auto* path : {"/hello.txt", "/large.bin"}) {
        const auto response = ask(server->port(), path);
        QCOMPARE(response.content, m_tree.content(path));
        QCOMPARE(response.field("ETag").value_or(""), std::string("\"mine\""));
        QCOMPARE(response.field("X-Lab").value_or(""), std::string("one"));
        QCOMPARE(response.field("X-Lab-Too").value_or(""), std::string("two words"));
        QVERIFY(!response.field("Last-Modified"));
    }
    const auto missing = ask(server->port(), "/nothing");
    QCOMPARE(missing.status, 404U);
    QCOMPARE(missing.field("X-Lab").value_or(""), std::string("one"));
}

void ServicesTest::logsEachRequest() {
    const auto file = m_folder.filePath(QStringLiteral("access-%1.log").arg(QTest::currentDataTag()));
    const auto server = start({serviceOf("access-log", {{"file", {file.toStdString()}}})});
    ask(server->port(), "/hello.txt");
    ask(server->port(), "/hello.txt", {}, "HEAD");
    ask(server->port(), "/nothing");
    RawClient broken(server->port());
    broken.send("GET /a\tb HTTP/1.1\r\n\r\n");
    broken.readToEnd();
    server->stop();
    QFile log(file);
    QVERIFY(log.open(QIODevice::ReadOnly));
    auto lines = QString::fromUtf8(log.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 4);
    // Connections may be served by different threads: in the order of the requests they need not stand.
    lines.sort();
    const QString begin =
        QStringLiteral("^127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\\] ");
    QStringList ends;
    for (const auto& line : lines) {
        const auto match = QRegularExpression(begin + QStringLiteral("(.*)$")).match(line);
        QVERIFY2(match.hasMatch(), qPrintable(line));
        ends << match.captured(1);
    }
    ends.sort();
    QVERIFY2(ends[0].startsWith(QStringLiteral("\"GET /a\\x09b HTTP/1.1\" 400 ")), qPrintable(ends[0]));
    QCOMPARE(ends[1], QStringLiteral("\"GET /hello.txt HTTP/1.1\" 200 %1").arg(m_tree.content("/hello.txt").size()));
    QVERIFY2(ends[2].startsWith(QStringLiteral("\"GET /nothing HTTP/1.1\" 404 ")), qPrintable(ends[2]));
    QCOMPARE(ends[3], QStringLiteral("\"HEAD /hello.txt HTTP/1.1\" 200 -"));
}

void ServicesTest::delays() {
    constexpr std::chrono::milliseconds delay{60};
    const auto server = start({serviceOf("delay", {{"milliseconds", {"60"}}, {"path", {"/hello"}}})});
    const auto began = std::chrono::steady_clock::now();
    QCOMPARE(ask(server->port(), "/hello.txt").content, m_tree.content("/hello.txt"));
    QVERIFY(std::chrono::steady_clock::now() - began >= delay);
}

void ServicesTest::makesFaults() {
    const auto fault = [](const char* kind, const char* path) {
        ServiceSpec spec = serviceOf("fault", {{"kind", {kind}}, {"path", {path}}});
        spec.name = kind;
        return spec;
    };
    const auto server = start({fault("error", "/hello"), fault("close", "/script"), fault("truncate", "/5")});
    const auto error = ask(server->port(), "/hello.txt");
    QCOMPARE(error.status, 500U);
    QVERIFY(!error.content.empty());
    QVERIFY(!error.field("ETag"));
    for (const auto* path : {"/script.js", "/5k.bin", "/5m.bin"}) {
        RawClient client(server->port());
        client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: lab.test\r\n\r\n");
        client.readToEnd();
        const auto header = client.received().find("\r\n\r\n");
        if (std::string_view(path) == "/script.js") {
            QCOMPARE(client.received(), std::string());
            continue;
        }
        QVERIFY(client.received().starts_with("HTTP/1.1 200 "));
        QCOMPARE(client.received().substr(header + 4), m_tree.content(path).substr(0, m_tree.content(path).size() / 2));
    }
    QCOMPARE(ask(server->port(), "/style.css").status, 200U);
}

void ServicesTest::faultsFollowTheSeed() {
    // The first connection's requests: the same ones each time, and about the share that was asked for.
    const auto failures = [&](const char* seed) {
        const auto server =
            start("thread-pool", {serviceOf("fault", {{"kind", {"error"}}, {"share", {"0.3"}}, {"seed", {seed}}})});
        RawClient client(server->port());
        std::string seen;
        for (int request = 0; request < 100; ++request) {
            client.forget();
            client.send("GET /hello.txt HTTP/1.1\r\nHost: lab.test\r\n\r\n");
            client.readUntil([](const std::string& octets) {
                std::string_view rest = octets;
                return takeResponse(rest, false).has_value();
            });
            seen += client.received().starts_with("HTTP/1.1 500 ") ? '5' : '2';
        }
        return seen;
    };
    const auto first = failures("7");
    QCOMPARE(failures("7"), first);
    QVERIFY(failures("8") != first);
    const auto count = std::count(first.begin(), first.end(), '5');
    QVERIFY2(count > 10 && count < 55, first.c_str());
}

void ServicesTest::acceptedCodings_data() {
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<bool>("wanted");
    const auto row = [](const char* field, bool wanted) { QTest::newRow(field) << QByteArray(field) << wanted; };
    row("", false);
    row("gzip", true);
    row("GZip", true);
    row("x-gzip", true);
    row("br, deflate", false);
    row("br;q=1.0, gzip;q=0.8, *;q=0.1", true);
    row("*", true);
    row("*;q=0", false);
    row("gzip;q=0", false);
    row("gzip;q=0.000", false);
    row("gzip; Q=0.001", true);
    row("*, gzip;q=0", false);
    row("gzip;q=0.5, identity", false);
    row("identity;q=0.5, gzip", true);
    row("identity;q=0, gzip;q=0.1", true);
    row("gzip;q=2", false);
    row("gzip;q=0.1234", false);
    row("gzip;q=", false);
    row("gzip;x=1", false);
    row("gzipped", false);
}

void ServicesTest::acceptedCodings() {
    QFETCH(QByteArray, field);
    QFETCH(bool, wanted);
    QCOMPARE(wantsGzip(field.toStdString()), wanted);
}

/// A quote, a backslash or a control character in what a peer sends must not look like the end of the line.
void ServicesTest::wordsOfPeersStayInTheirLine() {
    const auto file = m_folder.filePath(QStringLiteral("quotes.log"));
    const auto server = start("reactor", {serviceOf("access-log", {{"file", {file.toStdString()}}})});
    ask(server->port(), "/a\"b\\c");
    server->stop();
    QFile log(file);
    QVERIFY(log.open(QIODevice::ReadOnly));
    const auto line = log.readAll();
    QCOMPARE(line.count('\n'), 1);
    QVERIFY2(line.contains("\"GET /a\\x22b\\x5cc HTTP/1.1\" 404 "), line.constData());
}

void ServicesTest::fullDiskIsTold_data() {
    QTest::addColumn<std::string>("model");
    QTest::addColumn<int>("requests");
    QTest::addColumn<std::string>("begins");
    QTest::newRow("threads") << std::string("reactor") << 1 << std::string("access-log: cannot write");
    QTest::newRow("a process") << std::string("prefork") << 1 << std::string("access-log: in a process: cannot write");
    constexpr int many = 20;
    QTest::newRow("a process each") << std::string("process-per-connection") << many << std::string("access-log: in ");
}

/// Also where who writes the log has a memory, and in the end a life, of its own.
void ServicesTest::fullDiskIsTold() {
    QFETCH(std::string, model);
    QFETCH(int, requests);
    QFETCH(std::string, begins);
    if (!QFile::exists(QStringLiteral("/dev/full"))) {
        QSKIP("there is no /dev/full here");
    }
    const auto server = start(model, {serviceOf("access-log", {{"file", {"/dev/full"}}})});
    for (int request = 0; request < requests; ++request) {
        QCOMPARE(ask(server->port(), "/hello.txt").status, 200U);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!server->configurator().trouble().empty(), 60'000);
    const auto trouble = server->configurator().trouble();
    QVERIFY2(trouble.find("No space left on device") != std::string::npos && trouble.starts_with(begins),
             trouble.c_str());
    QCOMPARE(ask(server->port(), "/hello.txt").status, 200U);
    server->stop();
    QVERIFY(server->configurator().trouble().find("No space left on device") != std::string::npos);
}

/// As programs that rotate logs do it: the file is moved away, and the configuration read again.
void ServicesTest::logIsOpenedAnew() {
    const auto file = m_folder.filePath(QStringLiteral("rotated.log"));
    const std::vector services{serviceOf("access-log", {{"file", {file.toStdString()}}})};
    const auto server = start("reactor", services);
    ask(server->port(), "/hello.txt");
    QVERIFY(QFile::rename(file, file + QStringLiteral(".1")));
    QVERIFY(server->configurator().configure(services).has_value());
    ask(server->port(), "/style.css");
    server->stop();
    QFile former(file + QStringLiteral(".1"));
    QFile present(file);
    QVERIFY(former.open(QIODevice::ReadOnly) && present.open(QIODevice::ReadOnly));
    QVERIFY(former.readAll().contains("/hello.txt"));
    const auto now = present.readAll();
    QVERIFY2(now.contains("/style.css") && !now.contains("/hello.txt"), now.constData());
}

std::string ServicesTest::makePipe(const char* name) const {
    const auto file = m_folder.filePath(QString::fromLatin1(name)).toStdString();
    return ::mkfifo(file.c_str(), 0600) == 0 ? file : std::string();
}

/// When it is linked, and when it is opened anew; not by waiting until somebody comes.
void ServicesTest::pipeWithoutReaderIsRefused() {
    const auto pipe = makePipe("unread");
    const std::vector services{serviceOf("access-log", {{"file", {pipe}}})};
    ServerOptions options;
    options.root = m_tree.root();
    options.services = services;
    const auto refused = Server::start(options, nullptr);
    QVERIFY(refused.has_error());
    QVERIFY2(refused.error().message.find("it is a pipe, and nobody has opened it to read") != std::string::npos,
             refused.error().message.c_str());

    FileDescriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const auto server = start("reactor", services);
    reader.reset();
    QVERIFY(server->configurator().configure(services).has_value());
    const auto trouble = server->configurator().trouble();
    QVERIFY2(trouble.find("nobody has opened it to read") != std::string::npos, trouble.c_str());
}

/// Neither who asks, nor who looks at the services, nor who takes the log out or ends the server.
void ServicesTest::pipeThatIsFullKeepsNobodyWaiting() {
    for (const auto* model : {"reactor", "thread-pool", "prefork"}) {
        const auto pipe = makePipe((std::string("full-") + model).c_str());
        const FileDescriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        const int room = ::fcntl(reader.get(), F_SETPIPE_SZ, 4096);
        QVERIFY(room > 0);
        const auto server = start(model, {serviceOf("access-log", {{"file", {pipe}}})});
        const int many = room / 2'000 + 5;
        for (int request = 0; request < many; ++request) {
            QCOMPARE(ask(server->port(), "/" + std::string(2'000, 'x')).status, 404U);
        }
        const auto waiting = [&] {
            int octets = 0;
            return ::ioctl(reader.get(), FIONREAD, &octets) == 0 && octets > 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(waiting(), 60'000);
        QCOMPARE(server->configurator().services().size(), std::size_t{1});
        static_cast<void>(server->configurator().trouble());
        if (std::string_view(model) != "prefork") {
            QVERIFY(server->configurator().unlink("access-log").has_value());
        }
        server->stop();
        if (std::string_view(model) == "prefork") {
            const auto trouble = server->configurator().trouble();
            QVERIFY2(trouble.find("does not take what is left") != std::string::npos, trouble.c_str());
        }
    }
}

/// That ends neither the lab nor the log: another reader gets what comes from then on.
void ServicesTest::readerOfThePipeMayGo() {
    const auto pipe = makePipe("left");
    FileDescriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const auto server = start("reactor", {serviceOf("access-log", {{"file", {pipe}}})});
    reader.reset();
    ask(server->port(), "/hello.txt");
    QTRY_VERIFY_WITH_TIMEOUT(!server->configurator().trouble().empty(), 60'000);
    const auto trouble = server->configurator().trouble();
    QVERIFY2(trouble.find("Broken pipe; lines that are missing: 1") != std::string::npos, trouble.c_str());
    reader.reset(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    ask(server->port(), "/style.css");
    server->stop(); // writes what is left, in this thread
    std::string text(1'000, '\0');
    const auto octets = ::read(reader.get(), text.data(), text.size());
    text.resize(octets > 0 ? static_cast<std::size_t>(octets) : 0);
    QVERIFY2(text.find("/style.css") != std::string::npos && text.find("/hello.txt") == std::string::npos,
             text.c_str());

    const auto other = start("reactor", {serviceOf("access-log", {{"file", {pipe}}})});
    reader.reset();
    ask(other->port(), "/hello.txt");
    other->stop(); // as before, with nobody there
    QVERIFY(other->configurator().trouble().find("Broken pipe") != std::string::npos);
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::ServicesTest)
#include "tst_services.moc"
