// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filesystem/cache_hints.h"
#include "engine/filesystem/cached_filesystem.h"
#include "engine/trace/trace.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <set>

namespace lab::test {

namespace {

constexpr qsizetype fileOctets = 1'000;

} // namespace

/// If these fail, another file leaves the cache than the policy promises, and policies cannot be compared.
class TestCachePolicies : public QObject {
    Q_OBJECT

private slots:
    void init();

    void theLeastRecentlyUsedGoes();
    void theLeastFrequentlyUsedGoes();
    void ofEquallyFrequentOnesTheOldestGoes();
    void hintsFetchAndPin();
    void nothingPinnedEverGoes();
    void aWrongHintIsNamed_data();
    void aWrongHintIsNamed();
    void hintsAreNeverServed();
    void aDirectoryGoesTogether();
    void itsOwnDirectoryStaysWhenAnotherCanGo();
    void aDirectoryAloneGivesItsOldest();
    void withoutACacheNothingIsKept();
    void theSizeIsABound();
    void evictionsAreEvents();
    void everyPolicyNoticesChanges_data();
    void everyPolicyNoticesChanges();

private:
    void write(const QString& path, const QByteArray& content = QByteArray(fileOctets, 'x')) const;
    /// Room for three files.
    std::unique_ptr<CachedFilesystem> open(CacheKind policy, Recording* recording = nullptr,
                                           std::int64_t files = 3) const;
    static void ask(CachedFilesystem& files, std::initializer_list<const char*> paths);
    /// Which of the files of init() are in the cache: asking for one that is changes nothing but its use.
    static std::string kept(CachedFilesystem& files, std::initializer_list<const char*> expected);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCachePolicies::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    for (const auto* path : {"a", "b", "c", "d", "x/1", "x/2", "x/3", "x/4", "y/1", "z/1"}) {
        write(QString::fromLatin1(path));
    }
}

void TestCachePolicies::write(const QString& path, const QByteArray& content) const {
    const auto name = m_folder->filePath(path);
    QDir().mkpath(QFileInfo(name).path());
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

std::unique_ptr<CachedFilesystem> TestCachePolicies::open(CacheKind policy, Recording* recording,
                                                          std::int64_t files) const {
    CachedFilesystem::Options options;
    options.policy = policy;
    options.maximumOctets = files * fileOctets;
    return std::move(CachedFilesystem::open(m_folder->path().toStdString(), recording, options).value());
}

void TestCachePolicies::ask(CachedFilesystem& files, std::initializer_list<const char*> paths) {
    for (const auto* path : paths) {
        QCOMPARE(files.find(path).found, FileLookup::Found::File);
    }
}

std::string TestCachePolicies::kept(CachedFilesystem& files, std::initializer_list<const char*> expected) {
    std::string missing;
    for (const auto* path : expected) {
        if (files.find(path).source != FileSource::CacheHit) {
            missing += std::string(path) + " is not kept; ";
        }
    }
    return missing;
}

void TestCachePolicies::theLeastRecentlyUsedGoes() {
    const auto files = open(CacheKind::Lru);
    ask(*files, {"/a", "/b", "/c", "/a", "/a", "/c", "/d"}); // /b was wanted as often as /c, but not lately
    QCOMPARE(files->counts().evictions, 1u);
    QCOMPARE(kept(*files, {"/a", "/c", "/d"}), std::string());
    QCOMPARE(files->find("/b").source, FileSource::CacheMiss);
}

void TestCachePolicies::theLeastFrequentlyUsedGoes() {
    const auto files = open(CacheKind::Lfu);
    ask(*files, {"/a", "/a", "/a", "/b", "/b", "/c", "/d"}); // /c was wanted last, but only once
    QCOMPARE(files->counts().evictions, 1u);
    QCOMPARE(kept(*files, {"/a", "/b", "/d"}), std::string());
    QCOMPARE(files->find("/c").source, FileSource::CacheMiss);
}

void TestCachePolicies::ofEquallyFrequentOnesTheOldestGoes() {
    const auto files = open(CacheKind::Lfu);
    ask(*files, {"/a", "/b", "/c", "/b", "/a", "/c", "/d"}); // each twice, /b the longest ago
    QCOMPARE(kept(*files, {"/a", "/c", "/d"}), std::string());
    QCOMPARE(files->find("/b").source, FileSource::CacheMiss);
}

void TestCachePolicies::hintsFetchAndPin() {
    write(".cache-hints", "# what everybody wants\npin /a\n\nprefetch /b # and this\npin /not-there\n");
    const auto files = open(CacheKind::Hinted);
    QCOMPARE(files->find("/a").source, FileSource::CacheHit);
    QCOMPARE(files->find("/b").source, FileSource::CacheHit);
    ask(*files, {"/c", "/d"}); // /a was used the longest ago
    QCOMPARE(kept(*files, {"/a", "/c", "/d"}), std::string());
    QCOMPARE(files->find("/b").source, FileSource::CacheMiss);
}

void TestCachePolicies::nothingPinnedEverGoes() {
    write(".cache-hints", "pin /a\npin /b\npin /c\n");
    const auto files = open(CacheKind::Hinted);
    QCOMPARE(files->find("/d").source, FileSource::Opened);
    QCOMPARE(files->find("/d").source, FileSource::Opened);
    QCOMPARE(files->counts().evictions, 0u);
    QCOMPARE(kept(*files, {"/a", "/b", "/c"}), std::string());
}

void TestCachePolicies::aWrongHintIsNamed_data() {
    QTest::addColumn<QByteArray>("hints");
    QTest::addColumn<int>("line");
    QTest::newRow("no hint") << QByteArray("\nkeep /a\n") << 2;
    QTest::newRow("no path") << QByteArray("pin\n") << 1;
    QTest::newRow("no absolute path") << QByteArray("pin a\n") << 1;
    QTest::newRow("two paths") << QByteArray("pin /a /b\n") << 1;
    QTest::newRow("twice") << QByteArray("pin /a\nprefetch /a\n") << 2;
}

void TestCachePolicies::aWrongHintIsNamed() {
    QFETCH(QByteArray, hints);
    QFETCH(int, line);
    write(".cache-hints", hints);
    CachedFilesystem::Options options;
    options.policy = CacheKind::Hinted;
    const auto opened = CachedFilesystem::open(m_folder->path().toStdString(), nullptr, options);
    QVERIFY(opened.has_error());
    const auto where = m_folder->path().toStdString() + "/.cache-hints:" + std::to_string(line) + ": ";
    QVERIFY2(opened.error().message.starts_with(where), opened.error().message.c_str());
    options.policy = CacheKind::Lru; // which does not read them
    QVERIFY(CachedFilesystem::open(m_folder->path().toStdString(), nullptr, options).has_value());
}

void TestCachePolicies::hintsAreNeverServed() {
    write(".cache-hints", "pin /a\n");
    for (const auto policy : {CacheKind::Hinted, CacheKind::Lru}) {
        QCOMPARE(open(policy)->find("/.cache-hints").found, FileLookup::Found::Nothing);
    }
}

void TestCachePolicies::aDirectoryGoesTogether() {
    const auto files = open(CacheKind::Structured);
    ask(*files, {"/x/1", "/x/2", "/y/1", "/z/1"}); // one would have been enough
    QCOMPARE(files->counts().evictions, 2u);
    QCOMPARE(kept(*files, {"/y/1", "/z/1"}), std::string());
    QCOMPARE(files->find("/x/2").source, FileSource::CacheMiss);
}

void TestCachePolicies::itsOwnDirectoryStaysWhenAnotherCanGo() {
    const auto files = open(CacheKind::Structured);
    ask(*files, {"/x/1", "/x/2", "/y/1", "/x/3"}); // /x/ is the older one, but /x/3 belongs there
    QCOMPARE(files->counts().evictions, 1u);
    QCOMPARE(kept(*files, {"/x/1", "/x/2", "/x/3"}), std::string());
}

void TestCachePolicies::aDirectoryAloneGivesItsOldest() {
    const auto files = open(CacheKind::Structured);
    ask(*files, {"/x/1", "/x/2", "/x/3", "/x/1", "/x/4"});
    QCOMPARE(files->counts().evictions, 1u);
    QCOMPARE(kept(*files, {"/x/1", "/x/3", "/x/4"}), std::string());
}

void TestCachePolicies::withoutACacheNothingIsKept() {
    const auto files = open(CacheKind::None);
    for (int time = 0; time < 2; ++time) {
        const auto found = files->find("/a");
        QCOMPARE(found.source, FileSource::Uncached);
        QVERIFY2(found.file->descriptor && !found.file->inMemory(), "it comes from the file each time");
    }
    QCOMPARE(files->counts().hits, 0u);
    QCOMPARE(files->counts().misses, 2u);
}

void TestCachePolicies::theSizeIsABound() {
    for (const auto policy : {CacheKind::Lru, CacheKind::Lfu, CacheKind::Hinted, CacheKind::Structured}) {
        const auto files = open(policy, nullptr, 2);
        for (int round = 0; round < 3; ++round) {
            ask(*files, {"/a", "/b", "/c", "/d", "/x/1", "/x/2", "/y/1", "/z/1"});
        }
        const auto counts = files->counts();
        QCOMPARE(counts.hits + counts.misses, 24u);
        QVERIFY2(counts.misses - counts.evictions <= 2, "more is kept than there is room for");
    }
}

void TestCachePolicies::evictionsAreEvents() {
    Recording recording;
    Trace trace(recording);
    {
        const TraceThread thread(&trace, "test");
        const auto files = open(CacheKind::Structured, &recording);
        ask(*files, {"/x/1", "/x/2", "/y/1", "/z/1"});
    }
    trace.stop();
    std::multiset<std::string> gone;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        if (view[index].type() == EventType::FileEvicted) {
            QCOMPARE(view[index].kindAs<Eviction>(), Eviction::WithDirectory);
            gone.insert(recording.name(static_cast<NameId>(view[index].value())));
        }
    }
    QCOMPARE(gone, (std::multiset<std::string>{"/x/1", "/x/2"}));
}

void TestCachePolicies::everyPolicyNoticesChanges_data() {
    QTest::addColumn<int>("policy");
    for (const auto policy :
         {CacheKind::Lru, CacheKind::Lfu, CacheKind::Hinted, CacheKind::Structured, CacheKind::None}) {
        QTest::addRow("%d", static_cast<int>(policy)) << static_cast<int>(policy);
    }
}

void TestCachePolicies::everyPolicyNoticesChanges() {
    QFETCH(int, policy);
    write(".cache-hints", "pin /a\n");
    const auto files = open(static_cast<CacheKind>(policy));
    const auto before = files->find("/a").file;
    QCOMPARE(before->size, std::int64_t{fileOctets});
    write("a", "shorter");
    QTRY_COMPARE(files->find("/a").file->size, std::int64_t{7});
    QCOMPARE(files->counts().evictions, 0u);
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestCachePolicies)
#include "tst_cache_policies.moc"
