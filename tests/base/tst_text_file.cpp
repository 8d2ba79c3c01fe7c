// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/text_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace lab {

/// If these fail, a wrong file given for a scenario, a lesson or the like fills the memory, keeps the lab waiting for
/// ever, or is refused without its name.
class TextFileTest : public QObject {
    Q_OBJECT

private slots:
    void isReadWholeUpToItsBound_data();
    void isReadWholeUpToItsBound();
    void isNotReadBeyondIt();
    void whatCannotBeReadIsNamed_data();
    void whatCannotBeReadIsNamed();
    void aPipeWithoutWriterIsEmpty();
    void aPipesWriterMayThink();

private:
    std::string in(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }
    std::string pipe(const char* name) const {
        const auto path = in(name);
        return ::mkfifo(path.c_str(), S_IRUSR | S_IWUSR) == 0 ? path : std::string();
    }

    QTemporaryDir m_folder;
};

void TextFileTest::isReadWholeUpToItsBound_data() {
    QTest::addColumn<int>("octets");
    for (const int octets : {0, 1, 65'535, 65'536, 65'537, 300'000}) {
        QTest::addRow("%d", octets) << octets;
    }
}

void TextFileTest::isReadWholeUpToItsBound() {
    QFETCH(const int, octets);
    std::string content(static_cast<std::size_t>(octets), 'x');
    for (std::size_t index = 0; index < content.size(); index += 7) {
        content[index] = static_cast<char>(index % 251);
    }
    QFile file(m_folder.filePath(QStringLiteral("some.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(content));
    file.close();
    const auto whole = readTextFile(in("some.txt"), "a scenario", content.size());
    QVERIFY2(whole.has_value(), whole ? "" : whole.error().message.c_str());
    QVERIFY(*whole == content);
    if (octets > 1) {
        const auto tooLong = readTextFile(in("some.txt"), "a scenario", content.size() - 1);
        QVERIFY(!tooLong.has_value());
        QCOMPARE(tooLong.error().message,
                 in("some.txt") + ": is longer than " + std::to_string(octets - 1) + " octets: not a scenario");
    }
}

void TextFileTest::isNotReadBeyondIt() {
    const auto endless = readTextFile("/dev/zero", "a lesson", longestByHand);
    QVERIFY(!endless.has_value());
    QCOMPARE(endless.error().message, std::string("/dev/zero: is longer than 4 MiB: not a lesson"));
}

void TextFileTest::whatCannotBeReadIsNamed_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("why");
    QTest::newRow("missing") << QStringLiteral("/nowhere/at.all") << QStringLiteral("No such file or directory");
    QTest::newRow("a directory") << QStringLiteral("/proc") << QStringLiteral("Is a directory");
}

void TextFileTest::whatCannotBeReadIsNamed() {
    QFETCH(const QString, file);
    QFETCH(const QString, why);
    const auto text = readTextFile(file.toStdString(), "a scenario", longestByHand);
    QVERIFY(!text.has_value());
    QCOMPARE(QString::fromStdString(text.error().message), QStringLiteral("cannot read %1: %2").arg(file, why));
}

void TextFileTest::aPipeWithoutWriterIsEmpty() {
    const auto text = readTextFile(pipe("silent"), "a scenario", longestByHand);
    QVERIFY2(text.has_value(), text ? "" : text.error().message.c_str());
    QVERIFY(text->empty());
}

void TextFileTest::aPipesWriterMayThink() {
    const auto path = pipe("slow");
    const int writing = ::open(path.c_str(), O_RDWR | O_CLOEXEC); // does not wait for a reader
    QVERIFY(writing >= 0);
    std::thread writer([writing] {
        for (const auto* piece : {"a ", "whole ", "text"}) {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            static_cast<void>(::write(writing, piece, std::char_traits<char>::length(piece)));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        ::close(writing);
    });
    const auto text = readTextFile(path, "a scenario", longestByHand);
    writer.join();
    QVERIFY2(text.has_value(), text ? "" : text.error().message.c_str());
    QCOMPARE(*text, std::string("a whole text"));
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::TextFileTest)
#include "tst_text_file.moc"
