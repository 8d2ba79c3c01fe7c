// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/dispatch/demultiplexer.h"
#include "engine/server/server_change.h"
#include "tests/base/descriptor_limit.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"

#include <QTest>

#include <cerrno>
#include <fcntl.h>
#include <sys/select.h>
#include <vector>

namespace lab::test {

namespace {

/// Descriptors until every number that select() takes is in use.
std::vector<FileDescriptor> beyondSelect() {
    std::vector<FileDescriptor> all;
    do {
        all.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    } while (all.back() && all.back().get() < FD_SETSIZE);
    return all;
}

ServerOptions bySelect(const std::string& model) {
    auto options = optionsOf(model, 2);
    options.demultiplexer = Demultiplexer::Select;
    return options;
}

} // namespace

/// If these fail, a server that cannot wait for its clients, or could never be stopped, says that it runs; or one that
/// has come to rest for want of descriptors says that nothing has changed.
class TestNoDescriptorsLeft : public QObject {
    Q_OBJECT

private slots:
    void noHandleIsRefused_data();
    void noHandleIsRefused();
    void selectSaysWhatItCannotWatch_data() { everyModelThatSelects(); }
    void selectSaysWhatItCannotWatch();
    void aChangeToSelectIsRefused_data() { everyModelThatSelects(); }
    void aChangeToSelectIsRefused();
    void aServerAtRestSaysSoAndGoesOn_data();
    void aServerAtRestSaysSoAndGoesOn();

private:
    static void everyModelThatSelects() {
        QTest::addColumn<std::string>("model");
        for (const auto& model : models()) {
            if (takes(model, *findServerSetting("demultiplexer"))) {
                const std::string id(model.id);
                QTest::newRow(id.c_str()) << id;
            }
        }
    }
    DocumentTree m_tree;
};

void TestNoDescriptorsLeft::noHandleIsRefused_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("select") << static_cast<int>(Demultiplexer::Select);
    QTest::newRow("poll") << static_cast<int>(Demultiplexer::Poll);
    QTest::newRow("epoll") << static_cast<int>(Demultiplexer::Epoll);
}

void TestNoDescriptorsLeft::noHandleIsRefused() {
    QFETCH(int, kind);
    const auto demultiplexer = std::move(EventDemultiplexer::create(static_cast<Demultiplexer>(kind)).value());
    QCOMPARE(demultiplexer->add(-1, nullptr, Interest::Read), EBADF);
    QVERIFY(!demultiplexer->takes(-1));
    demultiplexer->remove(-1); // as of one that was refused
    const bool isSelect = static_cast<Demultiplexer>(kind) == Demultiplexer::Select;
    QCOMPARE(demultiplexer->takes(FD_SETSIZE).has_value(), !isSelect);
}

/// Both the listening socket and what wakes the loop have numbers that are too high for it.
void TestNoDescriptorsLeft::selectSaysWhatItCannotWatch() {
    QFETCH(std::string, model);
    const DescriptorLimit more(FD_SETSIZE + 200);
    const auto taken = beyondSelect();
    QVERIFY2(taken.back(), "this test needs more descriptors than the system gives");
    auto options = bySelect(model);
    options.root = m_tree.root();
    const auto server = Server::start(options, nullptr);
    QVERIFY(!server);
    QVERIFY2(server.error().message.find("select() cannot watch descriptor 1") != std::string::npos,
             server.error().message.c_str());
}

/// The listening socket has a low number, but what wakes the loop has not: nobody could stop it. The former model's one
/// thread is busy with a connection, so that it has no descriptor to give back: one in accept has one for the next client.
void TestNoDescriptorsLeft::aChangeToSelectIsRefused() {
    QFETCH(std::string, model);
    TracedServer traced(optionsOf("iterative", 1));
    RawClient kept(traced.port());
    QVERIFY(isAnswered(kept));
    {
        const DescriptorLimit more(FD_SETSIZE + 200);
        const auto taken = beyondSelect();
        auto options = bySelect(model);
        options.root = traced.server().options().root;
        const auto changed = traced.server().change(options);
        QVERIFY(!changed);
        QVERIFY2(changed.error().message.find("select() cannot watch descriptor 1") != std::string::npos,
                 changed.error().message.c_str());
    }
    QCOMPARE(traced.server().options().model, std::string("iterative"));
    QCOMPARE(traced.server().whyNotServing(), std::string());
    QVERIFY(isAnswered(kept));
}

void TestNoDescriptorsLeft::aServerAtRestSaysSoAndGoesOn_data() {
    if (const auto* reason = whyDescriptorsAreNeeded()) {
        QSKIP(reason);
    }
    QTest::addColumn<std::string>("before");
    QTest::addColumn<std::string>("next");
    for (const char* before : {"reactor", "leader-followers", "reactor-coordinator", "proactor"}) {
        for (const char* next : {"reactor", "proactor", "prefork"}) {
            QTest::addRow("%s to %s", before, next) << std::string(before) << std::string(next);
        }
    }
}

/// Neither the next model nor the former one gets what it needs. Who is connected, and who comes, waits until one does.
void TestNoDescriptorsLeft::aServerAtRestSaysSoAndGoesOn() {
    QFETCH(std::string, before);
    QFETCH(std::string, next);
    TracedServer traced(optionsOf(before, 2));
    auto& server = traced.server();
    RawClient kept(traced.port());
    QVERIFY(isAnswered(kept));
    auto options = server.options();
    options.model = next;
    options.threads = 3;
    if (next != before) {
        options.transfer = FileTransfer::Suited;
    }
    RawClient late(traced.port());
    {
        constexpr rlim_t allInUse = 3; // the standard ones; none at all would keep poll() from working
        const DescriptorLimit fewer(allInUse);
        const auto changed = server.change(options);
        QVERIFY(!changed);
        const auto& message = changed.error().message;
        // One that would be the same server is not tried twice.
        const bool isTriedAgain = message.find("and the former model could not be started again") != std::string::npos;
        QVERIFY2(isTriedAgain == isOther(server.options(), options), message.c_str());
        QVERIFY(!server.whyNotServing().empty());
        QCOMPARE(server.options().model, before);
        late.send(oneRequest);
        QVERIFY(!server.change(server.options())); // still nothing to be had
        QVERIFY(!server.whyNotServing().empty());
    }
    QCOMPARE(
        traced.count([](const Event& event) { return event.type() == EventType::ChangeFailed && event.kind() == 1; }),
        std::size_t{2});
    const auto changed = server.change(server.options());
    QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
    QCOMPARE(server.whyNotServing(), std::string());
    QCOMPARE(server.options().model, before);
    QVERIFY(isAnswered(kept));
    QVERIFY(isAnswered(late));
    QCOMPARE(traced.counts().open(), std::uint64_t{2});
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestNoDescriptorsLeft)
#include "tst_no_descriptors_left.moc"
