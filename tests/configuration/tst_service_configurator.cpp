// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/configuration/service_configurator.h"
#include "engine/run/lab_run.h"
#include "engine/state/lab_state.h"
#include "tests/configuration/one_request.h"
#include "tests/contract/document_tree.h"
#include "tests/contract/variants.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace lab::test {

namespace {

ServiceSpec specOf(const std::string& id, std::vector<ParameterSpec> parameters = {}, const std::string& name = {}) {
    return {.service = id, .name = name, .parameters = std::move(parameters)};
}

ServiceSpec fieldSpec(const std::string& value, const std::string& name = "mark") {
    return specOf("headers", {{"set", {"X-Mark: " + value}}}, name);
}

/// Brisk clients on kept connections and such as connect anew, until the run is stopped.
LabRun::Options traffic(const std::string& model) {
    LabRun::Options options;
    options.server.model = model;
    options.scenario = parseScenario(R"({"title": "t", "seed": 4,
"files": [{"path": "a.txt", "octets": 3000}, {"path": "b.bin", "octets": 90000}],
"phases": [{"name": "p", "seconds": 1, "groups": [
    {"name": "kept", "clients": 4, "keepAlive": true}, {"name": "anew", "clients": 2, "keepAlive": false}]}]})",
                                     "t.json")
                           .value();
    options.repeat = true;
    return options;
}

std::vector<std::string> linkedIn(const Recording& recording) {
    LabState state;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        state.apply(view[index]);
    }
    std::vector<std::string> names;
    for (const auto& service : state.services) {
        names.push_back(recording.name(service.name) + (service.suspended ? " suspended" : ""));
    }
    return names;
}

} // namespace

/// Changing services while a server serves. If these fail, a change is seen half, late or not at all, harms requests,
/// or one that is refused changes something all the same.
class ServiceConfiguratorTest : public QObject {
    Q_OBJECT

private slots:
    void changesUnderLoadHarmNobody_data();
    void changesUnderLoadHarmNobody();
    void changesAreSeen_data() { addVariantRows(m_plain); }
    void changesAreSeen();
    void refusedChangesChangeNothing();
    void configuresAsAWhole();
    void processesKeepWhatTheyHave();
    void foldTellsWhatIsLinked();
    void nothingIsAskedWhenNothingIsLinked();

private:
    std::unique_ptr<Server> start(const std::string& model);
    std::string mark(Server& server) { return ask(server.port(), "/hello.txt").field("X-Mark").value_or("none"); }

    const DocumentTree m_tree;
    const std::vector<Variant> m_plain = plainVariants();
};

std::unique_ptr<Server> ServiceConfiguratorTest::start(const std::string& model) {
    ServerOptions options;
    options.model = model;
    options.root = m_tree.root();
    return std::move(Server::start(std::move(options), nullptr).value());
}

void ServiceConfiguratorTest::changesUnderLoadHarmNobody_data() {
    QTest::addColumn<QString>("model");
    for (const auto* model : {"thread-pool", "reactor", "leader-followers", "half-sync-half-async", "proactor-pool",
                              "proactor-coroutines"}) {
        QTest::newRow(model) << QString::fromLatin1(model);
    }
}

