// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cached_filesystem.h"
#include "engine/filesystem/document_root.h"
#include "tests/base/descriptor_limit.h"
#include "tests/contract/document_tree.h"

#include <QTest>

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <thread>

namespace lab::test {

namespace {

using Found = FileLookup::Found;

std::unique_ptr<CachedFilesystem> openFiles(const DocumentTree& tree, Recording* recording = nullptr,
                                            CachedFilesystem::Options options = {}) {
    return std::move(CachedFilesystem::open(tree.root(), recording, options).value());
}

std::size_t openDescriptors() {
    const auto entries = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

} // namespace

/// What is found under a document root, and what never is.
class TestCachedFilesystem : public QObject {
    Q_OBJECT

private slots:
    void saysWhyARootIsNoGood();
    void findsFilesAndFolders();
    void keepsSmallFilesInMemory();
    void hidesNamesWithADot_data();
    void hidesNamesWithADot();
    void neverLeavesTheRoot_data();
    void neverLeavesTheRoot();
    void walksStepwiseWhereTheKernelIsOld();
    void isNotFooledByLinksThatChange();
    void noticesChangesAndRemoval();
    void closesWhatIsNotUsed();
    void isShortOfDescriptorsWithoutHarm();
    void namesFewOfManyPaths();
    void isSharedByThreads();

private:
    DocumentTree m_tree;
};

void TestCachedFilesystem::saysWhyARootIsNoGood() {
    const auto missing = CachedFilesystem::open(m_tree.root() + "/missing", nullptr, {});
    QVERIFY(missing.has_error());
    QVERIFY(missing.error().message.find("/missing: No such file or directory") != std::string::npos);
    const auto file = CachedFilesystem::open(m_tree.root() + "/hello.txt", nullptr, {});
    QVERIFY(file.has_error());
    QVERIFY(file.error().message.find("/hello.txt: Not a directory") != std::string::npos);
}

void TestCachedFilesystem::findsFilesAndFolders() {
    const auto files = openFiles(m_tree);
    const auto first = files->find("/hello.txt");
    QCOMPARE(first.found, Found::File);
    QCOMPARE(first.source, FileSource::CacheMiss);
    QCOMPARE(first.file->content, m_tree.content("/hello.txt"));
    QCOMPARE(first.file->contentType, std::string("text/plain; charset=utf-8"));
    QCOMPARE(first.file->entityTag, m_tree.entityTag("/hello.txt"));
    const auto second = files->find("/hello.txt");
    QCOMPARE(second.source, FileSource::CacheHit);
    QCOMPARE(second.file, first.file);

    QCOMPARE(files->find("/").file->content, m_tree.content("/index.html"));
    QCOMPARE(files->find("/sub/").file->content, m_tree.content("/sub/index.html"));
    QCOMPARE(files->find("/sub").found, Found::Directory);
    QCOMPARE(files->find("/link.txt").file->content, m_tree.content("/hello.txt"));
    QCOMPARE(files->find("/empty.txt").file->size, std::int64_t{0});
    QVERIFY(files->find("/empty.txt").file->inMemory());
}

void TestCachedFilesystem::keepsSmallFilesInMemory() {
    CachedFilesystem::Options options;
    options.smallFileOctets = 500;
    const auto files = openFiles(m_tree, nullptr, options);
    const auto small = files->find("/500b.bin").file;
    QVERIFY(small->inMemory());
    QVERIFY2(!small->descriptor, "a descriptor is kept for nothing");
    const auto large = files->find("/5k.bin").file;
    QVERIFY(!large->inMemory());
    QVERIFY(large->content.empty());
    std::string content(5'000, '\0');
    QCOMPARE(::pread(large->descriptor.get(), content.data(), content.size(), 0), ssize_t{5'000});
    QCOMPARE(content, m_tree.content("/5k.bin"));
    QCOMPARE(files->find("/500b.bin").source, FileSource::CacheHit);
    QCOMPARE(files->find("/5k.bin").source, FileSource::DescriptorHit);
    QCOMPARE(openFiles(m_tree, nullptr, options)->find("/5k.bin").source, FileSource::DescriptorMiss);
}

void TestCachedFilesystem::hidesNamesWithADot_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isHidden");
    const auto row = [](const char* path, bool isHidden) { QTest::newRow(path) << QByteArray(path) << isHidden; };
    row("/.people", true);
    row("/sub/.people", true);
    row("/.git/config", true);
    row("/.git/", true);
    row("/.git", true);
    row("/sub/.git/config", true);
    row("/..dots.txt", true);
    row("/a..dots.txt", false);
    row("/.well-known/lab.txt", false);
    row("/.well-known/sub/lab.txt", false);
    row("/.well-known/", false);
    row("/.well-known/.people", true);
    row("/.well-known-not/lab.txt", true);
    row("/sub/.well-known/lab.txt", true);
}

void TestCachedFilesystem::hidesNamesWithADot() {
    QFETCH(QByteArray, path);
    QFETCH(bool, isHidden);
    const auto name = path.mid(1).toStdString() + (path.endsWith('/') ? "index.html" : "");
    const auto isFolder = path == "/.git";
    const auto file = std::filesystem::path(m_tree.root()) / (isFolder ? name + "/index.html" : name);
    std::filesystem::create_directories(file.parent_path());
    m_tree.write(file.lexically_relative(m_tree.root()), "a secret, or not");
    const auto lookup = openFiles(m_tree)->find(path.toStdString());
    QCOMPARE(lookup.found, isHidden ? Found::Nothing : Found::File);
    QCOMPARE(lookup.file == nullptr, isHidden);
}

void TestCachedFilesystem::neverLeavesTheRoot_data() {
    QTest::addColumn<QByteArray>("path");
    for (const char* path : {"/../secret.txt",
                             "/sub/../../secret.txt",
                             "/..",
                             "//etc/passwd",
                             "/escape.txt",
                             "/absolute.txt",
                             "/up/secret.txt",
                             "/up/",
                             "/up",
                             "/etc/passwd",
                             "/etc",
                             "/loop",
                             "/pipe",
                             "/missing",
                             "/hello.txt/",
                             "/hello.txt/x",
                             "/noindex/",
                             "",
                             "hello.txt",
                             "/indexisfolder/"}) {
        QTest::newRow(path) << QByteArray(path);
    }
    QTest::newRow("NUL") << QByteArray("/hello.txt\0.png", 15);
    QTest::newRow("very long") << "/" + QByteArray(100'000, 'a');
}

void TestCachedFilesystem::neverLeavesTheRoot() {
    QFETCH(QByteArray, path);
    const auto files = openFiles(m_tree);
    const auto lookup = files->find({path.constData(), static_cast<std::size_t>(path.size())});
    QCOMPARE(lookup.found, Found::Nothing);
    QVERIFY(!lookup.file);
}

void TestCachedFilesystem::walksStepwiseWhereTheKernelIsOld() {
    auto root = DocumentRoot::open(m_tree.root()).value();
    for (const auto resolution : {DocumentRoot::Resolution::Kernel, DocumentRoot::Resolution::Stepwise}) {
        root.setResolution(resolution);
        QVERIFY(root.openBeneath("sub/page.html", O_RDONLY).isRegular());
        QVERIFY(root.openBeneath("sub", O_PATH).isDirectory());
        for (const char* path : {"../secret.txt", "sub/../../secret.txt", "..", "up/secret.txt", "escape.txt",
                                 "absolute.txt", "etc/passwd", "loop", "missing", "hello.txt/x", "/etc/passwd"}) {
            const auto opened = root.openBeneath(path, O_RDONLY);
            QVERIFY2(opened.error != 0, path);
            QVERIFY2(!opened.isTrouble(), path);
        }
    }
}

/// Somebody who may write into the root changes a folder into a link and back while it is asked for.
void TestCachedFilesystem::isNotFooledByLinksThatChange() {
    const std::filesystem::path root = m_tree.root();
    std::filesystem::create_directories(root / "real");
    m_tree.write("real/secret.txt", "harmless");
    std::filesystem::create_directory_symlink("..", root / "trap");
    std::filesystem::create_directory_symlink("real", root / "swing");
    std::atomic<bool> ended = false;
    std::jthread swinger([&] {
        for (bool out = false; !ended; out = !out) {
            std::filesystem::create_directory_symlink(out ? ".." : "real", root / "next");
            std::filesystem::rename(root / "next", root / "swing");
        }
    });
    CachedFilesystem::Options options;
    options.maximumFiles = 0; // every time anew
    const auto files = openFiles(m_tree, nullptr, options);
    int found = 0;
    int refused = 0;
    bool fooled = false;
    constexpr int tries = 3'000;
    constexpr int most = 300'000; // who swings may have no processor for a while
    for (int i = 0; i < tries || ((found == 0 || refused == 0) && i < most); ++i) {
        const auto lookup = files->find("/swing/secret.txt");
        ++(lookup.found == Found::File ? found : refused);
        fooled = fooled || (lookup.file && lookup.file->content != "harmless");
    }
    ended = true;
    swinger.join();
    QVERIFY2(!fooled, "the content of a file outside the root was given away");
    QVERIFY(found > 0);
    QVERIFY(refused > 0);
}

void TestCachedFilesystem::noticesChangesAndRemoval() {
    const auto files = openFiles(m_tree);
    m_tree.write("changing.txt", "before");
    const auto before = files->find("/changing.txt").file;
    QCOMPARE(before->content, std::string("before"));
    m_tree.write("changing.txt", "and after");
    QTRY_COMPARE(files->find("/changing.txt").file->content, std::string("and after"));
    QVERIFY(files->find("/changing.txt").file->entityTag != before->entityTag);
    QCOMPARE(before->content, std::string("before")); // a response under way is not touched
    std::filesystem::remove(m_tree.root() + "/changing.txt");
    QTRY_COMPARE(files->find("/changing.txt").found, Found::Nothing);
    m_tree.write("changing.txt", "again");
    QCOMPARE(files->find("/changing.txt").file->content, std::string("again"));
}

void TestCachedFilesystem::closesWhatIsNotUsed() {
    CachedFilesystem::Options options;
    options.smallFileOctets = 0;
    options.maximumFiles = 2;
    const auto files = openFiles(m_tree, nullptr, options);
    const auto before = openDescriptors();
    for (const char* path : {"/hello.txt", "/500b.bin", "/5k.bin", "/large.bin", "/sub/page.html", "/style.css"}) {
        QCOMPARE(files->find(path).found, Found::File);
        QVERIFY(openDescriptors() <= before + 2);
    }
    QCOMPARE(files->find("/style.css").source, FileSource::DescriptorHit);
    QCOMPARE(files->find("/sub/page.html").source, FileSource::DescriptorHit);
    QCOMPARE(files->find("/hello.txt").source, FileSource::DescriptorMiss);    // gone long ago
    QCOMPARE(files->find("/sub/page.html").source, FileSource::DescriptorHit); // used last
    QCOMPARE(files->find("/style.css").source, FileSource::DescriptorMiss);

    options.smallFileOctets = 10'000;
    options.maximumFiles = 1'000;
    options.maximumOctets = 1'000'000;
    const auto roomy = openFiles(m_tree, nullptr, options);
    QVERIFY(roomy->find("/5k.bin").file->inMemory());
    options.maximumOctets = 100;
    const auto narrow = openFiles(m_tree, nullptr, options);
    QVERIFY2(!narrow->find("/5k.bin").file->inMemory(), "more content in memory than allowed");
}

void TestCachedFilesystem::isShortOfDescriptorsWithoutHarm() {
    const auto files = openFiles(m_tree);
    QCOMPARE(files->find("/hello.txt").found, Found::File);
    {
        const FileDescriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        const DescriptorLimit none(static_cast<rlim_t>(next.get()));
        QCOMPARE(files->find("/5k.bin").found, Found::Trouble);
        QCOMPARE(files->find("/hello.txt").found, Found::File);
    }
    QCOMPARE(files->find("/5k.bin").found, Found::File);
}

/// Paths are anybody's choice: they must not fill the recording, nor bring odd characters into it.
void TestCachedFilesystem::namesFewOfManyPaths() {
    Recording recording;
    const auto files = openFiles(m_tree, &recording);
    const auto hello = files->find("/hello.txt");
    QCOMPARE(recording.name(hello.name), std::string("/hello.txt"));
    QCOMPARE(files->find("/hello.txt").name, hello.name);
    QCOMPARE(recording.name(files->find("/sub").name), std::string("/sub"));
    QCOMPARE(recording.name(files->find("/a\nb\xff%").name), std::string("/a%0Ab%FF%"));
    QCOMPARE(recording.name(files->find("/" + std::string(1'000, 'a')).name).size(), std::size_t{80});
    constexpr int many = 2'000;
    for (int i = 0; i < many; ++i) {
        files->find("/missing/" + std::to_string(i));
    }
    QVERIFY(recording.names().size() < 300);
    QCOMPARE(recording.name(files->find("/one/more").name), std::string("(other paths)"));
    QCOMPARE(recording.name(files->find("/500b.bin").name), std::string("/500b.bin"));
}

void TestCachedFilesystem::isSharedByThreads() {
    CachedFilesystem::Options options;
    options.maximumFiles = 2; // so that entries come and go
    const auto files = openFiles(m_tree, nullptr, options);
    const std::vector<std::string> paths{"/hello.txt", "/500b.bin", "/sub/", "/style.css"};
    std::vector<std::string> contents;
    for (const auto& path : paths) {
        contents.push_back(files->find(path).file->content);
    }
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (unsigned thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (std::size_t i = 0; i < 500; ++i) {
                    const auto which = (i * (thread + 1)) % paths.size();
                    wrong += files->find(paths[which]).file->content == contents[which] ? 0 : 1;
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestCachedFilesystem)
#include "tst_cached_filesystem.moc"
