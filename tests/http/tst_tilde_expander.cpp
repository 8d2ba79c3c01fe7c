// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/tilde_expander.h"
#include "engine/filesystem/user_filesystem.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <numeric>
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
    void servesPublicFolders();
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

QTEST_APPLESS_MAIN(lab::TestTildeExpander)
#include "tst_tilde_expander.moc"
