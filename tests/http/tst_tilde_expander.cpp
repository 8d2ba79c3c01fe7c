// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_descriptor.h"
#include "engine/filesystem/tilde_expander.h"
#include "engine/filesystem/user_filesystem.h"
#include "tests/base/descriptor_limit.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <fcntl.h>
#include <numeric>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace lab {

namespace {

std::vector<UserFolder> numbered(std::size_t count) {
    std::vector<UserFolder> users;
    for (std::size_t i = 0; i < count; ++i) {
        users.push_back({"user" + std::to_string(i), "/home/" + std::to_string(i), "public_html"});
    }
    return users;
}

void put(const QString& file, const QByteArray& content) {
    QVERIFY(QDir().mkpath(QFileInfo(file).path()));
    QFile stream(file);
    QVERIFY(stream.open(QIODevice::WriteOnly));
    stream.write(content);
}

} // namespace

/// If these fail, somebody's files are not found, or are another's, or more than the public ones can be read.
class TestTildeExpander : public QObject {
    Q_OBJECT

private slots:
    void givesEachKeyAPlace_data();
    void givesEachKeyAPlace();
    void findsEachOfTenThousand();
    void knowsNobodyElse();
    void takesPathsApart();
    void isRebuiltWhileOthersRead();
    void readsUsersFiles();
    void refusesWrongUsersFiles_data();
    void refusesWrongUsersFiles();
    void readsPasswd();
    void refusesWrongPasswd_data();
    void refusesWrongPasswd();
    void refusesWhatIsNoPasswd();
    void servesPublicFolders();
    void followsFoldersThatMove_data();
    void followsFoldersThatMove();
    void isShortOfDescriptorsWithoutHarm();
    void staysInPublicFolders();
    void keepsFewFoldersOpen();
};

void TestTildeExpander::givesEachKeyAPlace_data() {
    QTest::addColumn<int>("count");
    for (const int count : {0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 1'000, 50'000}) {
        QTest::addRow("%d", count) << count;
    }
}

void TestTildeExpander::givesEachKeyAPlace() {
    QFETCH(int, count);
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i) {
        keys.push_back("key " + std::to_string(i));
    }
    const PerfectHash hash(keys);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        QCOMPARE(hash.candidate(keys[i]), i);
    }
    // It stays a small table: a place for each key, and a quarter more.
    QVERIFY(hash.places() <= keys.size() + keys.size() / 4 + 1);
    QVERIFY(hash.candidate("no key at all") == PerfectHash::none || hash.candidate("no key at all") < keys.size());
}

