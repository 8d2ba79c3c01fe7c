// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/recording_file.h"
#include "engine/trace/recording_format.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <csignal>
#include <spawn.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lab;

namespace {

std::shared_ptr<Recording> sample(std::size_t events) {
    auto recording = std::make_shared<Recording>(events + 1);
    recording->setInfo({.model = "proactor-pool",
                        .family = "proactive",
                        .modelTitle = "Proactor, thread pool",
                        .demultiplexer = "",
                        .processor = "Asio on epoll",
                        .transfer = "TransmitFile",
                        .threads = 4,
                        .scenario = "burst",
                        .seed = 0xffff'ffff'ffff'fff0,
                        .address = "127.0.0.1:8080",
                        .startedAt = "2000-01-01T00:00:00Z",
                        .paced = true});
    recording->intern("dispatcher-1");
    recording->intern("/größe.html");
    recording->setSites(
        {{}, {EventType::HookEntered, Role::CompletionHandler, "handle_read", "engine/x.cpp", 12, "f"}});
    std::vector<Event> all(events);
    for (std::size_t index = 0; index < events; ++index) {
        all[index] = {.time = index * 3,
                      .kindAndValue = Event::pack(5, -static_cast<std::int64_t>(index)),
                      .connection = static_cast<std::uint32_t>(index % 7),
                      .operation = static_cast<std::uint32_t>(index),
                      .typeAndSequence = static_cast<std::uint32_t>(index % 40) | static_cast<std::uint32_t>(index)
                                                                                      << 8,
                      .actor = static_cast<std::uint16_t>(index % 3),
                      .site = 1};
    }
    recording->append(all);
    recording->setCounts({{events + 3, events, 3}});
    return recording;
}

QByteArray read(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& name, const QByteArray& octets) {
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(octets), octets.size());
}

void compareEvents(const Recording& read, const Recording& written, std::size_t count) {
    const auto a = read.view();
    const auto b = written.view();
    QCOMPARE(a.end(), count);
    for (std::size_t index = 0; index < count; ++index) {
        if (!(a[index] == b[index])) {
            QFAIL("an event has changed on its way through the file");
        }
    }
}

/// This program again, with another task; returns its wait status. (QProcess forks in a way that the thread
/// sanitizer does not stand.)
int runAgain(const char* task, std::string file) {
    std::string program = QCoreApplication::applicationFilePath().toStdString();
    std::string option = task;
    std::array<char*, 4> arguments{program.data(), option.data(), file.data(), nullptr};
    pid_t child = 0;
    int status = -1;
    if (::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments.data(), environ) == 0) {
        ::waitpid(child, &status, 0);
    }
    return status;
}

/// In a process of its own: dies while the file is open, once all was flushed.
int crashWhileWriting(const char* file) {
    auto writer = RecordingWriter::create(file, sample(5'000));
    while (writer.has_value() && (*writer)->written() < 5'000) {
        std::this_thread::yield();
    }
    return ::raise(SIGKILL);
}

/// In a process of its own: 0 when the writer told of the full disk and the recording in memory went on.
int writeToAFullDisk(const char* file) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{3'000'000, 3'000'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto recording = sample(3 * eventsPerBlock); // 6 MB
    auto writer = RecordingWriter::create(file, recording);
    if (!writer) {
        return 1;
    }
    const auto finished = (*writer)->finish();
    if (finished || finished.error().message.find("File too large") == std::string::npos ||
        (*writer)->trouble().empty()) {
        return 2;
    }
    const std::vector<Event> more(eventsPerBlock);
    return recording->append(more) == more.size() && (*writer)->written() == eventsPerBlock ? 0 : 3;
}

} // namespace

/// What was recorded must be there again tomorrow, as far as it reached the disk; and no file may bring the lab down.
class RecordingFileTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_folder.isValid()); }
    void comesBackAsItWas();
    void largerThanTheUsualBound();
    void growsWhileItIsWritten();
    void survivesACrashUpToTheLastFlush();
    void cutOffAnywhere();
    void damagedAnywhere();
    void saysWhatIsWrong();
    void absurdLengthsTakeNoMemory();
    void timesThatRunBackwardsAreDamage();
    void fullDiskKeepsWhatFits();
    void writerTellsWhyItCannotBegin();

private:
    QString path(const char* name) const { return m_folder.filePath(name); }
    std::string file(const char* name) const { return path(name).toStdString(); }
    QTemporaryDir m_folder;
};

