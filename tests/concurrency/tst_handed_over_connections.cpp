// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/concurrency/combination.h"
#include "engine/protocol/protocol_list.h"
#include "tests/concurrency/traced_server.h"
#include "tests/contract/raw_client.h"
#include "tests/process/process_watch.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sstream>

namespace lab::test {

namespace {

bool isEchoed(RawClient& client, const std::string& octets) {
    client.forget();
    client.send(octets);
    return client.readUntil([&](const std::string& received) { return received == octets; }) ==
           RawClient::Ending::Enough;
}

/// As it is, under another model.
ServerOptions otherModel(const Server& server, std::string_view model) {
    auto options = server.options();
    options.model = model;
    options.transfer = FileTransfer::Suited;
    return options;
}

bool canGoOnAs(const ModelDescription& model, const ServerOptions& options) {
    return model.whyUnavailable().empty() && refusal(model, options).empty();
}

} // namespace

/// What a connection is when it goes from one model to the next. If these fail, somebody who waits is closed for it, or
/// what was known of him, or had come from him, is lost.
class TestHandedOverConnections : public QObject {
    Q_OBJECT

private slots:
    void echoGoesOnUnderAllModels();
    void theAccessLogKnowsWhoAsked();
    void halfAnEmptyLineIsNotLost_data();
    void halfAnEmptyLineIsNotLost();
};

/// Both one on which nothing was sent yet and one that has its octets back.
void TestHandedOverConnections::echoGoesOnUnderAllModels() {
    auto first = optionsOf("reactor", 2);
    QVERIFY(findServerSetting("protocol")->set(first, "echo"));
    TracedServer traced(first);
    auto& server = traced.server();
    RawClient kept(traced.port());
    QVERIFY(isEchoed(kept, "beginning"));
    std::size_t met = 0;
    for (const auto& model : models()) {
        const auto options = otherModel(server, model.id);
        if (!canGoOnAs(model, options)) {
            continue;
        }
        std::optional<RawClient> fresh;
        if (model.id != "iterative" && server.options().model != "iterative") { // which serves one to its end
            fresh.emplace(traced.port());
            QVERIFY(eventually([&] { return server.counts().open() == 2; }));
        }
        const auto changed = server.change(options);
        QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
        QVERIFY2(isEchoed(kept, "under " + std::string(model.id)), model.id.data());
        QVERIFY2(!fresh || isEchoed(*fresh, "fresh"), model.id.data());
        ++met;
        fresh.reset();
        QVERIFY(eventually([&] { return server.counts().open() == 1; }));
    }
    QVERIFY(met > models().size() / 2);
    // All of a connection's requests are counted, whoever answered them.
    kept.halfClose();
    QCOMPARE(kept.readToEnd(), RawClient::Ending::Closed);
    QVERIFY(eventually([&] { return server.counts().open() == 0; }));
    const auto requests = static_cast<std::int64_t>(met + 1);
    QVERIFY(eventually([&] {
        return traced.count([&](const Event& event) {
            return event.type() == EventType::ConnectionClosed && event.connection == 1 && event.value() == requests;
        }) == 1;
    }));
}

/// From threads to processes, from these to others, and back.
void TestHandedOverConnections::theAccessLogKnowsWhoAsked() {
    const QTemporaryDir folder;
    const auto log = folder.filePath("access.log").toStdString();
    auto first = optionsOf("thread-pool", 2);
    first.services = {{.service = "access-log", .name = {}, .parameters = {{"file", {log}}}}};
    TracedServer traced(first);
    RawClient client(traced.port());
    QVERIFY(isAnswered(client));
    const std::vector<std::string_view> way{"prefork", "process-per-connection", "reactor"};
    for (const auto model : way) {
        const auto changed = traced.server().change(otherModel(traced.server(), model));
        QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
        QVERIFY(isAnswered(client));
    }
    const auto lines = [&] {
        std::vector<std::string> all;
        std::ifstream file(log);
        for (std::string line; std::getline(file, line);) {
            all.push_back(line);
        }
        return all;
    };
    QVERIFY(eventually([&] { return lines().size() == way.size() + 1; }));
    for (const auto& line : lines()) {
        QVERIFY2(line.starts_with("127.0.0.1 - - ["), line.c_str());
    }
}

void TestHandedOverConnections::halfAnEmptyLineIsNotLost_data() {
    QTest::addColumn<std::string>("model");
    for (const char* model : {"reactor", "thread-pool", "proactor", "prefork", "half-sync-half-async"}) {
        QTest::newRow(model) << std::string(model);
    }
}

/// An empty line before a request counts for nothing (RFC 9112 section 2.2), but its line feed alone would be an error.
void TestHandedOverConnections::halfAnEmptyLineIsNotLost() {
    QFETCH(std::string, model);
    TracedServer traced(optionsOf(model, 2));
    RawClient client(traced.port());
    QVERIFY(isAnswered(client));
    const auto reads = [&] {
        return traced.count([](const Event& event) {
            const auto call = event.kindAs<SystemCall>();
            return (event.type() == EventType::CallLeft || event.type() == EventType::CallPerformed) &&
                   call == SystemCall::Read && event.value() == 1;
        }) + traced.count([](const Event& event) {
            return event.type() == EventType::OperationCompleted && event.kindAs<Operation>() == Operation::Read &&
                   event.value() == 1;
        });
    };
    client.send("\r");
    QVERIFY(eventually([&] { return reads() == 1; }));
    const auto changed = traced.server().change(otherModel(traced.server(), "reactor-sharded"));
    QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
    QVERIFY2(isAnswered(client, "\n" + std::string(oneRequest)), client.received().c_str());
    QVERIFY(isAnswered(client)); // by the model that follows
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::TestHandedOverConnections)
#include "tst_handed_over_connections.moc"
