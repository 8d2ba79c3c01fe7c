// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_outcome.h"
#include "engine/concurrency/combination.h"
#include "engine/concurrency/model.h"
#include "engine/configuration/wanted_server.h"
#include "engine/run/lab_run.h"
#include "engine/run/server_settings.h"
#include "engine/trace/gate.h"
#include "engine/trace/recording_file.h"
#include "engine/traffic/scenario.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace lab {

/// If these fail, the figures that the lab tells are not what happened.
class RunTest : public QObject {
    Q_OBJECT

private slots:
    void everyScenarioOnSomeModels_data();
    void everyScenarioOnSomeModels();
    void jsonHoldsEveryFigure();
    void severalModelsHaveFilesOfTheirOwn();
    void resultAddsUp_data();
    void resultAddsUp();
    void untracedRecordsNothing();
    void pacedRunsSaySo();
    void servesItsFilesAndRemovesThem();
    void phasesChangeTheServer();
    void aPhaseWithoutSenseIsRefused();
    void failureToStartIsTold();

private:
    QTemporaryDir m_folder;
};

namespace {

Scenario shortScenario() {
    Scenario scenario;
    scenario.id = "short";
    scenario.files = {{"a.txt", 500, 2}, {"d/b.txt", 5'000, 1}, {"c.bin", 300'000, 1}};
    scenario.phases = {{"p", 0.4, {{.name = "g", .clients = 4, .thinkSeconds = 0.002, .mix = {}}}}};
    return scenario;
}

std::uint64_t count(const Recording& recording, EventType type, int kind = -1) {
    std::uint64_t sum = 0;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        sum += view[index].type() == type && (kind < 0 || view[index].kind() == kind) ? 1 : 0;
    }
    return sum;
}

/// Why the model does not take what the scenario asks of the server; empty: it does.
std::string refusalOf(const QString& scenario, const QString& model) {
    const auto file = QStringLiteral(LAB_SOURCE_DIR "/scenarios/%1.json").arg(scenario);
    ServerOptions options;
    applyWanted(readScenario(file.toStdString()).value().server, options);
    options.model = model.toStdString();
    return refusal(*findModel(options.model), options);
}

} // namespace

void RunTest::everyScenarioOnSomeModels_data() {
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QString>("model");
    // Each model has its turn under some scenario; all of them under all are a stage of the checks of their own.
    constexpr std::size_t apart = 7; // prime, so that no model is always passed over
    std::size_t number = 0;
    for (const auto& file : scenarioFiles(LAB_SOURCE_DIR "/scenarios")) {
        for (const auto& model : models()) {
            if (number++ % apart != 0) {
                continue;
            }
            if (model.whyUnavailable().empty()) {
                const auto id = QFileInfo(QString::fromStdString(file)).completeBaseName();
                const auto name = QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
                QTest::newRow(qPrintable(id + ", " + name)) << id << name;
            }
        }
    }
}

void RunTest::everyScenarioOnSomeModels() {
    QFETCH(const QString, scenario);
    QFETCH(const QString, model);
    const auto outcome = CommandOutcome::of(
        {"run", scenario.toStdString(), "--model", model.toStdString(), "--duration", "0.5", "--json", "-"});
    if (const auto reason = refusalOf(scenario, model); !reason.empty()) {
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.find(reason) != std::string::npos, outcome.err.c_str());
        return;
    }
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.code, 0);
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(outcome.out)).object();
    QCOMPARE(document["scenario"].toString(), scenario);
    const auto run = document["runs"].toArray().at(0).toObject();
    QCOMPARE(run["model"].toString(), model);
    QVERIFY(run["requests"].toInteger() > 0);
    QCOMPARE(run["errors"].toInteger(), 0);
    QCOMPARE(run["eventsEmitted"].toInteger(), run["eventsStored"].toInteger() + run["eventsLost"].toInteger());
}

