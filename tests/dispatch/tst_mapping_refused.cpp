// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/server/server.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/raw_client.h"
#include "tests/contract/response_reader.h"

#include <QTest>

#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace lab::test {

namespace {

/// From now on no file can be mapped as the transfer does it: as where no address space is left.
bool forbidMappingFiles() {
    constexpr auto lowerHalf = [](int argument) {
        return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + static_cast<std::size_t>(argument) * 8);
    };
    constexpr int protection = 2;
    constexpr int flags = 3;
    std::array<sock_filter, 8> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, lowerHalf(protection)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROT_READ, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, lowerHalf(flags)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAP_SHARED | MAP_POPULATE, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOMEM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

} // namespace

/// If it fails, a file that cannot be mapped costs its client the connection, although it could be read.
class TestMappingRefused : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(forbidMappingFiles()); }
    void theFileIsReadInstead_data();
    void theFileIsReadInstead();

private:
    DocumentTree m_tree;
};

void TestMappingRefused::theFileIsReadInstead_data() {
    QTest::addColumn<std::string>("model");
    QTest::addColumn<int>("processor");
    for (const auto& model : models()) {
        for (const auto& processor : findServerSetting("processor")->words) {
            ServerOptions options;
            options.model = model.id;
            QVERIFY(findServerSetting("processor")->set(options, processor.word));
            options.transfer = FileTransfer::MmapWritev;
            if (model.whyUnavailable().empty() && refusal(model, options).empty()) {
                const auto name = std::string(model.id) + ", " + std::string(processor.word);
                QTest::newRow(name.c_str()) << std::string(model.id) << static_cast<int>(options.processor);
            }
        }
    }
}

/// Whole, in ranges, and again on the same connection.
void TestMappingRefused::theFileIsReadInstead() {
    QFETCH(std::string, model);
    QFETCH(int, processor);
    ServerOptions options;
    options.model = model;
    options.root = m_tree.root();
    options.processor = static_cast<ProcessorKind>(processor);
    options.transfer = FileTransfer::MmapWritev;
    const auto started = Server::start(options, nullptr);
    QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
    const auto content = m_tree.content("/5m.bin");
    RawClient client((*started)->port());
    const auto ask = [&](const std::string& fields) {
        client.forget();
        client.send("GET /5m.bin HTTP/1.1\r\nHost: lab.test\r\n" + fields + "\r\n");
        client.readUntil([](const std::string& octets) {
            std::string_view rest = octets;
            return takeResponse(rest, false).has_value();
        });
        std::string_view rest = client.received();
        return takeResponse(rest, false).value_or(Response{});
    };
    for (int time = 0; time < 2; ++time) {
        const auto whole = ask("");
        QCOMPARE(whole.status, 200U);
        QVERIFY(whole.content == content);
    }
    const auto part = ask("Range: bytes=2097000-2163000\r\n");
    QCOMPARE(part.status, 206U);
    QVERIFY(part.content == content.substr(2'097'000, 66'001));
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestMappingRefused)
#include "tst_mapping_refused.moc"