void TestTildeExpander::findsEachOfTenThousand() {
    const auto users = numbered(10'000);
    TildeExpander expander;
    expander.rebuild(users);
    QCOMPARE(expander.users(), users.size());
    for (const auto& user : users) {
        const auto path = "/~" + user.user + "/index.html";
        const auto found = expander.expand(path);
        QVERIFY2(found.has_value(), path.c_str());
        QVERIFY2(*found->folder == user, path.c_str());
        QCOMPARE(found->rest, std::string_view("/index.html"));
    }
}

void TestTildeExpander::knowsNobodyElse() {
    TildeExpander expander;
    QVERIFY(!expander.expand("/~user1/").has_value()); // nobody is known yet
    expander.rebuild(numbered(10'000));
    for (int i = 10'000; i < 30'000; ++i) {
        QVERIFY(!expander.expand("/~user" + std::to_string(i) + "/").has_value());
    }
    for (const auto* path : {"/~", "/~/", "/~user", "/~USER1/", "/~user1 /", "/user1/", "/a/~user1/", "~user1/", ""}) {
        QVERIFY2(!expander.expand(path).has_value(), path);
    }
}

void TestTildeExpander::takesPathsApart() {
    TildeExpander expander;
    expander.rebuild({{"ann", "/home/ann", ""}, {"ann", "/home/other", ""}, {"b.c-d", "/home/b", ""}});
    QCOMPARE(expander.users(), std::size_t{2});
    QCOMPARE(expander.expand("/~ann")->rest, std::string_view());
    QCOMPARE(expander.expand("/~ann/")->rest, std::string_view("/"));
    QCOMPARE(expander.expand("/~ann/a/~b")->rest, std::string_view("/a/~b"));
    QCOMPARE(expander.expand("/~ann/")->folder->base, std::string("/home/ann")); // the first counts
    QCOMPARE(expander.expand("/~b.c-d/x")->folder->base, std::string("/home/b"));
}

/// Who is known before and after is found at any moment; what was found stays good although the table has gone.
void TestTildeExpander::isRebuiltWhileOthersRead() {
    TildeExpander expander;
    const auto few = numbered(500);
    const auto many = numbered(1'000);
    expander.rebuild(few);
    std::atomic<bool> done{false};
    std::atomic<int> missed{0};
    std::array<std::atomic<std::uint64_t>, 3> found{};
    const auto reads = [&](std::size_t reader) {
        for (std::size_t i = reader; !done; i = (i + 1) % few.size()) {
            const auto path = "/~" + few[i].user + "/";
            const auto expansion = expander.expand(path);
            if (!expansion || *expansion->folder != few[i]) {
                ++missed;
            }
            ++found[reader];
        }
    };
    std::array<std::thread, 3> readers;
    for (std::size_t i = 0; i < readers.size(); ++i) {
        readers[i] = std::thread(reads, i);
    }
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
        expander.rebuild(round % 2 == 0 ? many : few);
    }
    // On one processor the rounds may be over before everybody has had a look.
    for (auto& count : found) {
        QTRY_VERIFY_WITH_TIMEOUT(count > 0, 60'000);
    }
    done = true;
    for (auto& reader : readers) {
        reader.join();
    }
    QCOMPARE(missed.load(), 0);
}

void TestTildeExpander::readsUsersFiles() {
    const auto users =
        parseUsers("# who\nann : /srv/ann # hers\n\n bob:pages/bob\nc:/with space/x\r\nlast:/z", "/etc/lab/users");
    QVERIFY2(users.has_value(), users ? "" : users.error().message.c_str());
    const std::vector<UserFolder> expected{
        {"ann", "/srv/ann", ""}, {"bob", "/etc/lab/pages/bob", ""}, {"c", "/with space/x", ""}, {"last", "/z", ""}};
    QVERIFY(*users == expected);
}

void TestTildeExpander::refusesWrongUsersFiles_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("no folder") << "ann"
                               << "u:1: a user is written NAME:FOLDER";
    QTest::newRow("empty folder") << "a:/x\nann:"
                                  << "u:2: a user is written NAME:FOLDER";
    QTest::newRow("no name") << ":/x"
                             << "u:1: a user is written NAME:FOLDER";
    QTest::newRow("slash") << "a/b:/x"
                           << "u:1: a user is written NAME:FOLDER";
    QTest::newRow("upwards") << "..:/x"
                             << "u:1: a user is written NAME:FOLDER";
    QTest::newRow("white space") << "a b:/x"
                                 << "u:1: a user is written NAME:FOLDER";
    QTest::newRow("twice") << "\na:/x\nb:/x\na:/y"
                           << "u:4: there is a folder of a already";
}

void TestTildeExpander::refusesWrongUsersFiles() {
    QFETCH(QString, text);
    QFETCH(QString, message);
    const auto users = parseUsers(text.toStdString(), "u");
    QVERIFY(users.has_error());
    QVERIFY2(QString::fromStdString(users.error().message).startsWith(message), users.error().message.c_str());
    QVERIFY(readUsersFile("/nowhere/users").has_error());
}

void TestTildeExpander::readsPasswd() {
    QTemporaryDir folder;
    const auto file = folder.filePath("passwd");
    put(file, "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\n"
              "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nbob:x:1001:1001::/home/bob:\n");
    const auto users = readPasswd(file.toStdString(), "public_html");
    QVERIFY(users.has_value());
    const std::vector<UserFolder> expected{{"ann", "/home/ann", "public_html"}, {"bob", "/home/bob", "public_html"}};
    QVERIFY(*users == expected);
    QVERIFY(readPasswd("/nowhere/passwd", "public_html").has_error());
}

void TestTildeExpander::refusesWrongPasswd_data() {
    QTest::addColumn<QString>("line");
    for (const auto* line : {"ann", "ann:x:1000:1000:Ann:/home/ann", "ann:x:many:1000:Ann:/home/ann:/bin/sh",
                             "ann:x:1000::Ann:/home/ann:/bin/sh", ":x:1000:1000:Ann:/home/ann:/bin/sh"}) {
        QTest::newRow(line) << QString::fromLatin1(line);
    }
}

void TestTildeExpander::refusesWrongPasswd() {
    QFETCH(QString, line);
    const auto users = parsePasswd("# who\nbob:x:1001:1001::/home/bob:\n" + line.toStdString(), "p", "www");
    QVERIFY(users.has_error());
    QVERIFY2(users.error().message.starts_with("p:3: a line of passwd(5) is written"), users.error().message.c_str());
}

/// What cannot be read to its end does not count as a list that ends there; nor is it waited for.
void TestTildeExpander::refusesWhatIsNoPasswd() {
    QTemporaryDir folder;
    const auto directory = readPasswd(folder.path().toStdString(), "www");
    QVERIFY(directory.has_error());
    QVERIFY2(directory.error().message.find("Is a directory") != std::string::npos, directory.error().message.c_str());
    const auto pipe = folder.filePath("pipe").toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    QVERIFY(readPasswd(pipe, "www").has_error());
    QVERIFY(parsePasswd("", "p", "www").has_error());
    QVERIFY(parsePasswd("# nobody yet\n\n", "p", "www").has_error());

    const auto entry = [](const char* name, const std::string& comment) {
        return std::string(name) + ":x:1000:1000:" + comment + ":/home/" + name + ":/bin/sh\n";
    };
    const auto users =
        parsePasswd(entry("ann", std::string(100'000, 'a')) + "+::::::\n\n" + entry("bob", ""), "p", "www");
    QVERIFY2(users.has_value(), users ? "" : users.error().message.c_str());
    const std::vector<UserFolder> expected{{"ann", "/home/ann", "www"}, {"bob", "/home/bob", "www"}};
    QVERIFY(*users == expected);
}

void TestTildeExpander::servesPublicFolders() {
    QTemporaryDir homes;
    put(homes.filePath("ann/public_html/index.html"), "ann's page");
    put(homes.filePath("bob/pages/notes.txt"), "bob's notes");
    TildeExpander expander;
    expander.rebuild({{"ann", homes.filePath("ann").toStdString(), "public_html"},
                      {"bob", homes.filePath("bob/pages").toStdString(), ""}});
    const auto files = makeUserFilesystem(expander, nullptr);
    QCOMPARE(files->find("/~ann/").file->content, std::string("ann's page"));
    QCOMPARE(files->find("/~ann/index.html").file->content, std::string("ann's page"));
    QCOMPARE(files->find("/~bob/notes.txt").file->content, std::string("bob's notes"));
    QCOMPARE(files->find("/~ann").found, FileLookup::Found::Directory);
    for (const auto* path : {"/~ann/notes.txt", "/~bob/", "/~eve/", "/~eve", "/notes.txt", "/~"}) {
        QCOMPARE(files->find(path).found, FileLookup::Found::Nothing);
    }
    QVERIFY(files->counts().hits + files->counts().misses >= 3);
}

/// Neither by a link, nor by a public folder that is a link itself, nor upwards.
void TestTildeExpander::staysInPublicFolders() {
    QTemporaryDir homes;
    put(homes.filePath("secret.txt"), "not for you");
    put(homes.filePath("ann/private.txt"), "not for you");
    put(homes.filePath("ann/public_html/good.txt"), "for you");
    QVERIFY(QFile::link("../private.txt", homes.filePath("ann/public_html/up.txt")));
    QVERIFY(QFile::link(homes.filePath("secret.txt"), homes.filePath("ann/public_html/out.txt")));
    QVERIFY(QFile::link("..", homes.filePath("ann/public_html/back")));
    QVERIFY(QFile::link("good.txt", homes.filePath("ann/public_html/same.txt")));
    QVERIFY(QDir().mkpath(homes.filePath("eve")));
    QVERIFY(QFile::link(homes.path(), homes.filePath("eve/public_html")));
    TildeExpander expander;
    expander.rebuild({{"ann", homes.filePath("ann").toStdString(), "public_html"},
                      {"eve", homes.filePath("eve").toStdString(), "public_html"}});
    const auto files = makeUserFilesystem(expander, nullptr);
    QCOMPARE(files->find("/~ann/good.txt").file->content, std::string("for you"));
    QCOMPARE(files->find("/~ann/same.txt").file->content, std::string("for you"));
    for (const auto* path : {"/~ann/up.txt", "/~ann/out.txt", "/~ann/back/private.txt", "/~ann/../private.txt",
                             "/~ann/../../secret.txt", "/~eve/secret.txt", "/~eve/ann/private.txt"}) {
        const auto lookup = files->find(path);
        QVERIFY2(lookup.found == FileLookup::Found::Nothing && lookup.file == nullptr, path);
    }
}

void TestTildeExpander::followsFoldersThatMove_data() {
    QTest::addColumn<QString>("moves");
    QTest::addColumn<bool>("isRefreshed");
    for (const bool isRefreshed : {false, true}) {
        QTest::addRow("public folder%s", isRefreshed ? ", refreshed" : "") << "ann/public_html" << isRefreshed;
        QTest::addRow("home%s", isRefreshed ? ", refreshed" : "") << "ann" << isRefreshed;
        QTest::addRow("folder of a list%s", isRefreshed ? ", refreshed" : "") << "bob" << isRefreshed;
    }
}

/// What has been moved away is not public any more, and what takes its place is.
void TestTildeExpander::followsFoldersThatMove() {
    QFETCH(QString, moves);
    QFETCH(bool, isRefreshed);
    QTemporaryDir homes;
    put(homes.filePath("ann/public_html/index.html"), "first");
    put(homes.filePath("bob/index.html"), "first");
    TildeExpander expander;
    expander.rebuild({{"ann", homes.filePath("ann").toStdString(), "public_html"},
                      {"bob", homes.filePath("bob").toStdString(), ""}});
    const auto files = makeUserFilesystem(expander, nullptr);
    const std::string user = moves.startsWith("ann") ? "/~ann" : "/~bob";
    const auto content = [&] {
        const auto lookup = files->find(user + "/");
        return lookup.file ? lookup.file->content : std::string();
    };
    const auto becomes = [&](const std::string& wanted) {
        if (isRefreshed) {
            files->refresh();
            return content() == wanted;
        }
        return QTest::qWaitFor([&] { return content() == wanted; }, 30'000);
    };
    QCOMPARE(content(), std::string("first"));
    QVERIFY(QDir().rename(homes.filePath(moves), homes.filePath("away")));
    QVERIFY(becomes(""));
    QCOMPARE(files->find(user).found, FileLookup::Found::Nothing);
    put(homes.filePath("ann/public_html/index.html"), "second");
    put(homes.filePath("bob/index.html"), "second");
    QVERIFY(becomes("second"));
    QCOMPARE(files->find(user).found, FileLookup::Found::Directory);
    QVERIFY(files->counts().misses >= 2); // also those of the folder that was there before
}

/// However few there are: it is never said that nothing is there.
void TestTildeExpander::isShortOfDescriptorsWithoutHarm() {
    QTemporaryDir homes;
    put(homes.filePath("ann/public_html/index.html"), "ann's page");
    TildeExpander expander;
    expander.rebuild({{"ann", homes.filePath("ann").toStdString(), "public_html"}});
    bool wasThere = false;
    bool wasShort = false;
    for (rlim_t spare = 0; spare < 8; ++spare) {
        for (const auto* path : {"/~ann/", "/~ann"}) {
            const auto files = makeUserFilesystem(expander, nullptr);
            rlim_t next = 0;
            {
                const FileDescriptor lowest(::open("/dev/null", O_RDONLY | O_CLOEXEC));
                next = static_cast<rlim_t>(lowest.get());
            }
            const auto found = [&] {
                const test::DescriptorLimit few(next + spare);
                return files->find(path).found;
            }();
            QVERIFY2(found != FileLookup::Found::Nothing, std::to_string(spare).c_str());
            wasThere = wasThere || found == FileLookup::Found::File;
            wasShort = wasShort || found == FileLookup::Found::Trouble;
        }
    }
    QVERIFY(wasThere && wasShort);
}

void TestTildeExpander::keepsFewFoldersOpen() {
    constexpr int many = 200;
    QTemporaryDir homes;
    std::vector<UserFolder> users;
    for (int i = 0; i < many; ++i) {
        const auto name = QStringLiteral("u%1").arg(i);
        put(homes.filePath(name + "/name.txt"), name.toUtf8());
        users.push_back({name.toStdString(), homes.filePath(name).toStdString(), ""});
    }
    TildeExpander expander;
    expander.rebuild(users);
    const auto files = makeUserFilesystem(expander, nullptr);
    const auto open = [] { return QDir("/proc/self/fd").count(); };
    const auto before = open();
    for (int round = 0; round < 2; ++round) {
        for (const auto& user : users) {
            QCOMPARE(files->find("/~" + user.user + "/name.txt").file->content, user.user);
        }
    }
    QVERIFY(open() <= before + 40);
    QCOMPARE(files->counts().hits + files->counts().misses, std::uint64_t{2 * many});
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::TestTildeExpander)
#include "tst_tilde_expander.moc"