void RunTest::jsonHoldsEveryFigure() {
    const auto file = m_folder.filePath("figures.json");
    const auto outcome = CommandOutcome::of({"run", "light-load", "--model", "proactor", "--model", "reactor",
                                             "--duration", "0.5", "--seed", "99", "--json", file.toStdString()});
    QCOMPARE(outcome.err, "");
    QCOMPARE(outcome.code, 0);
    QVERIFY(QString::fromStdString(outcome.out).contains("\nproactor "));
    QVERIFY(QString::fromStdString(outcome.out).contains("\nreactor "));
    QFile json(file);
    QVERIFY(json.open(QIODevice::ReadOnly));
    const auto document = QJsonDocument::fromJson(json.readAll()).object();
    QCOMPARE(document["seed"].toInteger(), 99);
    const auto runs = document["runs"].toArray();
    QCOMPARE(runs.size(), 2);
    for (const auto& entry : runs) {
        const auto run = entry.toObject();
        for (const auto* field :
             {"seconds", "requests", "errors", "unfinished", "bytes", "warmFiles", "requestsPerSecond", "bitsPerSecond",
              "peakThreads", "voluntarySwitches", "involuntarySwitches", "processorSeconds", "eventsEmitted",
              "eventsStored", "eventsLost"}) {
            QVERIFY2(run[field].isDouble(), field);
        }
        for (const auto* kind : {"firstByteMicroseconds", "lastByteMicroseconds"}) {
            for (const auto* field : {"minimum", "mean", "p50", "p90", "p99", "p999", "maximum"}) {
                QVERIFY2(run[kind].toObject()[field].toDouble() > 0, field);
            }
        }
        const auto phases = run["phases"].toArray();
        QCOMPARE(phases.size(), 1);
        QCOMPARE(phases[0].toObject()["model"], run["model"]);
        QCOMPARE(phases[0].toObject()["requests"], run["requests"]);
        QVERIFY(run["processorSeconds"].toDouble() > 0);
        QVERIFY(run["peakThreads"].toInteger() > 0);
        QCOMPARE(run["paced"].toBool(true), false);
        QCOMPARE(run["trouble"].toString("x"), "");
    }
}

void RunTest::severalModelsHaveFilesOfTheirOwn() {
    const auto file = m_folder.filePath("several.lab").toStdString();
    const auto outcome = CommandOutcome::of(
        {"run", "light-load", "--model", "iterative", "--model", "thread-pool", "--duration", "0.2", "--trace", file});
    QCOMPARE(outcome.code, 0);
    QVERIFY(!QFile::exists(m_folder.filePath("several.lab")));
    for (const auto* model : {"iterative", "thread-pool"}) {
        const auto read = readRecording(m_folder.filePath(QString("several-%1.lab").arg(model)).toStdString());
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QVERIFY(read->whole);
        QCOMPARE(read->recording->info().model, model);
        QCOMPARE(read->recording->info().scenario, "light-load");
        QVERIFY(!read->recording->info().address.empty());
    }
}

void RunTest::resultAddsUp_data() {
    QTest::addColumn<QString>("model");
    for (const auto& model : models()) {
        QTest::newRow(std::string(model.id).c_str())
            << QString::fromUtf8(model.id.data(), static_cast<qsizetype>(model.id.size()));
    }
}

void RunTest::resultAddsUp() {
    QFETCH(const QString, model);
    LabRun::Options options{.server = {}, .scenario = shortScenario()};
    options.server.model = model.toStdString();
    options.recordingFile = m_folder.filePath("sum-" + model + ".lab").toStdString();
    auto started = LabRun::start(options);
    QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
    auto& run = **started;
    while (!run.waitForTraffic(std::chrono::seconds(1))) {
    }
    run.stop();
    const auto result = run.result();
    const auto& recording = *run.recording();
    QCOMPARE(run.trouble(), "");
    QVERIFY(result.requests > 0);
    QCOMPARE(result.eventsEmitted, result.eventsStored + result.eventsLost);
    QCOMPARE(result.eventsStored, recording.view().end());
    QCOMPARE(result.eventsLost, 0u);
    QCOMPARE(result.requests, count(recording, EventType::ClientResponseReceived));
    QCOMPARE(result.errors,
             count(recording, EventType::ClientFailed) + count(recording, EventType::ClientResponseReceived, 0));
    QCOMPARE(result.errors, 0u);
    QCOMPARE(result.unfinished, 0u);
    QCOMPARE(count(recording, EventType::ConnectionAccepted), count(recording, EventType::ConnectionClosed));
    QCOMPARE(run.server().counts().requests, result.requests);
    QCOMPARE(count(recording, EventType::ResponseSent), result.requests);
    std::uint64_t octets = 0;
    const auto view = recording.view();
    for (auto index = view.first(); index < view.end(); ++index) {
        octets += view[index].type() == EventType::ResponseSent ? static_cast<std::uint64_t>(view[index].value()) : 0;
    }
    QCOMPARE(octets, result.octets);
    const auto read = readRecording(options.recordingFile);
    QVERIFY(read.has_value());
    QCOMPARE(read->recording->view().end(), view.end());
    // A second stop, and asking again, change nothing.
    run.stop();
    QCOMPARE(run.result().requests, result.requests);
    QCOMPARE(run.result().seconds, result.seconds);
}

void RunTest::untracedRecordsNothing() {
    LabRun::Options options{.server = {}, .scenario = shortScenario(), .trace = false};
    auto started = LabRun::start(options);
    QVERIFY(started.has_value());
    auto& run = **started;
    while (!run.waitForTraffic(std::chrono::seconds(1))) {
    }
    run.stop();
    QVERIFY(run.result().requests > 0);
    QCOMPARE(run.result().errors, 0u);
    QCOMPARE(run.result().eventsEmitted, 0u);
    QCOMPARE(run.recording()->view().end(), 0u);
}

