// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cli/commands.h"
#include "engine/dispatch/processor_list.h"
#include "engine/server/server.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <vector>

namespace {

/// From now on this process gets EPERM from io_uring_setup(), as in many containers.
bool forbidIoUring() {
    std::array<sock_filter, 4> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

} // namespace

/// Where the kernel refuses io_uring, people are told why, and everything else works.
class TestIoUringRefused : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(forbidIoUring()); }
    void theListSaysWhy();
    void aServerSaysWhy_data();
    void aServerSaysWhy();
    void otherProcessorsWork();
    void aFileThatWantsItIsGood();

private:
    lab::ServerOptions options(lab::ProcessorKind processor) const {
        lab::ServerOptions made;
        made.model = "proactor";
        made.root = m_root.path().toStdString();
        made.processor = processor;
        return made;
    }
    QTemporaryDir m_root;
};

void TestIoUringRefused::theListSaysWhy() {
    const auto reason = lab::findProcessor(lab::ProcessorKind::IoUring).whyUnavailable();
    QVERIFY2(reason.starts_with("the kernel does not permit io_uring"), reason.c_str());
}

void TestIoUringRefused::aServerSaysWhy_data() {
    QTest::addColumn<QString>("model");
    for (const auto* model : {"proactor", "proactor-pool", "proactor-coroutines"}) {
        QTest::newRow(model) << QString(model);
    }
}

void TestIoUringRefused::aServerSaysWhy() {
    QFETCH(const QString, model);
    auto wanted = options(lab::ProcessorKind::IoUring);
    wanted.model = model.toStdString();
    const auto server = lab::Server::start(wanted, nullptr);
    QVERIFY(!server);
    const auto& message = server.error().message;
    QVERIFY2(message.find("io_uring cannot run here: the kernel does not permit") != std::string::npos,
             message.c_str());
}

void TestIoUringRefused::otherProcessorsWork() {
    for (const auto processor : {lab::ProcessorKind::Asio, lab::ProcessorKind::PosixAio}) {
        if (!lab::findProcessor(processor).whyUnavailable().empty()) {
            continue; // for a reason of its own
        }
        const auto server = lab::Server::start(options(processor), nullptr);
        QVERIFY2(server.has_value(), server ? "" : server.error().message.c_str());
    }
}

/// It is not the scenario that is wrong, but the machine that cannot run it.
void TestIoUringRefused::aFileThatWantsItIsGood() {
    const std::vector<std::string> files{LAB_SOURCE_DIR "/scenarios/rings.json"};
    std::ostringstream out;
    std::ostringstream err;
    const auto code = lab::checkFiles(files, out, err);
    QVERIFY2(code == lab::exitDone, err.str().c_str());
    // Under all models, too, it is told what the machine lacks, and not what other models do not take.
    for (const auto& models : std::vector<std::vector<std::string>>{{}, {"--model", "all"}}) {
        std::vector<std::string> run{files.front(), "--duration", "0.1"};
        run.insert(run.end(), models.begin(), models.end());
        std::ostringstream told;
        QCOMPARE(static_cast<int>(lab::runScenario(run, out, told)), static_cast<int>(lab::exitUsage));
        QVERIFY2(told.str().find("the processor io_uring cannot run here: ") != std::string::npos, told.str().c_str());
    }
}

QTEST_GUILESS_MAIN(TestIoUringRefused)
#include "tst_io_uring_refused.moc"