void RecordingFileTest::comesBackAsItWas() {
    const auto written = sample(1'000);
    QVERIFY(writeRecording(written, file("whole.prolab")).has_value());
    const auto read = readRecording(file("whole.prolab"));
    QVERIFY(read.has_value());
    QVERIFY(read->whole);
    QCOMPARE(read->remark, std::string());
    QVERIFY(read->recording->info() == written->info());
    QCOMPARE(read->recording->names(), written->names());
    const auto site = read->recording->sites().at(1);
    QCOMPARE(site.name, std::string("handle_read"));
    QCOMPARE(site.line, 12U);
    QCOMPARE(site.role, Role::CompletionHandler);
    QCOMPARE(read->recording->total().emitted, 1'003ULL);
    QCOMPARE(read->recording->total().lost, 3ULL);
    compareEvents(*read->recording, *written, 1'000);
}

void RecordingFileTest::largerThanTheUsualBound() {
    constexpr std::size_t events = 8'000'000 + 3 * eventsPerBlock;
    QVERIFY(writeRecording(sample(events), file("large.prolab")).has_value());
    const auto read = readRecording(file("large.prolab"));
    QVERIFY(read.has_value() && read->whole);
    QCOMPARE(read->recording->first(), std::size_t{0});
    QCOMPARE(read->recording->end(), events);
    QVERIFY(QFile::remove(path("large.prolab")));
}

void RecordingFileTest::growsWhileItIsWritten() {
    const auto recording = std::make_shared<Recording>();
    auto writer = RecordingWriter::create(file("growing.prolab"), recording);
    QVERIFY(writer.has_value());
    const auto source = sample(10'000);
    for (std::size_t index = 0; index < 10'000; index += 1'000) {
        recording->intern("name " + std::to_string(index));
        recording->append(source->view().run(index).first(1'000));
        if (index == 3'000) {
            QTRY_VERIFY((*writer)->written() >= 4'000);
        }
    }
    QVERIFY((*writer)->finish().has_value());
    QVERIFY((*writer)->finish().has_value());
    QCOMPARE((*writer)->written(), std::size_t{10'000});
    const auto read = readRecording(file("growing.prolab"));
    QVERIFY(read.has_value() && read->whole);
    compareEvents(*read->recording, *recording, 10'000);
    QCOMPARE(read->recording->names(), recording->names());
}

void RecordingFileTest::survivesACrashUpToTheLastFlush() {
    const auto status = runAgain("--crash", file("crash.prolab"));
    QVERIFY(WIFSIGNALED(status));
    const auto read = readRecording(file("crash.prolab"));
    QVERIFY(read.has_value());
    QVERIFY(!read->whole);
    QCOMPARE(read->remark, std::string("cut off after event 5,000"));
    compareEvents(*read->recording, *sample(5'000), 5'000);
}

void RecordingFileTest::cutOffAnywhere() {
    QVERIFY(writeRecording(sample(40), file("small.prolab")).has_value());
    const auto whole = read(path("small.prolab"));
    std::size_t most = 0;
    for (qsizetype length = 0; length < whole.size(); ++length) {
        write(path("cut.prolab"), whole.left(length));
        const auto cut = readRecording(file("cut.prolab"));
        if (!cut) {
            QVERIFY(!cut.error().message.empty());
            QCOMPARE(most, std::size_t{0}); // once events can be read, a longer file gives them too
            continue;
        }
        QVERIFY(!cut->whole);
        QVERIFY(!cut->remark.empty());
        QVERIFY(cut->recording->end() >= most);
        most = cut->recording->end();
    }
    QCOMPARE(most, std::size_t{40});
}

void RecordingFileTest::damagedAnywhere() {
    QVERIFY(writeRecording(sample(40), file("small.prolab")).has_value());
    const auto whole = read(path("small.prolab"));
    const auto written = sample(40);
    for (qsizetype place = 0; place < whole.size(); ++place) {
        for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
            auto damaged = whole;
            damaged[place] = static_cast<char>(static_cast<unsigned char>(damaged[place]) ^ flip);
            write(path("damaged.prolab"), damaged);
            const auto read = readRecording(file("damaged.prolab"));
            if (!read) {
                QVERIFY(read.error().message.find("damaged.prolab") != std::string::npos);
                continue;
            }
            QVERIFY2(!read->whole && !read->remark.empty(), "damage passed for good");
            compareEvents(*read->recording, *written, read->recording->end());
        }
    }
}

void RecordingFileTest::saysWhatIsWrong() {
    const auto message = [&](const char* name) {
        const auto read = readRecording(file(name));
        return QString::fromStdString(read ? std::string("no error") : read.error().message);
    };
    QVERIFY(message("nowhere").endsWith("nowhere: No such file or directory"));
    QVERIFY(message(".").endsWith("it is not a file"));
    write(path("empty"), {});
    QVERIFY(message("empty").endsWith("is not a recording"));
    write(path("page.html"), "<!DOCTYPE html><p>Some page that is longer than a header.");
    QVERIFY(message("page.html").endsWith("is not a recording"));

    format::Octets newer;
    format::appendHeader(newer);
    newer[8] = format::version + 1;
    write(path("broken-header"), {reinterpret_cast<const char*>(newer.data()), static_cast<qsizetype>(newer.size())});
    QVERIFY(message("broken-header").endsWith("header is damaged"));
    // The same with the right check: CRC-32 of magic and version 2.
    const std::array<unsigned char, 4> check = [&] {
        std::uint32_t crc = 0xffff'ffff;
        for (std::size_t index = 0; index < 12; ++index) {
            crc ^= newer[index];
            for (int bit = 0; bit < 8; ++bit) {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb8'8320 : crc >> 1;
            }
        }
        crc = ~crc;
        return std::array{static_cast<unsigned char>(crc), static_cast<unsigned char>(crc >> 8),
                          static_cast<unsigned char>(crc >> 16), static_cast<unsigned char>(crc >> 24)};
    }();
    std::copy(check.begin(), check.end(), newer.begin() + 12);
    write(path("newer"), {reinterpret_cast<const char*>(newer.data()), static_cast<qsizetype>(newer.size())});
    QVERIFY(message("newer").contains("newer format"));
}

void RecordingFileTest::absurdLengthsTakeNoMemory() {
    QVERIFY(writeRecording(sample(40), file("small.prolab")).has_value());
    for (const auto length : {"\xff\xff\xff\xff", "\xff\xff\xff\x7f", "\x01\x00\x00\x01", "\x00\x00\xff\x00"}) {
        auto octets = read(path("small.prolab"));
        octets.replace(static_cast<qsizetype>(format::headerLength) + 4, 4, QByteArray(length, 4));
        write(path("absurd.prolab"), octets);
        QVERIFY(!readRecording(file("absurd.prolab")).has_value());
    }
}

void RecordingFileTest::timesThatRunBackwardsAreDamage() {
    const auto recording = std::make_shared<Recording>();
    std::vector<Event> events(20);
    for (std::size_t index = 0; index < events.size(); ++index) {
        events[index].time = index;
    }
    recording->append(events);
    events.front().time = 5;
    recording->append(std::span(events).first(1));
    QVERIFY(writeRecording(recording, file("backwards.prolab")).has_value());
    QVERIFY(!readRecording(file("backwards.prolab")).has_value()); // one block, and it is not to be trusted
}

void RecordingFileTest::fullDiskKeepsWhatFits() {
    // In another process, as the limit is for a whole one.
    const auto status = runAgain("--full-disk", file("full.prolab"));
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    const auto read = readRecording(file("full.prolab"));
    QVERIFY(read.has_value());
    QCOMPARE(read->remark, std::string("cut off after event 65,536"));
    compareEvents(*read->recording, *sample(3 * eventsPerBlock), eventsPerBlock);
}

void RecordingFileTest::writerTellsWhyItCannotBegin() {
    const auto nowhere = RecordingWriter::create(file("no/such/folder/x.prolab"), sample(1));
    QVERIFY(!nowhere.has_value());
    QVERIFY(QString::fromStdString(nowhere.error().message).endsWith("No such file or directory"));
    const auto full = RecordingWriter::create("/dev/full", sample(1));
    QVERIFY(!full.has_value());
    QVERIFY(QString::fromStdString(full.error().message).contains("No space left on device"));
}

int main(int count, char** arguments) {
    if (count == 3 && std::string_view(arguments[1]) == "--crash") {
        return crashWhileWriting(arguments[2]);
    }
    if (count == 3 && std::string_view(arguments[1]) == "--full-disk") {
        return writeToAFullDisk(arguments[2]);
    }
    const QCoreApplication application(count, arguments);
    RecordingFileTest test;
    return QTest::qExec(&test, count, arguments);
}

#include "tst_recording_file.moc"