void RunTest::pacedRunsSaySo() {
    LabRun::Options options{.server = {}, .scenario = shortScenario(), .pace = 2'000};
    auto started = LabRun::start(options);
    QVERIFY(started.has_value());
    auto& run = **started;
    while (run.result().requests < 3) {
        run.waitForTraffic(std::chrono::milliseconds(10));
    }
    run.stop();
    QVERIFY(run.result().paced);
    QVERIFY(run.recording()->info().paced);
    QCOMPARE(run.result().errors, 0u);

    options.pace = 0;
    started = LabRun::start(options);
    QVERIFY(started.has_value());
    QVERIFY(!(*started)->result().paced);
    (*started)->gate().setPace(10'000);
    (*started)->gate().setPace(0);
    (*started)->stop();
    QVERIFY((*started)->recording()->info().paced);
}

void RunTest::servesItsFilesAndRemovesThem() {
    LabRun::Options options{.server = {}, .scenario = shortScenario(), .repeat = true};
    options.scenario.title = "<T & \"U\">";
    auto started = LabRun::start(options);
    QVERIFY(started.has_value());
    const QDir root(QString::fromStdString((*started)->server().options().root));
    QCOMPARE(QFileInfo(root.filePath("a.txt")).size(), 500);
    QCOMPARE(QFileInfo(root.filePath("d/b.txt")).size(), 5'000);
    QFile page(root.filePath("index.html"));
    QVERIFY(page.open(QIODevice::ReadOnly));
    const auto html = QString::fromUtf8(page.readAll());
    QVERIFY(html.contains("href=\"d/b.txt\""));
    QVERIFY(html.contains("&lt;T &amp; &quot;U&quot;&gt;"));
    QVERIFY(html.contains("<strong>"));
    (*started)->stop();
    QVERIFY(!root.exists());
}

/// A phase that says nothing has the server that the run began with; nobody's connection is closed.
void RunTest::phasesChangeTheServer() {
    LabRun::Options options{.server = {}, .scenario = shortScenario()};
    options.server.model = "reactor";
    auto& phases = options.scenario.phases;
    phases[0].seconds = 0.6;
    phases[0].groups[0].clients = 3;
    phases.push_back(phases[0]);
    phases.push_back(phases[0]);
    phases[1].server.emplace().model = "thread-pool";
    phases[1].server->settings = {{"threads", "4", 1}};
    const auto run = std::move(LabRun::start(options).value());
    QVERIFY(run->waitForTraffic(std::chrono::seconds(60)));
    run->stop();
    QCOMPARE(run->trouble(), "");
    const auto result = run->result();
    QCOMPARE(result.errors + result.unfinished + result.retries, 0u);
    QCOMPARE(result.phases.size(), std::size_t{3});
    QCOMPARE(result.phases[0].model, "reactor");
    QCOMPARE(result.phases[1].model, "thread-pool");
    QCOMPARE(result.phases[2].model, "reactor");
    std::vector<std::string> models;
    const auto recording = run->recording();
    const auto view = recording->view();
    for (auto index = view.first(); index < view.end(); ++index) {
        if (view[index].type() == EventType::ModelChanged) {
            models.push_back(recording->name(static_cast<NameId>(view[index].value())));
        }
    }
    QCOMPARE(models, (std::vector<std::string>{"thread-pool", "reactor"}));
    QCOMPARE(count(*recording, EventType::ClientConnected), 3u);
}

void RunTest::aPhaseWithoutSenseIsRefused() {
    LabRun::Options options{.server = {}, .scenario = shortScenario()};
    options.scenario.phases.push_back(options.scenario.phases[0]);
    options.scenario.phases[1].name = "later";
    options.scenario.phases[1].server.emplace().model = "reactr";
    const auto refused = LabRun::start(options);
    QVERIFY(!refused.has_value());
    QVERIFY2(refused.error().message.starts_with("phases[1], \"later\": there is no model 'reactr'"),
             refused.error().message.c_str());
}

void RunTest::failureToStartIsTold() {
    LabRun::Options options{.server = {}, .scenario = shortScenario()};
    const auto first = LabRun::start(options);
    QVERIFY(first.has_value());
    options.server.port = (*first)->server().port();
    options.recordingFile = m_folder.filePath("never.lab").toStdString();
    const auto second = LabRun::start(options);
    QVERIFY(!second.has_value());
    QVERIFY2(second.error().message.find(std::to_string(options.server.port)) != std::string::npos,
             second.error().message.c_str());
    QVERIFY(!QFile::exists(m_folder.filePath("never.lab")));
    options.server.port = 0;
    options.recordingFile = m_folder.filePath("no/such/folder.lab").toStdString();
    const auto third = LabRun::start(options);
    QVERIFY(!third.has_value());
    QVERIFY(third.error().message.find("folder.lab") != std::string::npos);
}

} // namespace lab

QTEST_GUILESS_MAIN(lab::RunTest)
#include "tst_run.moc"