void ServiceConfiguratorTest::changesUnderLoadHarmNobody() {
    QFETCH(QString, model);
    const QTemporaryDir folder;
    auto run = std::move(LabRun::start(traffic(model.toStdString())).value());
    auto& configurator = run->server().configurator();
    const auto log = specOf("access-log", {{"file", {folder.filePath("access.log").toStdString()}}});
    const auto letRequestsPass = [&] {
        const auto before = run->server().counts().requests;
        QTRY_VERIFY_WITH_TIMEOUT(run->server().counts().requests > before + 5, 60'000);
    };
    for (int round = 0; round < 50; ++round) {
        QVERIFY(configurator.link(specOf("gzip")).has_value());
        QVERIFY(configurator.link(fieldSpec(std::to_string(round))).has_value());
        QVERIFY(configurator.link(log).has_value());
        letRequestsPass();
        QVERIFY(configurator.suspend("gzip").has_value());
        QVERIFY(configurator.reconfigure("mark", {{"set", {"X-Other: 1"}}}).has_value());
        letRequestsPass();
        QVERIFY(configurator.resume("gzip").has_value());
        for (const auto* name : {"gzip", "mark", "access-log"}) {
            QVERIFY(configurator.unlink(name).has_value());
        }
        QVERIFY(configurator.services().empty());
    }
    run->stop();
    const auto result = run->result();
    QVERIFY(result.requests > 500);
    QCOMPARE(result.errors, std::uint64_t{0});
    QCOMPARE(linkedIn(*run->recording()), std::vector<std::string>());
}

void ServiceConfiguratorTest::changesAreSeen() {
    QFETCH(int, variant);
    auto options = m_plain[static_cast<std::size_t>(variant)].options;
    options.root = m_tree.root();
    options.services = {fieldSpec("first")};
    const auto server = std::move(Server::start(std::move(options), nullptr).value());
    QCOMPARE(mark(*server), std::string("first"));
    auto& configurator = server->configurator();
    if (!configurator.whyClosed().empty()) {
        return; // of processes, see below
    }
    QVERIFY(configurator.reconfigure("mark", {{"set", {"X-Mark: second"}}}).has_value());
    QCOMPARE(mark(*server), std::string("second"));
    QVERIFY(configurator.link(fieldSpec("third", "later")).has_value());
    QCOMPARE(mark(*server), std::string("third"));
    QVERIFY(configurator.suspend("later").has_value());
    QCOMPARE(mark(*server), std::string("second"));
    QVERIFY(configurator.resume("later").has_value());
    QCOMPARE(mark(*server), std::string("third"));
    QVERIFY(configurator.unlink("later").has_value());
    QVERIFY(configurator.unlink("mark").has_value());
    QCOMPARE(mark(*server), std::string("none"));
}

void ServiceConfiguratorTest::refusedChangesChangeNothing() {
    const auto server = start("reactor");
    auto& configurator = server->configurator();
    QVERIFY(configurator.link(fieldSpec("kept")).has_value());
    const auto refused = [&](const Result<void>& done, const char* why) {
        QVERIFY(!done);
        QVERIFY2(done.error().message.find(why) != std::string::npos, done.error().message.c_str());
        QCOMPARE(mark(*server), std::string("kept"));
        QCOMPARE(configurator.services().size(), std::size_t{1});
    };
    refused(configurator.link(specOf("gzp")), "did you mean \"gzip\"?");
    refused(configurator.link(fieldSpec("again")), "two services are called mark");
    refused(configurator.link(specOf("access-log", {{"file", {"/nowhere/at/all"}}})),
            "access-log: file: cannot open /nowhere/at/all: No such file or directory");
    refused(configurator.reconfigure("mark", {{"set", {"Connection: close"}}}), "for the server alone");
    refused(configurator.reconfigure("other", {}), "no service called \"other\" is linked (linked: mark)");
    refused(configurator.unlink("other"), "no service called");
    refused(configurator.suspend("other"), "no service called");
    refused(configurator.resume("other"), "no service called");
    // The first of these is good, and must not be linked for it.
    refused(
        configurator.configure(std::vector{fieldSpec("new", "new"), specOf("access-log", {{"file", {"/nowhere/x"}}})}),
        "cannot open");
}

void ServiceConfiguratorTest::configuresAsAWhole() {
    const auto server = start("thread-pool");
    auto& configurator = server->configurator();
    QVERIFY(configurator.configure(std::vector{fieldSpec("one"), specOf("gzip")}).has_value());
    QCOMPARE(mark(*server), std::string("one"));
    auto suspended = fieldSpec("two");
    suspended.suspended = true;
    QVERIFY(configurator.configure(std::vector{suspended, fieldSpec("three", "other")}).has_value());
    QCOMPARE(mark(*server), std::string("three"));
    const auto now = configurator.services();
    QCOMPARE(now.size(), std::size_t{2});
    QVERIFY(now[0].spec.suspended && now[0].spec.name == "mark");
    QVERIFY(configurator.configure({}).has_value());
    QCOMPARE(mark(*server), std::string("none"));
}

void ServiceConfiguratorTest::processesKeepWhatTheyHave() {
    for (const auto* model : {"prefork", "process-per-connection"}) {
        const auto server = start(model);
        const auto done = server->configurator().link(fieldSpec("late"));
        QVERIFY(!done);
        QVERIFY2(done.error().message.find(model) != std::string::npos, done.error().message.c_str());
        QCOMPARE(mark(*server), std::string("none"));
    }
}

void ServiceConfiguratorTest::foldTellsWhatIsLinked() {
    auto options = traffic("proactor");
    auto suspended = fieldSpec("x", "waiting");
    suspended.suspended = true;
    options.server.services = {specOf("gzip"), suspended};
    auto run = std::move(LabRun::start(std::move(options)).value());
    auto& configurator = run->server().configurator();
    QVERIFY(configurator.link(fieldSpec("y")).has_value());
    QVERIFY(configurator.suspend("gzip").has_value());
    QVERIFY(configurator.unlink("mark").has_value());
    QTRY_VERIFY_WITH_TIMEOUT(run->server().counts().requests > 10, 60'000);
    run->stop();
    QCOMPARE(linkedIn(*run->recording()), (std::vector<std::string>{"gzip suspended", "waiting suspended"}));
}

/// Each hook that is called is in the recording; without services there is nothing of it, and nothing is paid for it.
void ServiceConfiguratorTest::nothingIsAskedWhenNothingIsLinked() {
    for (const bool isLinked : {false, true}) {
        auto options = traffic("reactor");
        if (isLinked) {
            options.server.services = {fieldSpec("z")};
        }
        auto run = std::move(LabRun::start(std::move(options)).value());
        QTRY_VERIFY_WITH_TIMEOUT(run->server().counts().requests > 20, 60'000);
        run->stop();
        const auto view = run->recording()->view();
        std::size_t entered = 0;
        std::size_t left = 0;
        for (auto index = view.first(); index < view.end(); ++index) {
            entered += view[index].type() == EventType::ServiceEntered ? 1 : 0;
            left += view[index].type() == EventType::ServiceLeft ? 1 : 0;
        }
        QCOMPARE(entered, left);
        QCOMPARE(entered > 0, isLinked);
    }
}

} // namespace lab::test

QTEST_GUILESS_MAIN(lab::test::ServiceConfiguratorTest)
#include "tst_service_configurator.moc"
